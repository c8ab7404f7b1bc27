import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isForHardware } from '../../../controller/domain/forHardware.ts';

const facts = {
	info: { system_vendor: 'Example Inc.', mainboard_product: 'X11' },
	devices: new Set(['pci:8086:1572', 'usb:0781:5583']),
	modaliases: ['pci:v00008086d00001572sv00008086sd00000000bc02sc00i00', 'dmi:bvnSeaBIOS'],
};

for (const [wanted, is] of [
	[[], true],
	[['system_vendor:Example Inc.'], true],
	[['system_vendor: example inc.'], true],
	[['system_vendor:Example'], false],
	[['mainboard_product:X11'], true],
	[['mainboard_vendor:X11'], false],
	[['pci:8086:1572'], true],
	[['PCI:8086:1572'], true],
	[['usb:8086:1572'], false],
	[['usb:0781:5583'], true],
	[['pci:10de:20b0', 'usb:0781:5583'], true],
	[['modalias:pci:v00008086d*'], true],
	[['modalias:*d00001572sv*bc02*'], true],
	[['modalias:dmi:bvnSeaBIO?'], true],
	[['modalias:dmi:bvn'], false],
	[['modalias:*'], true],
] as const)
	test(`a script for ${JSON.stringify(wanted)} is ${is ? '' : 'not '}for this machine`, () =>
		assert.equal(isForHardware(wanted, facts), is));

test('a modalias with stars matches as the same regular expression does', () => {
	const word = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 });
	fc.assert(
		fc.property(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 }), word, (alias, pattern) => {
			const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(alias);
			assert.equal(isForHardware([`modalias:${pattern}`], { ...facts, modaliases: [alias] }), expected);
		}),
	);
});

test('a pattern of many stars is answered at once', () => {
	const began = performance.now();
	assert.equal(isForHardware([`modalias:${'*a'.repeat(2000)}b`], { ...facts, modaliases: ['a'.repeat(4000)] }), false);
	assert.ok(performance.now() - began < 500);
});
