import { type Selectable, sql } from 'kysely';
import { among } from './among.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** One thing that happened; never changed, never deleted except with its machine. The timeline, the audit list and MAAS's `events/` are views of these. */
export interface Event {
	readonly id: number;
	readonly at: string;
	readonly nodeId: number | null;
	readonly bootId: number | null;
	readonly kind: EventKind;
	/** dhcp, tftp, http, kernel, agent, script:<name>, cloud-init, power */
	readonly stage: string | null;
	readonly level: 'info' | 'warning' | 'error';
	readonly text: string;
	/** how long the stage took, when it ended here */
	readonly ms: number | null;
	readonly cause: string | null;
	readonly nextStep: string | null;
	/** the user who did it */
	readonly by: string | null;
	readonly data: Readonly<Record<string, unknown>> | null;
}

export type EventKind =
	| 'status'
	| 'stage'
	| 'stage-start'
	| 'verdict'
	| 'power'
	| 'enlist'
	| 'inventory'
	| 'network'
	| 'security'
	| 'user';

export type NewEvent = Pick<Event, 'kind' | 'text'> & Partial<Omit<Event, 'id' | 'at' | 'kind' | 'text'>>;

export interface EventStore {
	/** Within a transaction the event appears with it or not at all. */
	append(event: NewEvent): void;
	ofMachine(nodeId: number, options?: { before?: number | undefined; limit?: number }): Event[];
	ofBoots(bootIds: readonly number[]): Event[];
	/** The last stage of each machine that is booting, by machine. */
	latestOfRunningBoots(only?: readonly number[]): Map<number, Event>;
	/** The last change of status of each of these machines. */
	latestStatus(nodeIds: Iterable<number>): Map<number, Event>;
	/** The events of a boot whose machine has become known. */
	adopt(bootId: number, nodeId: number): void;
	/** Calls back after the commit of each event. */
	subscribe(listener: (event: Event) => void): () => void;
}

export function createEventStore(db: Database, now: () => Date): EventStore {
	const listeners = new Set<(event: Event) => void>();
	return {
		append(given) {
			const event = { ...empty, ...given, at: now().toISOString() };
			const { id } = db.run(
				db.sql.insertInto('event').values({
					at: event.at,
					node_id: event.nodeId,
					boot_id: event.bootId,
					kind: event.kind,
					stage: event.stage,
					level: event.level,
					text: event.text,
					ms: event.ms === null ? null : Math.round(event.ms),
					cause: event.cause,
					next_step: event.nextStep,
					by: event.by,
					data: event.data === null ? null : JSON.stringify(event.data),
				}),
			);
			db.afterCommit(() => {
				for (const listener of listeners) listener({ ...event, id });
			});
		},
		ofMachine(nodeId, { before, limit = 200 } = {}) {
			let query = db.sql.selectFrom('event').selectAll().where('node_id', '=', nodeId).orderBy('id', 'desc').limit(limit);
			if (before !== undefined) query = query.where('id', '<', before);
			return db.all(query).map(fromRow);
		},
		ofBoots(bootIds) {
			if (bootIds.length === 0) return [];
			return db.all(db.sql.selectFrom('event').selectAll().where('boot_id', 'in', bootIds).orderBy('id')).map(fromRow);
		},
		latestOfRunningBoots(only) {
			const latest = db.sql
				.selectFrom('event')
				.innerJoin('boot', 'boot.id', 'event.boot_id')
				.select(({ fn }) => fn.max('event.id').as('id'))
				.where('boot.state', '=', 'running')
				.where('event.kind', 'in', ['stage', 'stage-start'])
				.groupBy('event.node_id');
			const these = only ? latest.where('boot.node_id', 'in', among(only)) : latest;
			const rows = db.all(db.sql.selectFrom('event').selectAll().where('id', 'in', these));
			return new Map(rows.flatMap((row) => (row.node_id === null ? [] : [[row.node_id, fromRow(row)]])));
		},
		latestStatus(nodeIds) {
			const latest = db.sql
				.selectFrom('event')
				.select(({ fn }) => fn.max('id').as('id'))
				// as a literal, so that SQLite sees that the partial index fits
				.where(sql<boolean>`kind = 'status'`)
				.where('node_id', 'in', among(nodeIds))
				.groupBy('node_id');
			const rows = db.all(db.sql.selectFrom('event').selectAll().where('id', 'in', latest));
			return new Map(rows.map((row) => [row.node_id as number, fromRow(row)]));
		},
		adopt(bootId, nodeId) {
			db.run(db.sql.updateTable('event').set({ node_id: nodeId }).where('boot_id', '=', bootId).where('node_id', 'is', null));
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

const empty = {
	nodeId: null,
	bootId: null,
	stage: null,
	level: 'info',
	ms: null,
	cause: null,
	nextStep: null,
	by: null,
	data: null,
} as const;

function fromRow(row: Selectable<Tables['event']>): Event {
	return {
		id: row.id,
		at: row.at,
		nodeId: row.node_id,
		bootId: row.boot_id,
		kind: row.kind as EventKind,
		stage: row.stage,
		level: row.level,
		text: row.text,
		ms: row.ms,
		cause: row.cause,
		nextStep: row.next_step,
		by: row.by,
		data: row.data === null ? null : JSON.parse(row.data),
	};
}
