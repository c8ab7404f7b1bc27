import { sql } from 'kysely';
import type { Database } from './database.ts';

/** A reservation by hand whose end has passed. */
export interface EndedReservation {
	readonly machineId: number;
	readonly hostname: string;
	readonly ownerId: number;
	readonly owner: string;
	readonly note: string | null;
	readonly until: string;
}

export interface ReservationStore {
	/** Those that have ended and whose owners have not been told yet. */
	ended(now: string): EndedReservation[];
	/** Puts a notification before the owner; it stays until he dismisses it, and then does not come back. */
	tell(reservation: EndedReservation, at: string): void;
}

export function createReservationStore(db: Database): ReservationStore {
	return {
		ended(now) {
			const ident = sql<string>`${IDENT} || node.id || '_' || reservation_until`;
			const query = db.sql
				.selectFrom('node')
				.innerJoin('user', 'user.id', 'node.owner_id')
				.leftJoin('notification', (join) => join.on('notification.ident', '=', ident))
				.select(['node.id', 'node.hostname', 'user.id as user_id', 'user.username', 'reservation_note', 'reservation_until'])
				.where('reservation_until', '<=', now)
				.where('notification.id', 'is', null)
				.orderBy('node.id');
			return db.all(query).map((row) => ({
				machineId: row.id,
				hostname: row.hostname,
				ownerId: row.user_id,
				owner: row.username,
				note: row.reservation_note,
				until: row.reservation_until as string,
			}));
		},
		tell(reservation, at) {
			const { hostname, until, note } = reservation;
			db.run(
				db.sql.insertInto('notification').values({
					ident: `${IDENT}${reservation.machineId}_${until}`,
					user_id: reservation.ownerId,
					message: `{hostname} was reserved for you until {until}${note ? ' ({note})' : ''}. Release it when you don’t need it any more.`,
					context: JSON.stringify({ hostname, until, note }),
					category: 'warning',
					created_at: at,
				}),
			);
		},
	};
}

/** Of the notification that remembers that it was told. */
const IDENT = 'reservation_ended_';
