import { cleanLine } from '../../domain/clean.ts';
import { Refusal } from '../../domain/errors.ts';
import { canonicalIp, parseIp } from '../../domain/network/ip.ts';
import type { PlanProblem } from '../../domain/network/subnetPlan.ts';
import type { IpRange } from '../../store/network/ranges.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import type { Store } from '../../store/store.ts';
import { mustHold, networkOf, subnetOf } from './subnetFacts.ts';

/** Ranges of a subnet: each change is checked with everything else in the subnet, and is whole or not at all. */

export interface NewRange {
	readonly type: IpRange['type'];
	readonly startIp: string;
	readonly endIp: string;
	/** `null`: the subnet that the range lies in */
	readonly subnet: Subnet | null;
	readonly comment: string;
	readonly userId: number | null;
}

/** Throws Refusal `bad-input` with its field. */
export function createRange(store: Store, { type, startIp, endIp, subnet, comment, userId }: NewRange): IpRange {
	return store.transaction(() => {
		const [start, end] = bothOf(startIp, endIp);
		const home = subnet ?? subnetOf(store, start);
		if (!home) return refuse('subnet', `No subnet holds ${start}: make one first, or name it.`);
		sameFamily(home, start);
		const range = store.network.ranges.insert({ subnetId: home.id, type, startIp: start, endIp: end, comment, userId });
		mustHold(store, home.id, blamed);
		return range;
	});
}

export interface RangeChange {
	readonly startIp?: string | undefined;
	readonly endIp?: string | undefined;
	readonly comment?: string | undefined;
}

export function updateRange(store: Store, range: IpRange, { startIp, endIp, comment }: RangeChange): IpRange {
	return store.transaction(() => {
		const { ranges, subnets } = store.network;
		const [start, end] = bothOf(startIp ?? range.startIp, endIp ?? range.endIp);
		sameFamily(subnets.byId(range.subnetId) as Subnet, start);
		ranges.update(range.id, { startIp: start, endIp: end, ...(comment === undefined ? {} : { comment }) });
		mustHold(store, range.subnetId, blamed);
		return ranges.byId(range.id) as IpRange;
	});
}

/** The last dynamic range stays while DHCP serves from it. */
export function deleteRange(store: Store, range: IpRange): void {
	store.transaction(() => {
		const { ranges, subnets, vlans } = store.network;
		const vlan = vlans.byId(subnets.byId(range.subnetId)?.vlanId ?? -1);
		const others = ranges.inSubnet(range.subnetId).filter(({ id, type }) => type === 'dynamic' && id !== range.id);
		if (range.type === 'dynamic' && vlan?.dhcpOn && others.length === 0)
			throw new Refusal('bad-input', 'DHCP hands out addresses of this range: turn DHCP off on its VLAN first.');
		ranges.delete(range.id);
	});
}

const blamed = ({ subject, text }: PlanProblem): string =>
	subject !== 'range' ? '__all__' : text.startsWith('End IP') ? 'end_ip' : 'start_ip';

function bothOf(startIp: string, endIp: string): readonly [string, string] {
	const read = (field: string, text: string) => canonicalIp(text) ?? refuse(field, `“${cleanLine(text)}” is not an IP address.`);
	const both = [read('start_ip', startIp), read('end_ip', endIp)] as const;
	if (parseIp(both[0])?.family !== parseIp(both[1])?.family)
		refuse('end_ip', 'Start IP address and end IP address must be in the same address family.');
	return both;
}

function sameFamily(subnet: Subnet, start: string): void {
	if (parseIp(start)?.family !== networkOf(subnet).family)
		refuse('start_ip', `IP addresses must be within subnet: ${subnet.cidr}.`);
}

function refuse(field: string, text: string): never {
	throw new Refusal('bad-input', text, { field });
}
