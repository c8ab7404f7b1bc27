import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readHardwareInfo } from '../../../controller/domain/readHardwareInfo.ts';
import { resourcesOf } from '../../../controller/simulation/hardware/resources.ts';
import { makeHardware } from '../../support/plainHardware.ts';

test('what the firmware says of the machine, under MAAS’s names; what it leaves empty is missing', () => {
	assert.deepEqual(readHardwareInfo(resourcesOf(makeHardware(1))), {
		info: {
			system_vendor: 'Example Systems',
			system_product: 'Pizza 1U',
			system_family: 'Pizza',
			system_serial: 'SIM00001',
			mainboard_vendor: 'Example Systems',
			mainboard_product: 'Board 7',
			mainboard_serial: 'B-SIM00001',
			mainboard_version: 'A01',
			mainboard_firmware_vendor: 'Example BIOS',
			mainboard_firmware_version: '2.7.1',
			mainboard_firmware_date: '05/06/2025',
			chassis_vendor: 'Example Systems',
			chassis_serial: 'SIM00001',
			chassis_type: 'Rack Mount Chassis',
			cpu_model: 'Example CPU E-2288 @ 3.70GHz',
		},
		cpuSpeed: 3700,
	});
});

for (const [name, sockets, speed] of [
	['the name', [{ name: 'X @ 2.40GHz', frequency_turbo: 3900 }], 2400],
	['a name in MHz', [{ name: 'X @ 800MHz' }], 800],
	['the highest turbo', [{ name: 'X', frequency_turbo: 3900 }, { frequency_turbo: 4100 }], 4100],
	['the mean of the cores', [{ cores: [{ frequency: 1000 }, { frequency: 2001 }] }], 1501],
	['a turbo that is none', [{ frequency_turbo: 4294967295, cores: [{ frequency: 1200 }] }], 1200],
	['nothing', [], null],
] as const)
	test(`the speed comes from ${name}`, () => assert.equal(readHardwareInfo({ resources: { cpu: { sockets } } }).cpuSpeed, speed));

test('whatever is printed, texts that can be shown come out', () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.jsonValue(), (system, sockets) => {
			const { info, cpuSpeed } = readHardwareInfo({ resources: { system, cpu: { sockets } } });
			assert.ok(cpuSpeed === null || (Number.isInteger(cpuSpeed) && cpuSpeed > 0));
			for (const text of Object.values(info)) assert.match(text, /^[^\p{Cc}]+$/u);
		}),
	);
});
