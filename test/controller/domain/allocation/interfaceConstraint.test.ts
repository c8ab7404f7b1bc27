import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
	type InterfaceConstraint,
	matchInterfaces,
	missingInterface,
	parseInterfaces,
	renderInterfaces,
} from '../../../../controller/domain/allocation/interfaceConstraint.ts';
import { candidate, card, known } from '../../../support/candidates.ts';

const node = candidate(1, {
	hostname: 'node-1',
	interfaces: [
		card(10, { name: 'eth0' }),
		card(11, {
			name: 'eth1',
			linkSpeed: 10_000,
			tags: ['sriov', 'fast'],
			vlan: { id: 2, vid: 10, fabricId: 1, spaceId: 5 },
			links: [{ mode: 'static', subnetId: 2, ip: '172.16.0.9' }],
		}),
		card(12, { name: 'bond0', type: 'bond', linkSpeed: 0, vlan: null, links: [] }),
	],
});

const matched = (text: string) => {
	const constraint = parseInterfaces(text, known);
	return 'problem' in constraint ? constraint.problem : matchInterfaces(constraint, node);
};

test('each key asks one thing of an interface, and not_ the opposite', () => {
	const rows: [pair: string, ids: number[] | null][] = [
		['id=11', [11]],
		['not_id=11', [10, 12]],
		['fabric=fast', [11]],
		['fabric=1', [11]],
		['not_fabric=fabric-0', [11, 12]],
		['fabric_class=10g', [11]],
		['fabric_class=100g', null],
		['not_fabric_class=10g', [10, 12]],
		['ip=172.16.0.9', [11]],
		['ip=172.16.0.8', null],
		['not_ip=172.16.0.9', [10, 12]],
		['name=eth0', [10]],
		['not_name=eth0', [11, 12]],
		['hostname=node-1', [10, 11, 12]],
		['not_hostname=node-1', null],
		['subnet=172.16.0.0/24', [11]],
		['subnet=lab', [10]],
		['subnet=space:dmz', [11]],
		['not_subnet=lab', [11, 12]],
		['space=dmz', [11]],
		['space=5', [11]],
		['space=undefined', [10]],
		['space=undefined,space=dmz', [10, 11]],
		['not_space=dmz', [10, 12]],
		['subnet_cidr=192.168.77.0/24', [10]],
		['subnet_cidr=192.0.2.0/24', null],
		['not_subnet_cidr=192.168.77.0/24', [11, 12]],
		['vlan=blue', [11]],
		['vlan=vid:10', [11]],
		['not_vlan=1', [11, 12]],
		['vid=10', [11]],
		['vid=untagged', [10]],
		['vid=999', null],
		['not_vid=0', [11, 12]],
		['tag=sriov', [11]],
		['tag=sriov&&slow', null],
		['tag=sriov&&fast', [11]],
		['not_tag=sriov', [10, 12]],
		['mode=static', [11]],
		['mode=unconfigured', [10, 12]],
		['mode=AUTO', [10]],
		['type=bond', [12]],
		['link_speed=1000', [10, 11]],
		['link_speed=10000.0', [11]],
		['link_speed=40000', null],
	];
	for (const [pair, ids] of rows) assert.deepEqual(matched(`x:${pair}`), ids === null ? null : { x: ids }, pair);
});

test('keys add up, the values of one key don’t', () => {
	assert.deepEqual(matched('x:fabric=fast,tag=fast,link_speed=1000'), { x: [11] });
	assert.deepEqual(matched('x:name=eth0,name=eth1'), { x: [10, 11] });
	assert.deepEqual(matched('x:not_name=eth0,not_name=eth1'), { x: [12] });
	assert.deepEqual(matched('x:name=eth0,fabric=fast'), null);
});

test('each label needs an interface, and two may mean the same', () => {
	assert.deepEqual(matched('0:space=dmz,not_fabric=fabric-0;db-1:subnet=172.16.0.0/24,mode=static'), { 0: [11], 'db-1': [11] });
	assert.deepEqual(matched('a:space=dmz;b:name=eth9'), null);
});

test('what is wrong is said in MAAS’s words', () => {
	const rows: [text: string, problem: string][] = [
		['space=dmz', "Malformed constraint: 'space=dmz' (required format: '<label>:<key>=<value>[,<key2>=<value2>[,...]]')"],
		['a:name=eth0;', "Malformed constraint: '' (required format: '<label>:<key>=<value>[,<key2>=<value2>[,...]]')"],
		[
			'-a:name=eth0',
			"Invalid label name: '-a' (Must begin with an alphanumeric character, and include only alphanumeric characters, dashes, and underscores.)",
		],
		['a:name=eth0;a:name=eth1', "Constraint label defined more than once: 'a'"],
		['a:name', "Malformed key/value pair in constraint: 'name'"],
		['a:', "Malformed key/value pair in constraint: ''"],
		['a:colour=red', "Unknown interfaces constraint: 'colour'"],
		['a:not_mode=static', "Unknown interfaces constraint: 'not_mode'"],
		['a:constructor=x', "Unknown interfaces constraint: 'constructor'"],
		['a:id=eth0', 'Interface ID must be numeric.'],
		['a:mode=sometimes', "'mode' is one of: unconfigured, auto, dhcp, static, link_up."],
		['a:link_speed=fast', 'Invalid link speed: number required.'],
		['a:space=nowhere', "No matching spaces found: 'nowhere'."],
		['a:subnet=10.1.1.0/24', "No matching subnets found: '10.1.1.0/24'."],
		['a:fabric=none', "No matching fabrics found: 'none'."],
		['a:vlan=vid:99', "No matching VLANs found: 'vid:99'."],
		[Array.from({ length: 101 }, (_, at) => `l${at}:vid=1`).join(';'), 'Too many interface constraints.'],
		[`a:${Array.from({ length: 1001 }, () => 'vid=1').join(',')}`, 'Too many interface constraints.'],
	];
	for (const [text, problem] of rows) assert.equal(matched(text), problem);
});

test('the labels without an interface are named', () => {
	const constraint = parseInterfaces('a:space=dmz;b:name=eth9;c:vid=7', known) as InterfaceConstraint;
	assert.equal(missingInterface(constraint, node), 'has no interface for b, c');
});

const pair = fc.oneof(
	fc.constantFrom('space=dmz', 'not_fabric=fabric-0', 'mode=unconfigured', 'link_speed=1000', 'vid=10'),
	fc.stringMatching(/^(not_)?(name|hostname|tag|ip)=[^;,]{0,8}$/),
);
const label = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,8}$/);

test('what is parsed is rendered as it was', () => {
	const text = fc
		.uniqueArray(fc.tuple(label, fc.array(pair, { minLength: 1, maxLength: 4 })), {
			minLength: 1,
			maxLength: 4,
			selector: ([name]) => name,
		})
		.map((labels) => labels.map(([name, pairs]) => `${name}:${pairs.join(',')}`).join(';'));
	fc.assert(
		fc.property(text, (written) => {
			assert.equal(renderInterfaces(parseInterfaces(written, known) as InterfaceConstraint), written);
		}),
	);
});

test('any other text is a problem, never an exception', () => {
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'ab:;,=_-1') })), (written) => {
			const constraint = parseInterfaces(written, known);
			if ('problem' in constraint) assert.equal(typeof constraint.problem, 'string');
			else assert.equal(renderInterfaces(constraint), written);
		}),
	);
});
