import { createHash, randomBytes } from 'node:crypto';
import { Refusal } from '../domain/errors.ts';
import type { Database } from './database.ts';
import { hashPassword, isPassword, nobodysHash } from './passwords.ts';
import { createUserKeyStore, type UserKeyStore } from './userKeys.ts';

export interface User {
	readonly id: number;
	readonly username: string;
	/** '' when there is none */
	readonly email: string;
	readonly isAdmin: boolean;
}

/** How much of what MAAS counts as a user's own there is. */
export interface Belongings {
	readonly nodes: number;
	readonly addresses: number;
	readonly ranges: number;
}

/** Who may do what: names, passwords, sessions, and the keys of each. */
export interface UserStore extends UserKeyStore {
	any(): boolean;
	/** By name. */
	all(): User[];
	byId(id: number): User | undefined;
	byName(username: string): User | undefined;
	firstAdmin(): User | undefined;
	/**
	 * `undefined` when the name is taken, and with `onlyFirst` when there is any user already. Throws Refusal `bad-input` with field
	 * `email` for an address that another user has.
	 */
	create(user: {
		username: string;
		password: string;
		isAdmin: boolean;
		at: string;
		email?: string;
		onlyFirst?: boolean;
	}): Promise<User | undefined>;
	/** The sessions, keys and files of the user go too. */
	delete(id: number): void;
	belongings(id: number): Belongings;
	/** Gives nodes, reserved addresses and ranges to another user; answers the ids of the nodes. */
	giveTo(id: number, newOwnerId: number): number[];
	/** A user who is switched off is refused everywhere; the open sessions end. */
	setActive(id: number, active: boolean): void;
	/** Takes as long for an unknown user as for a wrong password; a user who is switched off has none. */
	checkPassword(username: string, password: string): Promise<User | undefined>;
	openSession(userId: number, expiresAt: string): string;
	bySession(token: string, now: string): User | undefined;
	closeSession(token: string): void;
	names(): Map<number, string>;
}

export function createUserStore(db: Database, now: () => Date = () => new Date()): UserStore {
	const users = () => db.sql.selectFrom('user').select(['id', 'username', 'email', 'is_admin']);
	const one = (row: Row | undefined) => row && fromRow(row);
	const count = (table: 'node' | 'ip_address' | 'ip_range', column: 'owner_id' | 'user_id', id: number) =>
		db.first(
			db.sql
				.selectFrom(table)
				.select(({ fn }) => fn.countAll<number>().as('count'))
				.where(column as never, '=', id as never),
		)?.count ?? 0;

	return {
		...createUserKeyStore(db, now, (id) => one(db.first(users().where('id', '=', id).where('is_active', '=', 1)))),
		any: () => db.first(users().limit(1)) !== undefined,
		all: () => db.all(users().orderBy('username')).map(fromRow),
		byId: (id) => one(db.first(users().where('id', '=', id))),
		byName: (username) => one(db.first(users().where('username', '=', username))),
		firstAdmin: () => one(db.first(users().where('is_admin', '=', 1).where('is_active', '=', 1).orderBy('id').limit(1))),
		async create({ username, password, isAdmin, at, email = '', onlyFirst = false }) {
			const password_hash = await hashPassword(password);
			return db.transaction(() => {
				const inTheWay = onlyFirst ? users().limit(1) : users().where('username', '=', username);
				if (db.first(inTheWay)) return undefined;
				if (email !== '' && db.first(users().where('email', '=', email)))
					throw new Refusal('bad-input', 'User with this E-mail address already exists.', { field: 'email' });
				const { id } = db.run(
					db.sql.insertInto('user').values({ username, password_hash, is_admin: isAdmin ? 1 : 0, created_at: at, email }),
				);
				return { id, username, email, isAdmin };
			});
		},
		delete(id) {
			db.run(db.sql.deleteFrom('user').where('id', '=', id));
		},
		belongings: (id) => ({
			nodes: count('node', 'owner_id', id),
			addresses: count('ip_address', 'user_id', id),
			ranges: count('ip_range', 'user_id', id),
		}),
		giveTo: (id, newOwnerId) =>
			db.transaction(() => {
				const nodes = db.all(db.sql.selectFrom('node').select('id').where('owner_id', '=', id));
				db.run(db.sql.updateTable('node').set({ owner_id: newOwnerId }).where('owner_id', '=', id));
				for (const table of ['ip_address', 'ip_range'] as const)
					db.run(db.sql.updateTable(table).set({ user_id: newOwnerId }).where('user_id', '=', id));
				return nodes.map((node) => node.id);
			}),
		setActive(id, active) {
			db.transaction(() => {
				db.run(
					db.sql
						.updateTable('user')
						.set({ is_active: active ? 1 : 0 })
						.where('id', '=', id),
				);
				if (!active) db.run(db.sql.deleteFrom('session').where('user_id', '=', id));
			});
		},
		async checkPassword(username, password) {
			const row = db.first(db.sql.selectFrom('user').selectAll().where('username', '=', username));
			const good = await isPassword(password, row?.password_hash ?? nobodysHash);
			return good && row?.is_active === 1 ? fromRow(row) : undefined;
		},
		openSession(userId, expiresAt) {
			const token = randomBytes(32).toString('base64url');
			db.transaction(() => {
				db.run(db.sql.deleteFrom('session').where('expires_at', '<=', now().toISOString()));
				db.run(db.sql.insertInto('session').values({ token_hash: hashToken(token), user_id: userId, expires_at: expiresAt }));
			});
			return token;
		},
		bySession: (token, at) =>
			one(
				db.first(
					users()
						.innerJoin('session', 'session.user_id', 'user.id')
						.where('token_hash', '=', hashToken(token))
						.where('expires_at', '>', at)
						.where('is_active', '=', 1),
				),
			),
		closeSession(token) {
			db.run(db.sql.deleteFrom('session').where('token_hash', '=', hashToken(token)));
		},
		names: () => new Map(db.all(users()).map((user) => [user.id, user.username])),
	};
}

type Row = { id: number; username: string; email: string; is_admin: number };
const fromRow = ({ id, username, email, is_admin }: Row): User => ({ id, username, email, isAdmin: is_admin === 1 });

const hashToken = (token: string) => createHash('sha256').update(token).digest('base64url');
