import { parseMac } from '../address.ts';
import type { Candidate } from './candidate.ts';
import { atLeast, describe, not } from './clause.ts';
import { type DeviceConstraint, hasDevice, parseDevices } from './deviceConstraint.ts';
import { matchInterfaces, missingInterface, parseInterfaces } from './interfaceConstraint.ts';
import type { Known } from './known.ts';
import type { Build } from './nodeClauses.ts';
import { parseAmount } from './sizes.ts';
import { fabricsNamed, spacesNamed, subnetsNamed, vlansNamed } from './specifier.ts';
import { matchStorage, missingStorage, parseStorage } from './storageConstraint.ts';

/** Clauses about what a machine is made of and what it hangs on. */

/** Each specifier is tried with each machine. */
const MOST_SPECIFIERS = 256;

type Named = (value: string, known: Known) => readonly number[];

const subnetsOf = (node: Candidate) => node.interfaces.flatMap((card) => card.links.map((link) => link.subnetId));
const vlansOf = (node: Candidate) => node.interfaces.map((card) => card.vlan?.id ?? null);
const fabricsOf = (node: Candidate) => node.interfaces.map((card) => card.vlan?.fabricId ?? null);

/**
 * Machines on networks. `all`: on each that is listed, else on one of them. A specifier that means nothing is refused when `what`
 * says how to call it, as MAAS does for subnets and VLANs.
 */
function network(
	named: Named,
	on: (node: Candidate) => readonly (number | null)[],
	quantity: 'all' | 'any',
	what?: string,
): Build {
	return (name, values, known) => {
		const given = [...new Set(values.flatMap((value) => (named(value, known).length > 0 ? [value] : value.split(','))))].filter(
			Boolean,
		);
		if (given.length > MOST_SPECIFIERS) return { problem: `At most ${MOST_SPECIFIERS} can be listed.` };
		const wanted = given.map((value) => new Set<number | null>(named(value, known)));
		if (what !== undefined && wanted.some((ids) => ids.size === 0)) return { problem: `No matching ${what} found.` };
		const lacks = (node: Candidate) => {
			const has = on(node);
			return given.filter((_, at) => !has.some((id) => wanted[at]?.has(id)));
		};
		return {
			...describe(name, given),
			needs: 'interfaces',
			matches: (node) => (quantity === 'all' ? lacks(node).length === 0 : lacks(node).length < given.length),
			shows: (node) => `is not on ${lacks(node).join(quantity === 'all' ? ', ' : ' or ')}`,
		};
	};
}

/** Juju lists all spaces that a machine must not be on, also those that have no subnets. */
const isEmptySpace = (value: string, known: Known) => value.startsWith('space:') && spacesNamed(value.slice(6), known).length > 0;

/** On none of what is listed. */
function notOn(named: Named, on: (node: Candidate) => readonly (number | null)[], what?: string): Build {
	const any = network(named, on, 'any', what);
	return (name, values, known) => {
		const inTheWay = values.filter((value) => named(value, known).length > 0 || !isEmptySpace(value, known));
		const clause = any(name, inTheWay, known);
		return 'problem' in clause ? clause : not(clause, name, values, () => 'is on it');
	};
}

const fabricClass: Named = (value, known) => fabricsNamed(`class:${value}`, known);

const linkSpeed: Build = (name, values) => {
	const amounts = values.map(parseAmount);
	if (amounts.some((each) => each === null)) return { problem: 'Invalid link speed: number required.' };
	return atLeast(name, values, amounts as number[], {
		needs: 'interfaces',
		read: (node) => node.interfaces.reduce((most, card) => Math.max(most, card.linkSpeed), 0),
		unit: ' Mbit/s',
	});
};

const storage: Build = (name, values) => {
	// a plain parameter: of several the last counts
	const value = values.at(-1) as string;
	const constraint = parseStorage(value);
	if (!constraint) return { problem: `Malformed storage constraint, "${value}".` };
	return {
		...describe(name, [value]),
		needs: 'disks',
		matches: (node) => matchStorage(constraint, node.disks) !== null,
		shows: (node) => missingStorage(constraint, node.disks),
		labels: { type: 'storage', of: (node) => matchStorage(constraint, node.disks) },
	};
};

const interfaces: Build = (name, values, known) => {
	const value = values.at(-1) as string;
	const constraint = parseInterfaces(value, known);
	if ('problem' in constraint) return constraint;
	return {
		...describe(name, [value]),
		needs: 'interfaces',
		matches: (node) => matchInterfaces(constraint, node) !== null,
		shows: (node) => missingInterface(constraint, node),
		labels: { type: 'interfaces', of: (node) => matchInterfaces(constraint, node) },
	};
};

const devices: Build = (name, values) => {
	const wanted: DeviceConstraint[] = [];
	for (const value of values.slice(0, MOST_SPECIFIERS)) {
		const constraint = parseDevices(value);
		if ('problem' in constraint) return constraint;
		wanted.push(constraint);
	}
	return {
		...describe(name, values),
		needs: 'devices',
		matches: (node) => wanted.every((constraint) => hasDevice(constraint, node)),
		shows: () => 'has no such device',
	};
};

const macAddress: Build = (name, values) => {
	const given = values.flatMap((value) => value.split(/[\s,]+/)).filter(Boolean);
	const wanted = given.map(parseMac);
	const wrong = given.find((_, at) => wanted[at] === null);
	if (wrong !== undefined) return { problem: `'${wrong}' is not a valid MAC address.` };
	const macs = new Set<string | null>(wanted);
	return {
		...describe(name, given),
		needs: 'interfaces',
		matches: (node) => node.interfaces.some((card) => macs.has(card.mac)),
		shows: (node) => `has ${node.interfaces.map((card) => card.mac).join(', ')}`,
	};
};
const notMacAddress: Build = (name, values, known) => {
	const clause = macAddress(name, values, known);
	return 'problem' in clause ? clause : not(clause, name, values);
};

/** Of `allocate` and of lists. */
export const partConstraints: Readonly<Record<string, Build>> = {
	subnets: network(subnetsNamed, subnetsOf, 'all', 'subnets'),
	not_subnets: notOn(subnetsNamed, subnetsOf, 'subnets'),
	vlans: network(vlansNamed, vlansOf, 'any', 'VLANs'),
	not_vlans: notOn(vlansNamed, vlansOf, 'VLANs'),
	fabrics: network(fabricsNamed, fabricsOf, 'any'),
	not_fabrics: notOn(fabricsNamed, fabricsOf),
	fabric_classes: network(fabricClass, fabricsOf, 'any'),
	not_fabric_classes: notOn(fabricClass, fabricsOf),
	link_speed: linkSpeed,
	storage,
	interfaces,
	devices,
};

/** Of lists alone. */
export const partFilters: Readonly<Record<string, Build>> = { mac_address: macAddress, not_mac_address: notMacAddress };
