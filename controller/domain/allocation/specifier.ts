import { cidrContains, parseCidr, parseIpv4 } from '../address.ts';
import type { Known } from './known.ts';

/**
 * MAAS's names for networks: a number is an id, `type:value` says what the value is, anything else is a name (or a CIDR). One
 * specifier may mean many: `vid:10` is that VLAN in every fabric. The answers are ids, in the order of the store; empty when nothing
 * has that name. Several joined by `&&` mean what all of them mean.
 */
type Resolve = (value: string, known: Known) => readonly number[];

export const subnetsNamed: Resolve = (text, known) => resolve(text, known, subnetTypes, anySubnet);
export const vlansNamed: Resolve = (text, known) => resolve(text, known, vlanTypes, byName('vlans'));
export const fabricsNamed: Resolve = (text, known) => resolve(text, known, fabricTypes, byName('fabrics'));
export const spacesNamed: Resolve = (text, known) => resolve(text, known, spaceTypes, byName('spaces'));

/** `vlan:subnet:vlan:…` may be nested; nothing has a name as long as would be needed to exhaust the stack. */
const LONGEST = 256;

function resolve(text: string, known: Known, types: Readonly<Record<string, Resolve>>, plain: Resolve): readonly number[] {
	if (text.length > LONGEST) return [];
	const answers = text.split('&&').map((part) => {
		const value = part.trim();
		const [type = '', ...rest] = value.split(':');
		if (rest.length > 0 && Object.hasOwn(types, type)) return (types[type] as Resolve)(rest.join(':'), known);
		return /^\d+$/.test(value) ? (types.id as Resolve)(value, known) : plain(value, known);
	});
	return answers.reduce((all, some) => all.filter((id) => some.includes(id)));
}

type Kind = 'subnets' | 'vlans' | 'fabrics' | 'spaces';

const ids = (things: readonly { readonly id: number }[]) => things.map((thing) => thing.id);
const byId =
	(kind: Kind): Resolve =>
	(value, known) =>
		ids(known[kind].filter((thing) => String(thing.id) === value.trim()));
const byName =
	(kind: Kind): Resolve =>
	(value, known) =>
		ids(known[kind].filter((thing) => thing.name === value));
/** Tag 0 is called untagged. */
const byVid: Resolve = (value, known) =>
	ids(known.vlans.filter((vlan) => String(vlan.vid) === (value === 'untagged' ? '0' : value)));
const vlansIn =
	(fabrics: Resolve): Resolve =>
	(value, known) => {
		const wanted = fabrics(value, known);
		return ids(known.vlans.filter((vlan) => wanted.includes(vlan.fabricId)));
	};
/** `undefined` is MAAS's name for having no space. */
const vlansInSpace: Resolve = (value, known) => {
	const wanted = spacesNamed(value, known);
	return ids(known.vlans.filter((vlan) => (vlan.spaceId === null ? value === 'undefined' : wanted.includes(vlan.spaceId))));
};
const subnetsOn =
	(vlans: Resolve): Resolve =>
	(value, known) => {
		const wanted = vlans(value, known);
		return ids(known.subnets.filter((subnet) => wanted.includes(subnet.vlanId)));
	};
const byCidr: Resolve = (value, known) => {
	const cidr = parseCidr(value.trim());
	const text = cidr ? `${cidr.network}/${cidr.prefix}` : value.trim().toLowerCase();
	return ids(known.subnets.filter((subnet) => subnet.cidr.toLowerCase() === text));
};
const byAddress: Resolve = (value, known) => {
	const address = parseIpv4(value.trim());
	if (!address) return [];
	return ids(
		known.subnets.filter((subnet) => {
			const cidr = parseCidr(subnet.cidr);
			return cidr !== null && cidrContains(cidr, address);
		}),
	);
};
const anySubnet: Resolve = (value, known) => {
	const found = value.includes('/') ? byCidr(value, known) : [];
	return found.length > 0 ? found : byName('subnets')(value, known);
};

const spaceTypes = { id: byId('spaces'), name: byName('spaces') };
const fabricTypes = {
	id: byId('fabrics'),
	name: byName('fabrics'),
	class: ((value, known) => ids(known.fabrics.filter((fabric) => fabric.classType === value))) satisfies Resolve,
};
const vlanTypes = {
	id: byId('vlans'),
	name: byName('vlans'),
	vid: byVid,
	fabric: vlansIn(fabricsNamed),
	space: vlansInSpace,
	subnet: ((value, known) => {
		const wanted = subnetsNamed(value, known);
		return known.subnets.filter((subnet) => wanted.includes(subnet.id)).map((subnet) => subnet.vlanId);
	}) satisfies Resolve,
};
const subnetTypes = {
	id: byId('subnets'),
	name: byName('subnets'),
	cidr: byCidr,
	ip: byAddress,
	vid: subnetsOn(byVid),
	vlan: subnetsOn(vlansNamed),
	fabric: subnetsOn(vlansIn(fabricsNamed)),
	space: subnetsOn(vlansInSpace),
	interface: ((value, known) => (/^\d{1,15}$/.test(value) ? known.subnetsOfInterface(Number(value)) : [])) satisfies Resolve,
};
