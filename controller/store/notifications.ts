import type { Selectable } from 'kysely';
import { Refusal } from '../domain/errors.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';
import type { User } from './users.ts';

export const categories = ['error', 'warning', 'success', 'info'] as const;

/** A message for one user, for all users, for all administrators, or for several of these. */
export interface Notification {
	readonly id: number;
	/** by which its writer finds it again; `null` when it has none */
	readonly ident: string | null;
	readonly userId: number | null;
	readonly users: boolean;
	readonly admins: boolean;
	readonly message: string;
	/** values for the `{names}` in the message */
	readonly context: Readonly<Record<string, unknown>>;
	readonly category: (typeof categories)[number];
	readonly dismissable: boolean;
}
export type NotificationChange = { readonly [Name in keyof Omit<Notification, 'id'>]?: Notification[Name] | undefined };

export interface NotificationStore {
	/** Those that concern this user and have not been dismissed by them, oldest first. */
	visibleTo(user: User): Notification[];
	byId(id: number): Notification | undefined;
	concerns(notification: Notification, user: User): boolean;
	/** Throws Refusal `bad-input` with field `ident` for an ident that another one has. */
	create(notification: NotificationChange & { readonly message: string }): Notification;
	update(id: number, change: NotificationChange): Notification;
	delete(id: number): void;
	/** Does nothing the second time. */
	dismiss(id: number, userId: number): void;
}

export function createNotificationStore(db: Database, now: () => Date): NotificationStore {
	const all = () => db.sql.selectFrom('notification').selectAll().orderBy('id');
	const byId = (id: number) => {
		const row = db.first(all().where('id', '=', id));
		return row && fromRow(row);
	};
	const concerns = (notification: Notification, user: User) =>
		notification.userId === user.id || (user.isAdmin ? notification.admins : notification.users);
	const free = (ident: string | null | undefined, own: number | null) => {
		if (ident === undefined || ident === null) return;
		const other = db.first(all().where('ident', '=', ident));
		if (other && other.id !== own)
			throw new Refusal('bad-input', 'Notification with this Ident already exists.', { field: 'ident' });
	};
	return {
		visibleTo(user) {
			const dismissed = db.sql.selectFrom('notification_dismissal').select('notification_id').where('user_id', '=', user.id);
			return db
				.all(all().where('id', 'not in', dismissed))
				.map(fromRow)
				.filter((each) => concerns(each, user));
		},
		byId,
		concerns,
		create: (given) =>
			db.transaction(() => {
				free(given.ident, null);
				const { id } = db.run(
					db.sql.insertInto('notification').values({ ...toRow(given), message: given.message, created_at: now().toISOString() }),
				);
				return byId(id) as Notification;
			}),
		update: (id, change) =>
			db.transaction(() => {
				free(change.ident, id);
				const row = toRow(change);
				if (Object.keys(row).length > 0) db.run(db.sql.updateTable('notification').set(row).where('id', '=', id));
				return byId(id) as Notification;
			}),
		delete(id) {
			db.run(db.sql.deleteFrom('notification').where('id', '=', id));
		},
		dismiss(id, userId) {
			db.run(
				db.sql
					.insertInto('notification_dismissal')
					.values({ notification_id: id, user_id: userId })
					.onConflict((conflict) => conflict.doNothing()),
			);
		},
	};
}

const fromRow = (row: Selectable<Tables['notification']>): Notification => ({
	id: row.id,
	ident: row.ident,
	userId: row.user_id,
	users: row.users === 1,
	admins: row.admins === 1,
	message: row.message,
	context: JSON.parse(row.context),
	category: row.category as Notification['category'],
	dismissable: row.dismissable === 1,
});

const bit = (value: boolean) => (value ? 1 : 0);

const toRow = (change: NotificationChange) => ({
	...(change.ident === undefined ? {} : { ident: change.ident }),
	...(change.userId === undefined ? {} : { user_id: change.userId }),
	...(change.users === undefined ? {} : { users: bit(change.users) }),
	...(change.admins === undefined ? {} : { admins: bit(change.admins) }),
	...(change.message === undefined ? {} : { message: change.message }),
	...(change.context === undefined ? {} : { context: JSON.stringify(change.context) }),
	...(change.category === undefined ? {} : { category: change.category }),
	...(change.dismissable === undefined ? {} : { dismissable: bit(change.dismissable) }),
});
