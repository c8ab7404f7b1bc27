import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fabricsNamed, spacesNamed, subnetsNamed, vlansNamed } from '../../../../controller/domain/allocation/specifier.ts';
import { known } from '../../../support/candidates.ts';

test('subnets are named in all of MAAS’s ways', () => {
	const rows: [specifier: string, ids: number[]][] = [
		['2', [2]],
		['id:2', [2]],
		['99', []],
		['lab', [1]],
		['name:lab', [1]],
		['172.16.0.0/24', [2]],
		['172.16.0.9/24', [2]],
		['cidr:172.16.0.0/24', [2]],
		['172.16.0.0/25', []],
		['ip:192.168.77.200', [1]],
		['ip:nonsense', []],
		['vid:10', [2]],
		['vid:untagged', [1]],
		['vlan:3', [3]],
		['vlan:blue', [2]],
		['vlan:vid:20', [3]],
		['fabric:fast', [2, 3]],
		['fabric:0', [1]],
		['fabric:class:10g', [2, 3]],
		['space:dmz', [2, 3]],
		['space:5', [2, 3]],
		['space:undefined', [1]],
		['space:empty', []],
		['space:nowhere', []],
		['interface:42', [2]],
		['interface:eth0', []],
		['space:dmz&&vid:10', [2]],
		['space:dmz&&lab', []],
		['nothing:like', []],
		['', []],
	];
	for (const [specifier, ids] of rows) assert.deepEqual(subnetsNamed(specifier, known), ids, specifier);
});

test('VLANs, fabrics and spaces too', () => {
	const rows: [named: typeof vlansNamed, specifier: string, ids: number[]][] = [
		[vlansNamed, '1', [1]],
		[vlansNamed, 'untagged', [1]],
		[vlansNamed, 'blue', [2]],
		[vlansNamed, 'vid:20', [3]],
		[vlansNamed, 'fabric:fast', [2, 3]],
		[vlansNamed, 'space:dmz', [2, 3]],
		[vlansNamed, 'subnet:ten', [3]],
		[fabricsNamed, 'fabric-0', [0]],
		[fabricsNamed, '0', [0]],
		[fabricsNamed, 'name:fast', [1]],
		[fabricsNamed, 'class:10g', [1]],
		[spacesNamed, 'dmz', [5]],
		[spacesNamed, '6', [6]],
		[spacesNamed, 'id:dmz', []],
	];
	for (const [named, specifier, ids] of rows) assert.deepEqual(named(specifier, known), ids, specifier);
});

test('whatever the text, the answer is ids that exist', () => {
	const word = fc.oneof(
		fc.string(),
		fc.constantFrom('vlan', 'subnet', 'space', 'id', 'vid', ':', '&&', '__proto__', 'constructor'),
	);
	fc.assert(
		fc.property(
			fc.array(word).map((words) => words.join(':')),
			(text) => {
				for (const id of subnetsNamed(text, known)) assert.ok(known.subnets.some((subnet) => subnet.id === id));
				for (const id of vlansNamed(text, known)) assert.ok(known.vlans.some((vlan) => vlan.id === id));
			},
		),
	);
	assert.deepEqual(subnetsNamed('vlan:subnet:'.repeat(100_000), known), []);
});
