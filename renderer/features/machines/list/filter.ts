import type { MachineView } from '../../../api/views.ts';

/**
 * What somebody typed into the filter box. Words must all be found somewhere in the machine; `field:value` looks in one field only
 * (`status:ready zone:lab owner:ada`). Upper and lower case are the same.
 */
export function filterMachines(machines: readonly MachineView[], typed: string): readonly MachineView[] {
	const terms = typed.toLowerCase().split(/\s+/).filter(Boolean);
	if (terms.length === 0) return machines;
	return machines.filter((machine) => terms.every((term) => matches(machine, term)));
}

type Words = (machine: MachineView) => readonly (string | null)[];

const fields: Record<string, Words> = {
	status: (m) => [m.statusName],
	name: (m) => [m.hostname],
	power: (m) => [m.power.state],
	zone: (m) => [m.zone],
	pool: (m) => [m.pool],
	owner: (m) => [m.owner],
	mac: (m) => m.macs,
	ip: (m) => [...m.addresses, m.power.address],
	serial: (m) => [m.serial],
	vendor: (m) => [m.vendor],
	model: (m) => [m.product, m.cpuModel],
	image: (m) => [m.image?.name ?? null],
	firmware: (m) => [m.firmware],
	id: (m) => [m.systemId],
};

function matches(machine: MachineView, term: string): boolean {
	const colon = term.indexOf(':');
	// A MAC or an IPv6 address has colons too; only a known field name makes one a field.
	const only = colon > 0 ? fields[term.slice(0, colon)] : undefined;
	const needle = only ? term.slice(colon + 1) : term;
	const where = only ? [only] : Object.values(fields);
	return where.some((words) => words(machine).some((word) => word?.toLowerCase().includes(needle)));
}

/** The groups of the summary above the list; every machine is in exactly one. */
export const groups = ['working', 'trouble', 'waiting', 'ready', 'in use'] as const;
export type Group = (typeof groups)[number];

const statusDeployed = 6;
const statusAllocated = 10;

export function groupOf(machine: MachineView): Group {
	if (machine.tone === 'working') return 'working';
	if (machine.tone === 'bad' || machine.power.problem) return 'trouble';
	if (machine.status === statusDeployed || machine.status === statusAllocated || machine.owner) return 'in use';
	return machine.tone === 'good' ? 'ready' : 'waiting';
}

export function groupSizes(machines: readonly MachineView[]): Record<Group, number> {
	const sizes: Record<Group, number> = { working: 0, trouble: 0, waiting: 0, ready: 0, 'in use': 0 };
	for (const machine of machines) sizes[groupOf(machine)]++;
	return sizes;
}
