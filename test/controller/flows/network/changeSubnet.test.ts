import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../../../controller/domain/errors.ts';
import { parseIp } from '../../../../controller/domain/network/ip.ts';
import { findOverlap, gapsBetween, hostsOf, sizeOf } from '../../../../controller/domain/network/ranges.ts';
import { checkSubnet } from '../../../../controller/domain/network/subnetPlan.ts';
import { reservedRanges, unreservedRanges } from '../../../../controller/domain/network/subnetUse.ts';
import { createRange, deleteRange, updateRange } from '../../../../controller/flows/network/changeRange.ts';
import { changeReservedIp } from '../../../../controller/flows/network/changeReservedIp.ts';
import { changeRoute } from '../../../../controller/flows/network/changeRoute.ts';
import { createSubnet, deleteSubnet, updateSubnet } from '../../../../controller/flows/network/changeSubnet.ts';
import { linkSubnet, unlinkSubnet } from '../../../../controller/flows/network/linkSubnet.ts';
import { claimAddresses, releaseAddresses } from '../../../../controller/flows/network/machineLinks.ts';
import { releaseAddress, reserveAddress } from '../../../../controller/flows/network/reserveAddress.ts';
import { contentsOf, planOf } from '../../../../controller/flows/network/subnetFacts.ts';
import type { Interface } from '../../../../controller/store/network/interfaces.ts';
import type { Subnet } from '../../../../controller/store/network/subnets.ts';
import type { Store } from '../../../../controller/store/store.ts';
import type { User } from '../../../../controller/store/users.ts';
import { addMachine, mac, makeStore } from '../../../support/makeStore.ts';

/** Everything that is kept of networks, to see that a refused change left it as it was. */
const everything = ({ network }: Store) =>
	JSON.stringify([
		...[network.fabrics.all(), network.vlans.all(), network.spaces.all(), network.subnets.all(), network.ranges.all()],
		...[network.reservedIps.all(), network.routes.all(), network.addresses.all()],
	]);

interface World {
	readonly store: Store;
	readonly user: User;
	readonly cards: readonly Interface[];
	/** the `at`-th of the subnets that are there */
	subnet(at: number): Subnet;
}
type Step = (world: World) => void;

const address = fc.tuple(fc.constantFrom(2, 3), fc.nat(15)).map(([net, last]) => `192.0.${net}.${last}`);
const at = fc.nat(7);
const pick = <Each>(all: readonly Each[], index: number): Each => {
	if (all.length === 0) throw new Refusal('not-found', 'There is none.');
	return all[index % all.length] as Each;
};
const step: fc.Arbitrary<Step> = fc.oneof(
	fc.tuple(at, address, address, fc.constantFrom<'dynamic' | 'reserved'>('dynamic', 'reserved')).map(
		([, startIp, endIp, type]): Step =>
			({ store }) =>
				createRange(store, { type, startIp, endIp, subnet: null, comment: '', userId: null }),
	),
	fc.tuple(at, address, address).map(
		([index, startIp, endIp]): Step =>
			({ store }) =>
				updateRange(store, pick(store.network.ranges.all(), index), { startIp, endIp }),
	),
	at.map(
		(index): Step =>
			({ store }) =>
				deleteRange(store, pick(store.network.ranges.all(), index)),
	),
	fc.tuple(at, fc.constantFrom(2, 3), fc.integer({ min: 27, max: 31 })).map(
		([index, net, prefix]): Step =>
			({ store, subnet }) =>
				updateSubnet(store, subnet(index), { cidr: `192.0.${net}.0/${prefix}` }),
	),
	fc.tuple(at, fc.oneof(address, fc.constant(''))).map(
		([index, gatewayIp]): Step =>
			({ store, subnet }) =>
				updateSubnet(store, subnet(index), { gatewayIp }),
	),
	fc.tuple(fc.constantFrom(2, 3), fc.integer({ min: 27, max: 30 })).map(
		([net, prefix]): Step =>
			({ store }) =>
				createSubnet(store, { cidr: `192.0.${net}.0/${prefix}` }),
	),
	fc.tuple(at, fc.boolean()).map(
		([index, force]): Step =>
			({ store, subnet }) =>
				deleteSubnet(store, subnet(index), force),
	),
	fc.tuple(at, at, fc.constantFrom<'auto' | 'static'>('auto', 'static'), fc.option(address)).map(
		([card, index, mode, ipAddress]): Step =>
			({ store, cards, subnet }) =>
				linkSubnet(store, pick(cards, card), {
					...{ mode, subnet: subnet(index), ipAddress: mode === 'auto' ? null : ipAddress },
					...{ defaultGateway: false, force: true },
				}),
	),
	fc.tuple(at, at).map(
		([card, index]): Step =>
			({ store, cards }) => {
				const row = pick(cards, card);
				unlinkSubnet(store, row, pick(store.network.addresses.ofInterface(row.id), index).id);
			},
	),
	at.map(
		(card): Step =>
			({ store, cards }) =>
				claimAddresses(store, pick(cards, card).nodeId),
	),
	at.map(
		(card): Step =>
			({ store, cards }) =>
				releaseAddresses(store, pick(cards, card).nodeId),
	),
	fc.tuple(at, fc.option(address)).map(
		([index, ip]): Step =>
			({ store, user, subnet }) =>
				reserveAddress(store, user, { subnet: ip === null ? subnet(index) : null, ip, hostname: null, mac: null }),
	),
	address.map(
		(ip): Step =>
			({ store, user }) =>
				void releaseAddress(store, user, ip, false),
	),
	fc.tuple(address, fc.integer({ min: 1, max: 9 })).map(
		([ip, card]): Step =>
			({ store }) =>
				changeReservedIp(store, null, { ip, mac: mac(card) }),
	),
	fc.tuple(at, at, address).map(
		([from, to, gatewayIp]): Step =>
			({ store, subnet }) =>
				changeRoute(store, null, { source: subnet(from), destination: subnet(to), gatewayIp }),
	),
);

function mustBeSound(store: Store): void {
	const { network } = store;
	const subnets = network.subnets.all();
	for (const subnet of subnets) {
		assert.equal(checkSubnet(planOf(store, subnet)), null, subnet.cidr);
		const contents = contentsOf(store, subnet);
		const [taken, free, hosts] = [reservedRanges(contents), unreservedRanges(contents), hostsOf(contents.network)];
		assert.equal(findOverlap([...taken, ...free]), null);
		assert.deepEqual(
			gapsBetween(
				[...taken, ...free].sort((one, other) => (one.first < other.first ? -1 : 1)),
				hosts,
			),
			[],
		);
		assert.equal(
			[...taken, ...free].reduce((sum, range) => sum + sizeOf(range), 0n),
			sizeOf(hosts),
		);
	}
	const nets = subnets.map((subnet) => {
		const { first, last } = {
			first: contentsOf(store, subnet).network.first,
			last: hostsOf(contentsOf(store, subnet).network).last,
		};
		return { first, last };
	});
	assert.equal(findOverlap(nets), null, 'no address is in two subnets');
	const given = network.addresses.all().flatMap(({ ip }) => ip ?? []);
	assert.equal(new Set(given).size, given.length, 'no address is given twice');
	for (const { ip, subnetId } of network.addresses.all())
		if (ip !== null && subnetId !== null) assert.ok(parseIp(ip) && subnets.some(({ id }) => id === subnetId));
}

test('whatever people do in whatever order, subnets stay sound, and what is refused changes nothing', async (t) => {
	const { store, clock } = makeStore(t);
	const user = await store.users.create({
		username: 'bob',
		password: 'correct horse',
		isAdmin: false,
		at: clock.now().toISOString(),
	});
	assert.ok(user);
	const cards = [1, 2, 3, 4].flatMap((number) => store.network.interfaces.ofNodes([addMachine(store, number).id]));
	const world: World = { store, user, cards, subnet: (index) => pick(store.network.subnets.all(), index) };
	let [done, refused] = [0, 0];
	fc.assert(
		fc.property(fc.array(step, { minLength: 10, maxLength: 25 }), (steps) => {
			for (const subnet of store.network.subnets.all()) deleteSubnet(store, subnet, true);
			createSubnet(store, { cidr: '192.0.2.0/28' });
			for (const each of steps) {
				const before = everything(store);
				const outcome = tried(() => each(world));
				if (outcome === 'done') done++;
				else refused++;
				if (outcome === 'refused') assert.equal(everything(store), before);
				mustBeSound(store);
			}
		}),
		{ numRuns: 25 },
	);
	assert.ok(done > 100 && refused > 100, `${done} done, ${refused} refused`);
});

function tried(work: () => void): 'done' | 'refused' {
	try {
		work();
		return 'done';
	} catch (error) {
		if (error instanceof Refusal) return 'refused';
		throw error;
	}
}
