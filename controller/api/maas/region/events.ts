import { cleanLine } from '../../../domain/clean.ts';
import { type EventFilter, type EventLevel, eventLevels, type ListedEvent } from '../../../store/eventPages.ts';
import type { EventKind } from '../../../store/events.ts';
import type { Parts } from '../../parts.ts';
import { eventTime } from '../dates.ts';
import { MaasRefusal } from '../failures.ts';
import { integer, list, text } from '../parameters.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';

const MAX_LIMIT = 1000;
const levelNames = Object.keys(eventLevels) as EventLevel[];

export const eventsResource = resource({
	name: 'EventsHandler',
	path: 'events/',
	doc: 'What has happened, to nodes and in the region.',
	actions: {
		query: {
			doc: 'List events, newest first. next_uri leads to newer ones, prev_uri to older ones.',
			who: 'user',
			get: true,
			parameters: {
				hostname: list('Only events of nodes with these host names.'),
				mac_address: list('Only events of nodes with these MAC addresses.'),
				id: list('Only events of nodes with these system ids.'),
				zone: list('Only events of nodes in these zones.'),
				domain: list('Only events of nodes in these domains.'),
				agent_name: text('Only events of nodes that were allocated with this agent name.', { max: 1024 }),
				level: text(`Only events of this level or above: ${levelNames.join(', ')}; INFO unless given.`, { max: 1024 }),
				limit: integer(`How many at most: up to ${MAX_LIMIT}, 100 unless given.`, { min: -Number.MAX_SAFE_INTEGER }),
				before: integer('Only events older than the one with this id.', { min: -Number.MAX_SAFE_INTEGER }),
				after: integer('Only events newer than the one with this id.', { min: -Number.MAX_SAFE_INTEGER }),
				owner: text('Only events that this user has caused.', { max: 1024 }),
			},
		},
	},
});

/** In MAAS's words, where it has some. */
const types: Readonly<Record<EventKind, string>> = {
	status: 'Node changed status',
	stage: 'Node boot',
	'stage-start': 'Node boot',
	verdict: 'Node boot failed',
	power: 'Node power',
	enlist: 'Node enlisted',
	inventory: 'Node hardware',
	network: 'Network',
	security: 'Security',
	user: 'User action',
};

const eventObject = (event: ListedEvent) => ({
	id: event.id,
	node: event.systemId,
	hostname: event.hostname,
	username: event.by ?? '',
	level: event.level,
	type: types[event.kind],
	description: event.cause === null ? event.text : `${event.text}: ${event.cause}`,
	created: eventTime(event.at),
});

export function eventHandlers({ store }: Parts): Implemented[] {
	return [
		on(eventsResource, {
			query(input, { user }) {
				const { level: levelName, limit = 100, before, after, ...filters } = input;
				const level = levelOf(levelName);
				if (limit < 1) throw new MaasRefusal(400, `Requested number of events ${limit} is not positive.`);
				if (limit > MAX_LIMIT)
					throw new MaasRefusal(400, `Requested number of events ${limit} is greater than limit: ${MAX_LIMIT}`);
				if (before !== undefined && after !== undefined)
					throw new MaasRefusal(400, 'There is undetermined behaviour when both `after` and `before` are specified.');
				const filter: EventFilter = {
					level,
					limit,
					before,
					after,
					hostnames: filled(filters.hostname),
					macs: filled(filters.mac_address)?.map((mac) => mac.toLowerCase()),
					systemIds: filled(filters.id),
					zones: filled(filters.zone),
					domains: filled(filters.domain),
					agentName: filters.agent_name || undefined,
					owner: filters.owner || undefined,
					auditOf: user.isAdmin ? null : user.username,
				};
				const events = store.eventPages.page(filter);
				// where a page begins when there is nothing on it
				const newest = events[0]?.id ?? (before === undefined ? (after ?? 0) : before - 1);
				const oldest = events.at(-1)?.id ?? (after === undefined ? (before ?? 1) : after + 1);
				const uri = (edge: 'after' | 'before', id: number) => pageUri({ level, limit, ...filters }, edge, id);
				return {
					count: events.length,
					events: events.map(eventObject),
					next_uri: uri('after', newest),
					prev_uri: uri('before', oldest),
				};
			},
		}),
	];
}

function levelOf(given: string | undefined): EventLevel {
	if (given === undefined || given === '') return 'INFO';
	const level = levelNames.find((name) => name === given.trim().toUpperCase());
	if (!level) throw new MaasRefusal(400, `Unrecognised log level: ${cleanLine(given)}`);
	return level;
}

/** An empty list filters nothing. */
const filled = (words: readonly string[] | undefined) => (words && words.length > 0 ? words : undefined);

/** The same question, from another event on. */
function pageUri(input: Readonly<Record<string, unknown>>, edge: 'after' | 'before', id: number): string {
	const query = new URLSearchParams({ op: 'query' });
	for (const [name, value] of Object.entries(input)) {
		if (value === undefined || value === '') continue;
		for (const each of Array.isArray(value) ? value : [value]) query.append(name, String(each));
	}
	query.append(edge, String(id));
	return `${uriOf(eventsResource.path)}?${query}`;
}
