import type { Candidate, CandidateInterface } from './candidate.ts';
import type { Problem } from './clause.ts';
import type { Known } from './known.ts';
import { parseAmount } from './sizes.ts';
import { fabricsNamed, spacesNamed, subnetsNamed, vlansNamed } from './specifier.ts';

/**
 * `0:space=dmz,not_fabric=fabric-0;db:subnet=172.16.0.0/24,mode=unconfigured`: for each label at least one interface that meets all
 * its keys; a key that is repeated asks for any of its values. Labels don't exclude each other: two may get the same interface.
 */
export interface InterfaceConstraint {
	readonly labels: readonly InterfaceLabel[];
}

export interface InterfaceLabel {
	readonly label: string;
	/** as they were written */
	readonly pairs: readonly (readonly [key: string, value: string])[];
	readonly matches: Test;
}

type Test = (card: CandidateInterface, candidate: Candidate) => boolean;

/** Each label is tried with each interface of each machine: nobody has a use for more. */
const MOST_LABELS = 100;
const MOST_PAIRS = 1000;

export function parseInterfaces(text: string, known: Known): InterfaceConstraint | Problem {
	const labels: InterfaceLabel[] = [];
	let pairCount = 0;
	for (const part of text.split(';')) {
		const colon = part.indexOf(':');
		if (colon < 0)
			return { problem: `Malformed constraint: '${part}' (required format: '<label>:<key>=<value>[,<key2>=<value2>[,...]]')` };
		const label = part.slice(0, colon);
		if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]*$/.test(label))
			return {
				problem: `Invalid label name: '${label}' (Must begin with an alphanumeric character, and include only alphanumeric characters, dashes, and underscores.)`,
			};
		if (labels.some((other) => other.label === label)) return { problem: `Constraint label defined more than once: '${label}'` };
		const written = part.slice(colon + 1).split(',');
		pairCount += written.length;
		if (labels.length >= MOST_LABELS || pairCount > MOST_PAIRS) return { problem: 'Too many interface constraints.' };
		const malformed = written.find((pair) => !pair.includes('='));
		if (malformed !== undefined) return { problem: `Malformed key/value pair in constraint: '${malformed}'` };
		const pairs = written.map((pair): [string, string] => {
			const equals = pair.indexOf('=');
			return [pair.slice(0, equals), pair.slice(equals + 1)];
		});
		const matches = testOf(pairs, known);
		if ('problem' in matches) return matches;
		labels.push({ label, pairs, matches });
	}
	return { labels };
}

/** The inverse of `parseInterfaces`. */
export function renderInterfaces({ labels }: InterfaceConstraint): string {
	return labels.map(({ label, pairs }) => `${label}:${pairs.map((pair) => pair.join('=')).join(',')}`).join(';');
}

/** The ids of the interfaces that each label may mean; `null` when one has none. */
export function matchInterfaces(
	{ labels }: InterfaceConstraint,
	candidate: Candidate,
): Readonly<Record<string, readonly number[]>> | null {
	const found: [string, number[]][] = [];
	for (const { label, matches } of labels) {
		const ids = candidate.interfaces.filter((card) => matches(card, candidate)).map((card) => card.id);
		if (ids.length === 0) return null;
		found.push([label, ids]);
	}
	return Object.fromEntries(found);
}

/** What stands in the way, for a machine that doesn't match. */
export function missingInterface({ labels }: InterfaceConstraint, candidate: Candidate): string {
	const lacking = labels.filter(({ matches }) => !candidate.interfaces.some((card) => matches(card, candidate)));
	return `has no interface for ${lacking.map(({ label }) => label).join(', ')}`;
}

/** A test of all the values of one key. Names of networks that don't exist are refused; values that nobody has match nothing. */
type Key = (values: readonly string[], known: Known) => Test | Problem;

const textKey =
	(has: (card: CandidateInterface, value: string, candidate: Candidate) => boolean): Key =>
	(values) =>
	(card, candidate) =>
		values.some((value) => has(card, value, candidate));

function networkKey(
	what: string,
	named: (value: string, known: Known) => readonly number[],
	has: (card: CandidateInterface, ids: ReadonlySet<number>) => boolean,
): Key {
	return (values, known) => {
		const ids = new Set<number>();
		for (const value of values) {
			const found = named(value, known);
			if (found.length === 0) return { problem: `No matching ${what} found: '${value}'.` };
			for (const id of found) ids.add(id);
		}
		return (card) => has(card, ids);
	};
}

const spaceKey: Key = (values, known) => {
	const named = values.filter((value) => value !== 'undefined');
	const inSpace = networkKey(
		'spaces',
		spacesNamed,
		(card, ids) => typeof card.vlan?.spaceId === 'number' && ids.has(card.vlan.spaceId),
	);
	const test = inSpace(named, known);
	if ('problem' in test || named.length === values.length) return test;
	// MAAS's name for having none
	return (card, candidate) => card.vlan?.spaceId === null || test(card, candidate);
};

const onSubnet = (card: CandidateInterface, ids: ReadonlySet<number>) =>
	card.links.some((link) => link.subnetId !== null && ids.has(link.subnetId));

const subnetCidr: Key = (values, known) => {
	const ids = new Set(values.flatMap((value) => subnetsNamed(`cidr:${value}`, known)));
	return (card) => onSubnet(card, ids);
};

const fabricClass: Key = (values, known) => {
	const ids = new Set(values.flatMap((value) => fabricsNamed(`class:${value}`, known)));
	return (card) => card.vlan !== null && ids.has(card.vlan.fabricId);
};

const interfaceId: Key = (values) => {
	const ids = values.map(Number);
	return values.every((value) => /^\d{1,15}$/.test(value))
		? (card) => ids.includes(card.id)
		: { problem: 'Interface ID must be numeric.' };
};

const linkModes = ['auto', 'dhcp', 'static', 'link_up'];
const mode: Key = (values) => {
	const wanted = values.map((value) => value.trim().toLowerCase());
	if (!wanted.every((value) => value === 'unconfigured' || linkModes.includes(value)))
		return { problem: `'mode' is one of: unconfigured, ${linkModes.join(', ')}.` };
	return (card) =>
		(wanted.includes('unconfigured') && (card.links.length === 0 || card.links.some((link) => !link.ip))) ||
		card.links.some((link) => wanted.includes(link.mode));
};

const linkSpeed: Key = (values) => {
	const wanted = values.map(parseAmount);
	if (wanted.some((value) => value === null)) return { problem: 'Invalid link speed: number required.' };
	const least = Math.min(...(wanted as number[]));
	return (card) => card.linkSpeed >= least;
};

/** Those that have a `not_` form. */
const bothWays: Readonly<Record<string, Key>> = {
	id: interfaceId,
	fabric: networkKey('fabrics', fabricsNamed, (card, ids) => card.vlan !== null && ids.has(card.vlan.fabricId)),
	fabric_class: fabricClass,
	ip: textKey((card, value) => card.links.some((link) => link.ip === value.trim().toLowerCase())),
	name: textKey((card, value) => card.name === value),
	hostname: textKey((_, value, candidate) => candidate.hostname === value),
	subnet: networkKey('subnets', subnetsNamed, onSubnet),
	space: spaceKey,
	subnet_cidr: subnetCidr,
	vlan: networkKey('VLANs', vlansNamed, (card, ids) => card.vlan !== null && ids.has(card.vlan.id)),
	vid: textKey((card, value) => card.vlan !== null && String(card.vlan.vid) === (value === 'untagged' ? '0' : value)),
	// MAAS: several joined by && must all be there
	tag: textKey((card, value) => value.split('&&').every((tag) => card.tags.includes(tag))),
};
const oneWay: Readonly<Record<string, Key>> = {
	mode,
	type: textKey((card, value) => card.type === value),
	link_speed: linkSpeed,
};

function testOf(pairs: readonly (readonly [string, string])[], known: Known): Test | Problem {
	const grouped = Map.groupBy(pairs, ([key]) => key);
	const tests: Test[] = [];
	for (const [name, group] of grouped) {
		const negative = name.startsWith('not_') ? name.slice('not_'.length) : null;
		const keys = negative === null ? { ...bothWays, ...oneWay } : bothWays;
		const key = negative ?? name;
		if (!Object.hasOwn(keys, key)) return { problem: `Unknown interfaces constraint: '${name}'` };
		const test = (keys[key] as Key)(
			group.map(([, value]) => value),
			known,
		);
		if ('problem' in test) return test;
		tests.push(negative === null ? test : (card, candidate) => !test(card, candidate));
	}
	return (card, candidate) => tests.every((test) => test(card, candidate));
}
