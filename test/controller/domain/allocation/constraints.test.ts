import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findMatches } from '../../../../controller/domain/allocation/allocation.ts';
import type { Candidate } from '../../../../controller/domain/allocation/candidate.ts';
import {
	allocateConstraints,
	listConstraints,
	type Parsed,
	parseAllocate,
	parseMachineFilters,
} from '../../../../controller/domain/allocation/constraints.ts';
import { simplified } from '../../../../controller/domain/allocation/nodeClauses.ts';
import { statuses } from '../../../../controller/domain/lifecycle.ts';
import { anyCandidates, candidate, card, disk, known } from '../../../support/candidates.ts';

const parameters = (text: string) => {
	const map = new Map<string, string[]>();
	for (const [name, value] of new URLSearchParams(text)) map.set(name, [...(map.get(name) ?? []), value]);
	return map;
};
const idsOf = (parsed: Parsed, nodes: readonly Candidate[]) => {
	if (!parsed.ok) return parsed.errors;
	return findMatches(nodes, parsed.constraints).map((node) => node.id);
};

/** One small, one large, one busy. */
const nodes = [
	candidate(1, { tags: ['ssd'], zone: 'rack 2', interfaces: [card(10, { mac: '52:54:00:00:00:01' })] }),
	candidate(2, {
		...{ cpuCount: 32, cpuSpeed: 3500, memory: 65536, architecture: 'arm64/generic', zone: 'rack3', pool: 'swimming' },
		tags: ['ssd', 'gpu'],
		interfaces: [
			card(20, { mac: '52:54:00:00:00:02', linkSpeed: 10_000, vlan: { id: 2, vid: 10, fabricId: 1, spaceId: 5 }, links: [] }),
			card(21, {
				vlan: { id: 3, vid: 20, fabricId: 1, spaceId: 5 },
				links: [2, 3].map((subnetId) => ({ mode: 'static', subnetId, ip: '10.0.0.9' })),
			}),
		],
		disks: [disk(20, { hasRoot: true, used: true }), disk(21, { size: 500e9 })],
		devices: [
			{ vendor_id: '8086', product_id: '1572', vendor_name: 'Intel', product_name: 'X710', commissioning_driver: 'i40e' },
			{ vendor_id: '10de', product_id: '20b0', vendor_name: 'NVIDIA', product_name: 'A100', commissioning_driver: '' },
		],
	}),
	candidate(3, {
		...{ status: 'deployed', owner: 'ann', powerState: 'on', agentName: 'model-1', domain: 'example.org', inMemory: true },
		architecture: '',
	}),
];

const shared: [parameters: string, answer: number[] | Record<string, string[]>][] = [
	['', [1, 2, 3]],
	['mem=8192', [1, 2, 3]],
	['mem=8193', [2]],
	['mem=2048.0', [1, 2, 3]],
	['mem=64G', [2]],
	['mem=64G&mem=1', [1, 2, 3]],
	['mem=lots', { mem: ['Invalid memory: number of MiB required.'] }],
	['cpu_count=4', [1, 2, 3]],
	['cpu_count=4.5', [2]],
	['cpu_count=nan', { cpu_count: ['Invalid CPU count: number required.'] }],
	['cpu_speed=2000', [1, 2, 3]],
	['cpu_speed=2001', [2]],
	['cpu_speed=-1', { cpu_speed: ['Invalid CPU speed: number required.'] }],
	['arch=amd64', [1]],
	['arch=amd64/generic', [1]],
	['arch=amd64/hwe-22.04', []],
	['arch=amd64&arch=arm64', [1, 2]],
	['arch=amd64,arm64', [1, 2]],
	['arch=arm', []],
	['arch=sparc', { arch: ['Architecture not recognised.'] }],
	['arch=amd64/', { arch: ['Architecture not recognised.'] }],
	['not_arch=amd64', [2, 3]],
	['tags=ssd', [1, 2]],
	['tags=ssd,gpu', [2]],
	['tags=ssd gpu', [2]],
	['tags=ssd&tags=gpu', [2]],
	['tags=virtual', []],
	['tags=ssd,fast', { tags: ["No such tag(s): 'fast'."] }],
	['tags=a&tags=b c', { tags: ["No such tag(s): 'a', 'b', 'c'."] }],
	['not_tags=gpu', [1, 3]],
	['not_tags=gpu,ssd', [3]],
	['not_tags=never-heard-of', [1, 2, 3]],
	['zone=rack3', [2]],
	['zone=rack 2', [1]],
	['zone=rack 2&zone=rack3', [1, 2]],
	['zone=rack 2,rack3', [1, 2]],
	['zone=moon', { zone: ["No such zone: 'moon'."] }],
	['not_in_zone=rack3', [1, 3]],
	['not_in_zone=rack3&not_in_zone=default', [1]],
	['not_in_zone=moon&not_in_zone=mars', { not_in_zone: ["No such zone(s): 'moon', 'mars'."] }],
	['pool=swimming', [2]],
	['pool=deep', { pool: ["No such pool: 'deep'."] }],
	['not_in_pool=swimming', [1, 3]],
	['not_in_pool=deep', { not_in_pool: ["No such pool: 'deep'."] }],
	['owner=ann', [3]],
	['owner=eve', { owner: ["No such owner: 'eve'."] }],
	['not_owner=ann', [1, 2]],
	['power_state=on', [3]],
	['power_state=ON', [3]],
	[
		'power_state=asleep',
		{ power_state: ["'asleep' is not a valid power state. It should be one of: 'on', 'off', 'unknown', 'error'."] },
	],
	['not_power_state=on', [1, 2]],
	['deployment_target=memory', [3]],
	['not_deployment_target=memory', [1, 2]],
	['not_system_id=abc001,abc002', [3]],
	['subnets=lab', [1, 3]],
	['subnets=172.16.0.0/24', [2]],
	['subnets=172.16.0.0/24&subnets=ten', [2]],
	['subnets=172.16.0.0/24&subnets=lab', []],
	['subnets=space:dmz', [2]],
	['subnets=vid:10', [2]],
	['subnets=192.0.2.0/24', { subnets: ['No matching subnets found.'] }],
	['subnets=space:empty', { subnets: ['No matching subnets found.'] }],
	['not_subnets=space:dmz', [1, 3]],
	['not_subnets=space:empty', [1, 2, 3]],
	['not_subnets=space:empty&not_subnets=lab', [2]],
	['not_subnets=nowhere', { not_subnets: ['No matching subnets found.'] }],
	['vlans=vid:10', [2]],
	['vlans=untagged', [1, 3]],
	['vlans=1&vlans=2', [1, 2, 3]],
	['vlans=vid:99', { vlans: ['No matching VLANs found.'] }],
	['not_vlans=1', [2]],
	['fabrics=fast', [2]],
	['fabrics=fabric-0,fast', [1, 2, 3]],
	['fabrics=unheard-of', []],
	['not_fabrics=fast', [1, 3]],
	['fabric_classes=10g', [2]],
	['not_fabric_classes=10g', [1, 3]],
	['link_speed=10000', [2]],
	['link_speed=fast', { link_speed: ['Invalid link speed: number required.'] }],
	['storage=root:50', [1, 2, 3]],
	['storage=root:50,data:200(ssd)', [2]],
	['storage=root: 50', { storage: ['Malformed storage constraint, "root: 50".'] }],
	['interfaces=0:space=5', [2]],
	['interfaces=0:space=7', { interfaces: ["No matching spaces found: '7'."] }],
	['devices=vendor_id=8086,product_id=1572', [2]],
	['devices=vendor_id=8086,product_id=20b0', []],
	['devices=vendor_name=intel&devices=product_name=A100', [2]],
	['devices=colour=red', { devices: ["Unknown devices constraint: 'colour'"] }],
	['devices=vendor_id', { devices: ["Malformed devices constraint: 'vendor_id' (required format: '<key>=<value>')"] }],
	['mem=&zone=&tags=', [1, 2, 3]],
	['pod=virsh', { pod: ['No such constraint.'] }],
	[
		'__proto__=1&constructor=1',
		Object.fromEntries([
			['__proto__', ['No such constraint.']],
			['constructor', ['No such constraint.']],
		]),
	],
	['mem=x&zone=moon', { mem: ['Invalid memory: number of MiB required.'], zone: ["No such zone: 'moon'."] }],
];

test('what allocate and lists ask for in the same words', () => {
	for (const [text, answer] of shared) {
		assert.deepEqual(idsOf(parseAllocate(parameters(text), known), nodes), answer, `allocate ${text}`);
		assert.deepEqual(idsOf(parseMachineFilters(parameters(text), known), nodes), answer, `list ${text}`);
	}
});

test('what only allocate takes', () => {
	const rows: [parameters: string, answer: number[]][] = [
		['name=node-1', [1]],
		['name=NODE-1.maas', [1]],
		['name=node-1.example.org', []],
		['name=node', []],
		['system_id=abc002', [2]],
		['system_id=abc002&system_id=abc003', [2, 3]],
		[
			'agent_name=x&comment=y&bridge_all=true&bridge_type=ovs&bridge_stp=1&bridge_fd=3&dry_run=true&verbose=1&op=allocate',
			[1, 2, 3],
		],
	];
	for (const [text, answer] of rows) assert.deepEqual(idsOf(parseAllocate(parameters(text), known), nodes), answer, text);
	assert.deepEqual(idsOf(parseMachineFilters(parameters('name=node-1&dry_run=1'), known), nodes), {
		name: ['No such constraint.'],
		dry_run: ['No such constraint.'],
	});
});

test('what only lists take', () => {
	const rows: [parameters: string, answer: number[] | Record<string, string[]>][] = [
		['id=abc001&id=abc003', [1, 3]],
		['id=abc001,abc003', [1, 3]],
		['not_id=abc001', [2, 3]],
		['hostname=node-1&hostname=node-2', [1, 2]],
		['hostname=node-3.example.org', [3]],
		['not_hostname=node-1', [2, 3]],
		['mac_address=52:54:00:00:00:01', [1]],
		['mac_address=52-54-00-00-00-02', [2]],
		['mac_address=zz', { mac_address: ["'zz' is not a valid MAC address."] }],
		['not_mac_address=52:54:00:00:00:01', [2, 3]],
		['domain=example.org', [3]],
		['not_domain=example.org', [1, 2]],
		['not_zone=rack3', [1, 3]],
		['not_pool=swimming', [1, 3]],
		['agent_name=model-1', [3]],
		['not_agent_name=model-1', [1, 2]],
		['status=ready', [1, 2]],
		['status=ready&status=deployed', [1, 2, 3]],
		['status==deployed', [3]],
		['status=failed_testing', []],
		[
			'status=sleepy',
			{ status: [`'sleepy' is not a valid status. It should be one of: ${statuses.map((each) => `'${each}'`).join(', ')}.`] },
		],
		['not_status=ready', [3]],
		['simple_status=deployed', [3]],
		['simple_status=Rescue-Mode', []],
		['not_simple_status=ready', [3]],
		['op=', [1, 2, 3]],
	];
	for (const [text, answer] of rows) assert.deepEqual(idsOf(parseMachineFilters(parameters(text), known), nodes), answer, text);
	const withOthers = parseMachineFilters(parameters('limit=5&hostname=node-1'), known, ['limit']);
	assert.deepEqual(idsOf(withOthers, nodes), [1]);
	assert.deepEqual(idsOf(parseAllocate(parameters('status=ready&id=abc001'), known), nodes), {
		status: ['No such constraint.'],
		id: ['No such constraint.'],
	});
});

test('statuses are simplified as MAAS does', () => {
	const by = Map.groupBy(statuses, simplified);
	assert.deepEqual(by.get('failed'), [
		...['failed_commissioning', 'failed_deployment', 'failed_releasing', 'failed_disk_erasing', 'failed_entering_rescue_mode'],
		...['failed_exiting_rescue_mode', 'failed_testing'],
	]);
	assert.deepEqual(by.get('rescue_mode'), ['rescue_mode', 'entering_rescue_mode', 'exiting_rescue_mode']);
	assert.deepEqual(by.get('releasing'), ['releasing', 'disk_erasing']);
	assert.deepEqual(by.get('other'), ['missing', 'reserved', 'retired']);
	assert.deepEqual(by.get('broken'), ['broken']);
});

test('whatever the names and values are, the answer is clauses or errors by name', () => {
	const name = fc.oneof(fc.constantFrom(...allocateConstraints, ...listConstraints), fc.string());
	const value = fc.oneof(
		fc.string(),
		fc.string({ unit: 'binary' }),
		fc.constantFrom('1', 'lab', 'ssd', 'root:1', 'a:vid=1', 'vendor_id=1', '9'.repeat(400), 'space:'.repeat(50)),
	);
	fc.assert(
		fc.property(fc.array(fc.tuple(name, fc.array(value, { maxLength: 3 })), { maxLength: 5 }), anyCandidates, (pairs, list) => {
			const given = new Map(pairs);
			for (const parsed of [parseAllocate(given, known), parseMachineFilters(given, known)]) {
				if (!parsed.ok) assert.ok(Object.keys(parsed.errors).every((field) => given.has(field)));
				else
					for (const clause of parsed.constraints.clauses)
						for (const node of list) if (!clause.matches(node)) assert.notEqual(clause.shows(node), '');
			}
		}),
	);
});
