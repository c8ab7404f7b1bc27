import { Refusal } from '../../domain/errors.ts';
import { among } from '../among.ts';
import type { Database } from '../database.ts';

/** Where a snippet counts: for one node, in one subnet, in one range, or everywhere (all `null`). */
export interface SnippetScope {
	readonly nodeId: number | null;
	readonly subnetId: number | null;
	readonly rangeId: number | null;
}
export interface DhcpSnippet extends SnippetScope {
	readonly id: number;
	readonly name: string;
	readonly description: string;
	readonly enabled: boolean;
	/** its values, newest first: the first one counts */
	readonly history: readonly { readonly id: number; readonly value: string; readonly createdAt: string }[];
}
export interface SnippetChange {
	readonly name?: string | undefined;
	readonly description?: string | undefined;
	readonly enabled?: boolean | undefined;
	readonly value?: string | undefined;
	readonly scope?: SnippetScope | undefined;
}

export interface DhcpSnippetStore {
	all(): DhcpSnippet[];
	byId(id: number): DhcpSnippet | undefined;
	byName(name: string): DhcpSnippet | undefined;
	/** Throws Refusal `bad-input` with field `name` for a name that is taken. */
	create(snippet: SnippetChange & { readonly name: string; readonly value: string }): DhcpSnippet;
	/** A value that is another one than before is added to the history. */
	update(id: number, change: SnippetChange): DhcpSnippet;
	/** Takes away every value newer than this one. */
	revertTo(id: number, valueId: number): DhcpSnippet;
	delete(id: number): void;
	/** Whether any counts at all. */
	anyEnabled(): boolean;
	/**
	 * The values that count for a client: of the whole rack, then of its subnet, of the range of its address, and of itself, so that a
	 * later one takes precedence. Asked with every DHCP packet.
	 */
	valuesFor(scope: SnippetScope): string[];
}

export function createDhcpSnippetStore(db: Database, now: () => Date): DhcpSnippetStore {
	const rows = () => db.sql.selectFrom('dhcp_snippet').selectAll().orderBy('id');
	const withHistory = (found: ReturnType<typeof rows>): DhcpSnippet[] => {
		const snippets = db.all(found);
		const values = db.sql.selectFrom('dhcp_snippet_value').selectAll().orderBy('id', 'desc');
		const ofThese = db.all(values.where('snippet_id', 'in', among(snippets.map(({ id }) => id))));
		const histories = Map.groupBy(ofThese, (value) => value.snippet_id);
		return snippets.map((row) => ({
			id: row.id,
			name: row.name,
			description: row.description,
			enabled: row.enabled === 1,
			nodeId: row.node_id,
			subnetId: row.subnet_id,
			rangeId: row.ip_range_id,
			history: (histories.get(row.id) ?? []).map(({ id, value, created_at }) => ({ id, value, createdAt: created_at })),
		}));
	};
	const byId = (id: number) => withHistory(rows().where('id', '=', id))[0];
	const byName = (name: string) => withHistory(rows().where('name', '=', name))[0];
	const free = (name: string, own: number | null) => {
		const other = byName(name);
		if (other && other.id !== own)
			throw new Refusal('bad-input', 'DHCP snippet with this Name already exists.', { field: 'name' });
		return name;
	};
	const addValue = (id: number, value: string) =>
		db.run(db.sql.insertInto('dhcp_snippet_value').values({ snippet_id: id, value, created_at: now().toISOString() }));
	return {
		all: () => withHistory(rows()),
		byId,
		byName,
		create: (given) =>
			db.transaction(() => {
				const { id } = db.run(db.sql.insertInto('dhcp_snippet').values({ ...toRow(given), name: free(given.name, null) }));
				addValue(id, given.value);
				return byId(id) as DhcpSnippet;
			}),
		update: (id, change) =>
			db.transaction(() => {
				if (change.name !== undefined) free(change.name, id);
				const row = toRow(change);
				if (Object.keys(row).length > 0) db.run(db.sql.updateTable('dhcp_snippet').set(row).where('id', '=', id));
				if (change.value !== undefined && change.value !== byId(id)?.history[0]?.value) addValue(id, change.value);
				return byId(id) as DhcpSnippet;
			}),
		revertTo: (id, valueId) =>
			db.transaction(() => {
				db.run(db.sql.deleteFrom('dhcp_snippet_value').where('snippet_id', '=', id).where('id', '>', valueId));
				return byId(id) as DhcpSnippet;
			}),
		delete(id) {
			db.run(db.sql.deleteFrom('dhcp_snippet').where('id', '=', id));
		},
		anyEnabled: () => db.first(db.sql.selectFrom('dhcp_snippet').select('id').where('enabled', '=', 1).limit(1)) !== undefined,
		valuesFor({ nodeId, subnetId, rangeId }) {
			const query = rows()
				.where('enabled', '=', 1)
				.where((eb) =>
					eb.or([
						eb.and([eb('node_id', 'is', null), eb('subnet_id', 'is', null), eb('ip_range_id', 'is', null)]),
						eb('node_id', '=', nodeId ?? -1),
						eb('subnet_id', '=', subnetId ?? -1),
						eb('ip_range_id', '=', rangeId ?? -1),
					]),
				);
			const rank = (each: SnippetScope) =>
				each.nodeId !== null ? 3 : each.rangeId !== null ? 2 : each.subnetId !== null ? 1 : 0;
			return withHistory(query)
				.toSorted((one, other) => rank(one) - rank(other))
				.flatMap(({ history }) => history[0]?.value ?? []);
		},
	};
}

const toRow = ({ name, description, enabled, scope }: SnippetChange) => ({
	...(name === undefined ? {} : { name }),
	...(description === undefined ? {} : { description }),
	...(enabled === undefined ? {} : { enabled: enabled ? 1 : 0 }),
	...(scope === undefined ? {} : { node_id: scope.nodeId, subnet_id: scope.subnetId, ip_range_id: scope.rangeId }),
});
