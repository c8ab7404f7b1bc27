import type { MachineView } from '../../../api/views.ts';

export type SortKey = 'status' | 'name' | 'power' | 'zone' | 'owner' | 'cores' | 'memory' | 'storage' | 'activity';
export interface Sort {
	by: SortKey;
	down: boolean;
}

type Value = string | number | null;
const valuesBy: Record<SortKey, (machine: MachineView) => Value> = {
	status: (m) => m.statusName,
	name: (m) => m.hostname,
	power: (m) => m.power.state,
	zone: (m) => m.zone,
	owner: (m) => m.owner,
	cores: (m) => m.cores,
	memory: (m) => m.memory,
	storage: (m) => m.storage,
	activity: (m) => (m.activity ? Date.parse(m.activity.at) : null),
};

// Numbers inside names count as numbers: node2 before node10.
const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Unknown values come last in either direction; equal ones by name. */
export function sortMachines(machines: readonly MachineView[], { by, down }: Sort): MachineView[] {
	const value = valuesBy[by];
	return machines.toSorted((a, b) => {
		const [x, y] = [value(a), value(b)];
		if (x === null || y === null) return x === y ? collator.compare(a.hostname, b.hostname) : x === null ? 1 : -1;
		const order = typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y));
		return (down ? -order : order) || collator.compare(a.hostname, b.hostname);
	});
}

/** What a click on a column's head makes of the order. */
export const clicked = (sort: Sort, by: SortKey): Sort => ({ by, down: sort.by === by && !sort.down });
