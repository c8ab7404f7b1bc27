import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDmidecode } from '../../../controller/domain/readDmidecode.ts';

const text = `# dmidecode 3.4
Getting SMBIOS data from sysfs.
SMBIOS 3.0.0 present.

Handle 0x0000, DMI type 0, 24 bytes
BIOS Information
	Vendor: SeaBIOS
	Version: 1.16.2
	Release Date: 04/01/2014
	Characteristics:
		BIOS characteristics not supported
		Vendor: not this

Handle 0x0100, DMI type 1, 27 bytes
System Information
	Manufacturer: ACME\u001b[2J
	Product Name: Rack: 1
	Serial Number: Not Specified
	UUID: 4c4c4544-0042-3510-8052-b4c04f4e5231

Handle 0x0200, DMI type 2, 15 bytes
Base Board Information
	Manufacturer: ACME
	Product Name: Board 1

Handle 0x0201, DMI type 2, 15 bytes
Base Board Information
	Product Name: Board 2

Handle 0x0300, DMI type 17, 40 bytes
Memory Device
	Manufacturer: RAM Inc.
`;

test('the first section of each kind is read', () => {
	assert.deepEqual(readDmidecode(text), {
		bios: { Vendor: 'SeaBIOS', Version: '1.16.2', 'Release Date': '04/01/2014' },
		system: {
			Manufacturer: 'ACME [2J',
			'Product Name': 'Rack: 1',
			'Serial Number': null,
			UUID: '4c4c4544-0042-3510-8052-b4c04f4e5231',
		},
		board: { Manufacturer: 'ACME', 'Product Name': 'Board 1' },
	});
});

for (const [name, strange] of [
	['nothing', ''],
	['an error', '/dev/mem: Permission denied\n'],
	['fields without a section', '\tVendor: x\n'],
	['the names of the prototype', 'constructor\n\t__proto__: x\n'],
] as const)
	test(`${name} has nothing to read`, () => assert.deepEqual(readDmidecode(strange), { bios: {}, system: {}, board: {} }));
