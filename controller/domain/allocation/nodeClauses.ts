import { lifecycle, type Status, statuses } from '../lifecycle.ts';
import type { Candidate } from './candidate.ts';
import { anyOf, atLeast, type Clause, describe, not, type Problem } from './clause.ts';
import type { Known } from './known.ts';
import { formatMemory, parseAmount, parseMemory } from './sizes.ts';

/** Makes a clause of a parameter's values: of what is left of them when empty ones are left out, so at least one. */
export type Build = (name: string, values: readonly string[], known: Known) => Clause | Problem;

/** Lists of names come repeated, and with commas where no name has that comma in it. */
function names(values: readonly string[], isKnown: (name: string) => boolean): string[] {
	return values.flatMap((value) => (isKnown(value) ? [value] : value.split(',').map((name) => name.trim()))).filter(Boolean);
}

/** MAAS's old form of lists, still taken for tags and ids: by commas or blanks. */
const words = (values: readonly string[]) => values.flatMap((value) => value.split(/[\s,]+/)).filter(Boolean);

const quoted = (list: readonly string[]) => list.map((name) => `'${name}'`).join(', ');

const negated =
	(build: Build): Build =>
	(name, values, known) => {
		const clause = build(name, values, known);
		return 'problem' in clause ? clause : not(clause, name, values);
	};

function amount(unit: string, complaint: string, read: (candidate: Candidate) => number): Build {
	return (name, values) => {
		const amounts = values.map(parseAmount);
		if (amounts.some((each) => each === null)) return { problem: complaint };
		return atLeast(name, values, amounts as number[], { needs: 'node', read, unit });
	};
}

const memory: Build = (name, values) => {
	const amounts = values.map(parseMemory);
	if (amounts.some((each) => each === null)) return { problem: 'Invalid memory: number of MiB required.' };
	return atLeast(name, values, amounts as number[], { needs: 'node', read: (node) => node.memory, format: formatMemory });
};

/** A place that nodes are in, called by names that must exist. */
function place(what: 'zone' | 'pool'): Build {
	return (name, values, known) => {
		const all = what === 'zone' ? known.zones : known.pools;
		const wanted = names(values, (each) => all.has(each));
		const unknown = wanted.filter((each) => !all.has(each));
		if (unknown.length === 1) return { problem: `No such ${what}: '${unknown[0]}'.` };
		if (unknown.length > 1) return { problem: `No such ${what}(s): ${quoted(unknown)}.` };
		return anyOf(
			name,
			wanted,
			new Set(wanted),
			(node) => node[what],
			(node) => `is in ${node[what]}`,
		);
	};
}

const owner: Build = (name, values, known) => {
	const wanted = names(values, (each) => known.owners.has(each));
	const unknown = wanted.find((each) => !known.owners.has(each));
	if (unknown !== undefined) return { problem: `No such owner: '${unknown}'.` };
	return anyOf(
		name,
		wanted,
		new Set(wanted),
		(node) => node.owner ?? '',
		(node) => (node.owner === null ? 'belongs to nobody' : `belongs to ${node.owner}`),
	);
};

/** `amd64` means every kind of it; Juju's `arm` is armhf. */
const architecture: Build = (name, values, known) => {
	const wanted = words(values).map((value) => value.replace(/^arm(?=$|\/)/, 'armhf'));
	const meant = wanted.map((value) => [...known.architectures].filter((each) => each === value || each.startsWith(`${value}/`)));
	if (meant.some((list) => list.length === 0)) return { problem: 'Architecture not recognised.' };
	const all = new Set(meant.flat());
	const clause = anyOf(
		name,
		values,
		all,
		(node) => node.architecture,
		(node) => `is ${node.architecture || 'of an unknown architecture'}`,
	);
	return { ...clause, ...describe(name, wanted, [...all].toSorted()) };
};

const tags: Build = (name, values, known) => {
	const wanted = [...new Set(words(values))];
	const unknown = wanted.filter((tag) => !known.tags.has(tag));
	if (unknown.length > 0) return { problem: `No such tag(s): ${quoted(unknown)}.` };
	return {
		...describe(name, wanted, wanted.toSorted()),
		needs: 'tags',
		matches: (node) => wanted.every((tag) => node.tags.includes(tag)),
		shows: (node) => `lacks ${wanted.filter((tag) => !node.tags.includes(tag)).join(', ')}`,
		shortfall: (node) => wanted.filter((tag) => !node.tags.includes(tag)).length / wanted.length,
	};
};

/** Juju names tags here that nobody has made yet: they are not refused. */
const notTags: Build = (name, values) => {
	const unwanted = new Set(words(values));
	return {
		...describe(name, [...unwanted], [...unwanted].toSorted()),
		needs: 'tags',
		matches: (node) => !node.tags.some((tag) => unwanted.has(tag)),
		shows: (node) => `has ${node.tags.filter((tag) => unwanted.has(tag)).join(', ')}`,
	};
};

/** Values out of a closed list; `=ready` is what MAAS's own pages send. */
function choice(what: string, all: readonly string[], read: (node: Candidate) => string, shows: Clause['shows']): Build {
	return (name, values) => {
		const wanted = words(values).map((value) => value.replace(/^=/, '').toLowerCase().replaceAll('-', '_'));
		const unknown = wanted.find((value) => !all.includes(value));
		if (unknown !== undefined) return { problem: `'${unknown}' is not a valid ${what}. It should be one of: ${quoted(all)}.` };
		return anyOf(name, wanted, new Set(wanted), read, shows);
	};
}

const status = choice(
	'status',
	statuses,
	(node) => node.status,
	(node) => `is ${lifecycle[node.status].name}`,
);

const simpleStatuses = [
	...['new', 'commissioning', 'testing', 'ready', 'allocated', 'deploying', 'deployed', 'releasing', 'rescue_mode'],
	...['failed', 'broken', 'other'],
];
const simpleStatus = choice(
	'simplified status',
	simpleStatuses,
	(node) => simplified(node.status),
	(node) => `is ${lifecycle[node.status].name}`,
);

/** MAAS's simplified status, in lower case with underscores. */
export function simplified(status: Status): string {
	if (status.startsWith('failed_')) return 'failed';
	if (status === 'disk_erasing') return 'releasing';
	if (status.endsWith('rescue_mode')) return 'rescue_mode';
	return simpleStatuses.includes(status) ? status : 'other';
}

const powerState = choice(
	'power state',
	['on', 'off', 'unknown', 'error'],
	(node) => node.powerState,
	(node) =>
		node.powerState === 'on' || node.powerState === 'off' ? `is ${node.powerState}` : `has power state ${node.powerState}`,
);

const deploymentTarget = choice(
	'deployment target',
	['disk', 'memory'],
	(node) => (node.inMemory ? 'memory' : 'disk'),
	(node) => `deploys to ${node.inMemory ? 'memory' : 'disk'}`,
);

const text =
	(read: (node: Candidate) => string, shows: Clause['shows']): Build =>
	(name, values) =>
		anyOf(name, values, new Set(values), read, shows);

const systemId: Build = (name, values) => {
	const wanted = new Set(words(values));
	const clause = anyOf(
		name,
		[...wanted],
		wanted,
		(node) => node.systemId,
		(node) => `is ${node.systemId}`,
	);
	return { ...clause, systemIds: wanted, byName: true };
};

/** Host names of machines, alone or with their domain. */
const hostname: Build = (name, values) => {
	const wanted = words(values);
	const lower = new Set(wanted.map((each) => each.toLowerCase()));
	return {
		...describe(name, wanted),
		needs: 'node',
		matches: (node) => lower.has(node.hostname.toLowerCase()) || lower.has(`${node.hostname}.${node.domain}`.toLowerCase()),
		shows: (node) => `is ${node.hostname}.${node.domain}`,
		byName: true,
	};
};

const domain = text(
	(node) => node.domain,
	(node) => `is in ${node.domain}`,
);
const agentName = text(
	(node) => node.agentName,
	(node) => (node.agentName === '' ? 'has no agent name' : `has agent name ${node.agentName}`),
);

/** Of `allocate` and of lists. */
export const nodeConstraints: Readonly<Record<string, Build>> = {
	arch: architecture,
	not_arch: negated(architecture),
	cpu_count: amount(' cores', 'Invalid CPU count: number required.', (node) => node.cpuCount),
	cpu_speed: amount(' MHz', 'Invalid CPU speed: number required.', (node) => node.cpuSpeed),
	mem: memory,
	tags,
	not_tags: notTags,
	zone: place('zone'),
	not_in_zone: negated(place('zone')),
	pool: place('pool'),
	not_in_pool: negated(place('pool')),
	owner,
	not_owner: negated(owner),
	power_state: powerState,
	not_power_state: negated(powerState),
	deployment_target: deploymentTarget,
	not_deployment_target: negated(deploymentTarget),
	not_system_id: negated(systemId),
};

/** Of `allocate` alone. */
export const choiceConstraints: Readonly<Record<string, Build>> = { name: hostname, system_id: systemId };

/** Of lists alone. */
export const listFilters: Readonly<Record<string, Build>> = {
	id: systemId,
	not_id: negated(systemId),
	hostname,
	not_hostname: negated(hostname),
	domain,
	not_domain: negated(domain),
	not_zone: negated(place('zone')),
	not_pool: negated(place('pool')),
	agent_name: agentName,
	not_agent_name: negated(agentName),
	status,
	not_status: negated(status),
	simple_status: simpleStatus,
	not_simple_status: negated(simpleStatus),
};
