import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { getBootFlags, setBootFlags } from '../../../../controller/ipmi-js/commands/bootOptions.ts';
import { chassisControl, getChassisStatus } from '../../../../controller/ipmi-js/commands/chassis.ts';
import type { Command } from '../../../../controller/ipmi-js/commands/command.ts';
import { commandRefusal } from '../../../../controller/ipmi-js/commands/completionCodes.ts';
import { getDeviceId } from '../../../../controller/ipmi-js/commands/device.ts';
import * as lan from '../../../../controller/ipmi-js/commands/lan.ts';
import * as users from '../../../../controller/ipmi-js/commands/users.ts';
import { IpmiError } from '../../../../controller/ipmi-js/errors.ts';

const readers: readonly Command<unknown>[] = [
	...[getChassisStatus, getBootFlags, getDeviceId, lan.getLanAddress(), lan.getLanMac(), lan.getLanAddressSource()],
	...[users.getUserName(2), users.getUserAccess(2)],
];

for (const command of readers) {
	test(`${command.name}: any answer is read or is a bad reply`, () => {
		assert.throws(() => command.decode(Buffer.alloc(0)), { code: 'bad-reply' });
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
				try {
					command.decode(Buffer.from(bytes));
				} catch (error) {
					assert.ok(error instanceof IpmiError && error.code === 'bad-reply', String(error));
				}
			}),
		);
	});
}

for (const [command, hex] of [
	[chassisControl('off'), '00'],
	[chassisControl('on'), '01'],
	[chassisControl('cycle'), '02'],
	[chassisControl('reset'), '03'],
	[chassisControl('soft'), '05'],
	[setBootFlags({ device: 'pxe', efi: false, persistent: false }), '058004000000'],
	[setBootFlags({ device: 'disk', efi: true, persistent: true }), '05e008000000'],
	[users.setUserName(3, 'ops'), `036f7073${'00'.repeat(13)}`],
	[users.setUserPassword(3, 'pw'), `83027077${'00'.repeat(18)}`],
	[users.enableUser(3, true), '0301'],
	[users.setUserAccess(3, 'operator', 1), 'b1030300'],
] as const) {
	test(`${command.name} sends ${hex}`, () => assert.equal(command.data.toString('hex'), hex));
}

test('only orders that can be repeated without harm are repeatable', () => {
	const harmless = (['on', 'off', 'soft', 'cycle', 'reset'] as const).filter((order) => chassisControl(order).repeatable);
	assert.deepEqual(harmless, ['on', 'off', 'soft']);
});

test('what a BMC says about boot flags', () => {
	const rows = [
		['0105a004000000', { valid: true, persistent: false, efi: true, device: 'pxe' }],
		['0105c008000000', { valid: true, persistent: true, efi: false, device: 'disk' }],
		['01050000000000', { valid: false, persistent: false, efi: false, device: 'none' }],
		['0105803c000000', { valid: true, persistent: false, efi: false, device: 'other' }],
	] as const;
	for (const [hex, flags] of rows) assert.deepEqual(getBootFlags.decode(Buffer.from(hex, 'hex')), flags);
});

test('values that do not fit are refused before anything is sent', () => {
	assert.throws(() => users.setUserName(3, 'x'.repeat(17)), { code: 'bad-parameters' });
	assert.throws(() => users.setUserPassword(3, 'ü'.repeat(11)), { code: 'bad-parameters' });
});

test('completion codes: general, and those that one command means differently', () => {
	const codes = [0xc1, 0xd4, 0xd5, 0x80, 0x42].map((code) => commandRefusal(getBootFlags, code).code);
	assert.deepEqual(codes, ['unsupported', 'privilege-too-low', 'rejected', 'unsupported', 'rejected']);
	assert.equal(
		commandRefusal(users.testUserPassword(3, 'x'), 0x80).message,
		'the BMC answered Set User Password (test) with "another password is stored" (0x80)',
	);
});
