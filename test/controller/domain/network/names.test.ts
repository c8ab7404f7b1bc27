import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkInterfaceName, checkNetworkName } from '../../../../controller/domain/network/names.ts';

const passes = (check: () => string): boolean => {
	try {
		check();
		return true;
	} catch {
		return false;
	}
};

test('names of networks: what can be told from ids and specifiers', () => {
	for (const [kind, name, fits] of [
		['Fabric', 'row 2', true],
		['Fabric', 'fabric-7', false],
		['Fabric', 'fabric-seven', true],
		['Space', 'dmz', true],
		['Space', 'undefined', false],
		['Space', 'space-1', false],
		['VLAN', 'storage_10', true],
		['VLAN', 'vid:10', false],
		['Subnet', '192.0.2.0/24', true],
		['Subnet', '2001:db8::/64', true],
		['Subnet', '<b>', false],
		['Fabric', '', false],
		['Fabric', ' ', false],
		['Subnet', ' ', false],
		['Fabric', 'x'.repeat(256), false],
		['VLAN', 'a\nb', false],
	] as const)
		assert.equal(
			passes(() => checkNetworkName(kind, name)),
			fits,
			`${kind} ${JSON.stringify(name)}`,
		);
});

test('names of interfaces: as Linux takes them', () => {
	for (const [name, fits] of [
		['eth0', true],
		['enp0s31f6', true],
		['bond0.4094', true],
		['fifteen-letters', true],
		['sixteen--letters', false],
		['eth 0', false],
		['eth/0', false],
		['eth0:1', false],
		['.', false],
		['..', false],
		['', false],
	] as const)
		assert.equal(
			passes(() => checkInterfaceName(name)),
			fits,
			JSON.stringify(name),
		);
});
