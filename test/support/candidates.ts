import fc from 'fast-check';
import type { Candidate, CandidateDisk, CandidateInterface } from '../../controller/domain/allocation/candidate.ts';
import type { Known } from '../../controller/domain/allocation/known.ts';

/** A machine of 4 cores and 8 GiB with one disk and one interface, Ready; each test says what is special about its own. */
export function candidate(id: number, change: Partial<Candidate> = {}): Candidate {
	return {
		id,
		systemId: `abc${String(id).padStart(3, '0')}`,
		hostname: `node-${id}`,
		domain: 'maas',
		status: 'ready',
		locked: false,
		owner: null,
		zone: 'default',
		pool: 'default',
		architecture: 'amd64/generic',
		cpuCount: 4,
		cpuSpeed: 2000,
		memory: 8192,
		agentName: '',
		powerState: 'off',
		inMemory: false,
		tags: [],
		interfaces: [card(id * 10)],
		disks: [disk(id * 10, { hasRoot: true, used: true })],
		devices: [],
		...change,
	};
}

export function disk(id: number, change: Partial<CandidateDisk> = {}): CandidateDisk {
	return {
		id,
		name: `sd${id}`,
		size: 100e9,
		tags: ['ssd'],
		isBoot: false,
		hasRoot: false,
		used: false,
		partitions: [],
		...change,
	};
}

/** On VLAN 1 (fabric 0, no space) with an automatic address of subnet 1. */
export function card(id: number, change: Partial<CandidateInterface> = {}): CandidateInterface {
	return {
		id,
		name: `eth${id}`,
		type: 'physical',
		mac: null,
		linkSpeed: 1000,
		tags: [],
		vlan: { id: 1, vid: 0, fabricId: 0, spaceId: null },
		links: [{ mode: 'auto', subnetId: 1, ip: null }],
		...change,
	};
}

/** Two fabrics, the second with two VLANs in the space dmz. */
export const known: Known = {
	zones: new Set(['default', 'rack 2', 'rack3']),
	pools: new Set(['default', 'swimming']),
	tags: new Set(['ssd', 'gpu', 'virtual']),
	owners: new Set(['ann', 'bob']),
	architectures: new Set(['amd64/generic', 'amd64/hwe-22.04', 'arm64/generic', 'armhf/generic']),
	fabrics: [
		{ id: 0, name: 'fabric-0', classType: null },
		{ id: 1, name: 'fast', classType: '10g' },
	],
	vlans: [
		{ id: 1, vid: 0, name: 'untagged', fabricId: 0, spaceId: null },
		{ id: 2, vid: 10, name: 'blue', fabricId: 1, spaceId: 5 },
		{ id: 3, vid: 20, name: null, fabricId: 1, spaceId: 5 },
	],
	subnets: [
		{ id: 1, cidr: '192.168.77.0/24', name: 'lab', vlanId: 1 },
		{ id: 2, cidr: '172.16.0.0/24', name: '172.16.0.0/24', vlanId: 2 },
		{ id: 3, cidr: '10.0.0.0/8', name: 'ten', vlanId: 3 },
	],
	spaces: [
		{ id: 5, name: 'dmz' },
		{ id: 6, name: 'empty' },
	],
	subnetsOfInterface: (id) => (id === 42 ? [2] : []),
};

const subset = <Value>(values: readonly Value[]) => fc.subarray([...values]);
const networks = known.vlans.map((vlan) => ({
	vlan: { id: vlan.id, vid: vlan.vid, fabricId: vlan.fabricId, spaceId: vlan.spaceId },
	subnetId: known.subnets.find((subnet) => subnet.vlanId === vlan.id)?.id as number,
}));

const anyCard = fc
	.record({
		id: fc.integer({ min: 1, max: 1e6 }),
		network: fc.option(fc.constantFrom(...networks)),
		linkSpeed: fc.constantFrom(0, 1000, 10_000),
		tags: subset(['sriov', 'fast']),
		mode: fc.constantFrom('auto', 'static', 'link_up'),
	})
	.map(({ id, network, mode, ...rest }) =>
		card(id, {
			...rest,
			vlan: network?.vlan ?? null,
			links: network === null ? [] : [{ mode, subnetId: network.subnetId, ip: mode === 'static' ? '192.0.2.7' : null }],
		}),
	);

const anyDisk = fc
	.record({
		id: fc.integer({ min: 1, max: 1e6 }),
		size: fc.constantFrom(10e9, 50e9, 100e9, 100e9 + 512, 500e9),
		tags: subset(['ssd', 'rotary', '7200rpm']),
		isBoot: fc.boolean(),
		used: fc.boolean(),
		partitions: fc.uniqueArray(
			fc.record({
				id: fc.integer({ min: 1, max: 1e6 }),
				size: fc.constantFrom(5e9, 50e9),
				tags: subset(['ssd']),
				used: fc.boolean(),
				hasRoot: fc.boolean(),
			}),
			{ maxLength: 2, selector: (each) => each.id },
		),
	})
	.map(({ used, partitions, ...rest }) => disk(rest.id, { ...rest, partitions: used ? partitions : [], used }));

/** Machines of all kinds on the networks of `known`, with different ids throughout. */
export const anyCandidates: fc.Arbitrary<Candidate[]> = fc
	.array(
		fc.record({
			cpuCount: fc.constantFrom(1, 4, 8),
			cpuSpeed: fc.constantFrom(0, 2000, 3500),
			memory: fc.constantFrom(0, 1024, 8192, 65536),
			zone: fc.constantFrom(...known.zones),
			pool: fc.constantFrom(...known.pools),
			owner: fc.constantFrom(null, 'ann', 'bob'),
			architecture: fc.constantFrom('', ...known.architectures),
			tags: subset([...known.tags]),
			powerState: fc.constantFrom('on' as const, 'off' as const),
			interfaces: fc.uniqueArray(anyCard, { maxLength: 3, selector: (each) => each.id }),
			disks: fc.uniqueArray(anyDisk, { maxLength: 4, selector: (each) => each.id }),
		}),
		{ maxLength: 12 },
	)
	.map((list) => list.map((each, at) => candidate(at + 1, each)));
