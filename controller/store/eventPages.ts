import type { ExpressionBuilder } from 'kysely';
import { among } from './among.ts';
import type { Database } from './database.ts';
import type { EventKind } from './events.ts';
import type { Tables } from './tables.ts';

/** MAAS's levels, by their numbers. Audit events are what people have changed in the region itself. */
export const eventLevels = { AUDIT: 0, DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const;
export type EventLevel = keyof typeof eventLevels;

export interface EventFilter {
	/** the lowest that is shown */
	readonly level: EventLevel;
	readonly limit: number;
	/** only older ones than this event */
	readonly before?: number | undefined;
	/** only newer ones: then the page is the oldest of these */
	readonly after?: number | undefined;
	readonly hostnames?: readonly string[] | undefined;
	readonly macs?: readonly string[] | undefined;
	readonly systemIds?: readonly string[] | undefined;
	readonly zones?: readonly string[] | undefined;
	readonly domains?: readonly string[] | undefined;
	readonly agentName?: string | undefined;
	/** who did it */
	readonly owner?: string | undefined;
	/** who asks: audit events of others are for administrators (`null`) alone */
	readonly auditOf: string | null;
}

export interface ListedEvent {
	readonly id: number;
	readonly at: string;
	/** '' for events of no node */
	readonly systemId: string;
	readonly hostname: string;
	readonly level: EventLevel;
	readonly kind: EventKind;
	readonly text: string;
	readonly cause: string | null;
	readonly by: string | null;
}

export interface EventPages {
	/** Newest first. */
	page(filter: EventFilter): ListedEvent[];
}

type Columns = ExpressionBuilder<Tables & { node: Partial<Tables['node']> }, 'event' | 'node'>;

export function createEventPages(db: Database): EventPages {
	return {
		page(filter) {
			const forwards = filter.after !== undefined && filter.before === undefined;
			let query = db.sql
				.selectFrom('event')
				.leftJoin('node', 'node.id', 'event.node_id')
				.select(['event.id', 'event.at', 'event.kind', 'event.level', 'event.text', 'event.cause', 'event.by', 'event.node_id'])
				.select(['node.system_id', 'node.hostname'])
				.orderBy('event.id', forwards ? 'asc' : 'desc')
				.limit(filter.limit);
			const lowest = eventLevels[filter.level];
			const isAudit = (eb: Columns) => eb.and([eb('event.node_id', 'is', null), eb('event.kind', 'in', ['user', 'security'])]);
			if (lowest > eventLevels.AUDIT) query = query.where((eb) => eb.not(isAudit(eb as never)));
			if (filter.auditOf !== null)
				query = query.where((eb) => eb.or([eb.not(isAudit(eb as never)), eb('event.by', '=', filter.auditOf)]));
			if (lowest > eventLevels.DEBUG) query = query.where('event.kind', '<>', 'stage-start');
			if (lowest > eventLevels.INFO) query = query.where('event.level', '<>', 'info');
			if (lowest > eventLevels.WARNING) query = query.where('event.level', '<>', 'warning');
			if (lowest > eventLevels.ERROR) query = query.where('event.level', '<>', 'error');
			if (filter.before !== undefined) query = query.where('event.id', '<', filter.before);
			if (filter.after !== undefined) query = query.where('event.id', '>', filter.after);
			if (filter.hostnames) query = query.where('node.hostname', 'in', among(filter.hostnames));
			if (filter.systemIds) query = query.where('node.system_id', 'in', among(filter.systemIds));
			if (filter.agentName !== undefined) query = query.where('node.agent_name', '=', filter.agentName);
			if (filter.owner !== undefined) query = query.where('event.by', '=', filter.owner);
			if (filter.zones) {
				const zones = db.sql.selectFrom('zone').select('id').where('name', 'in', among(filter.zones));
				query = query.where('node.zone_id', 'in', zones);
			}
			if (filter.domains) {
				const domains = db.sql.selectFrom('dns_domain').select('id').where('name', 'in', among(filter.domains));
				query = query.where('node.domain_id', 'in', domains);
			}
			if (filter.macs) {
				const nodes = db.sql.selectFrom('interface').select('node_id').where('mac', 'in', among(filter.macs));
				query = query.where('event.node_id', 'in', nodes);
			}
			const events = db.all(query).map(
				(row): ListedEvent => ({
					id: row.id,
					at: row.at,
					systemId: row.system_id ?? '',
					hostname: row.hostname ?? '',
					level: levelOf(row),
					kind: row.kind as EventKind,
					text: row.text,
					cause: row.cause,
					by: row.by,
				}),
			);
			return forwards ? events.reverse() : events;
		},
	};
}

function levelOf(row: { node_id: number | null; kind: string; level: 'info' | 'warning' | 'error' }): EventLevel {
	if (row.node_id === null && (row.kind === 'user' || row.kind === 'security')) return 'AUDIT';
	if (row.level === 'error') return 'ERROR';
	if (row.level === 'warning') return 'WARNING';
	return row.kind === 'stage-start' ? 'DEBUG' : 'INFO';
}
