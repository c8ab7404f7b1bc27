import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDisks } from '../../../controller/domain/readDisks.ts';

const GiB = 2 ** 30;
const disk = {
	id: 'sda',
	device_id: 'ata-X_1',
	type: 'scsi',
	model: 'X',
	serial: '1',
	size: 8 * GiB,
	block_size: 4096,
	rpm: 0,
	firmware_version: '2.0',
	read_only: false,
	removable: false,
};
const read = (disks: unknown, others = {}) => {
	const warnings: string[] = [];
	return { disks: readDisks({ storage: { disks }, lshw: null, nvme: null, ...others }, (text) => warnings.push(text)), warnings };
};
const expected = {
	name: 'sda',
	idPath: '/dev/disk/by-id/ata-X_1',
	model: 'X',
	serial: '1',
	size: 8 * GiB,
	blockSize: 4096,
	rotational: false,
	firmwareVersion: '2.0',
	tags: ['ssd'],
};

const rules: [name: string, change: object, expected: object][] = [
	['a disk', {}, {}],
	['a turning SATA disk', { type: 'sata', rpm: 7200 }, { rotational: true, tags: ['rotary', '7200rpm', 'sata'] }],
	['a stick', { removable: true }, { tags: ['ssd', 'removable'] }],
	['no serial number, so no by-id path', { serial: '' }, { serial: null, idPath: '/dev/sda' }],
	['no device_id', { device_id: '' }, { idPath: '/dev/sda' }],
	['a device_id that leaves its folder', { device_id: '../../mem' }, { idPath: '/dev/sda' }],
	['a device_id of dots', { device_id: '..' }, { idPath: '/dev/sda' }],
	['a block size of 0', { block_size: 0 }, { blockSize: 512 }],
	['a block size below 0', { block_size: -512 }, { blockSize: 512 }],
	['a size in text', { size: String(8 * GiB) }, {}],
	['an old Smart Array', { id: 'cciss!c0d0', device_id: '' }, { name: 'cciss!c0d0', idPath: '/dev/cciss!c0d0' }],
	['a name with escapes', { id: 'sd\u001b[2Ja', device_id: '' }, { name: 'disk0', idPath: null }],
	['a name that leaves its folder', { id: '../mem', device_id: '' }, { name: 'disk0', idPath: null }],
	[
		'texts of other types',
		{ model: {}, serial: [], firmware_version: true },
		{ model: null, serial: null, firmwareVersion: null, idPath: '/dev/sda' },
	],
	['speeds of other types', { rpm: 'fast' }, {}],
];
for (const [name, change, difference] of rules)
	test(`taken: ${name}`, () =>
		assert.deepEqual(read([{ ...disk, ...change }]), { disks: [{ ...expected, ...difference }], warnings: [] }));

const left: [name: string, change: object, warnings: string[]][] = [
	['read-only', { read_only: true }, []],
	['a CD drive', { id: 'sr0', type: 'cdrom' }, []],
	['a loop device', { id: 'loop3' }, []],
	['4 MiB', { size: 4 * 1024 * 1024 }, []],
	['no size', { size: undefined }, ['Disk sda was left out: its size is no number of bytes.']],
	['a size below 0', { size: -1 }, ['Disk sda was left out: its size is no number of bytes.']],
	['a size that is no number', { size: Number.NaN }, ['Disk sda was left out: its size is no number of bytes.']],
	['a size beyond numbers', { size: 1e300 }, ['Disk sda was left out: its size is no number of bytes.']],
];
for (const [name, change, warnings] of left)
	test(`left out: ${name}`, () => assert.deepEqual(read([{ ...disk, ...change }]), { disks: [], warnings }));

for (const given of [null, 'disks', { length: 5 }, [null, 7, 'x', []]])
	test(`no disks in ${JSON.stringify(given)}`, () => assert.deepEqual(read(given).disks, []));

test('what the resources lack comes from lshw, then from nvme list', () => {
	const bare = { id: 'nvme0n1', size: 8 * GiB };
	const lshw = { disks: new Map([['nvme0n1', { vendor: null, model: 'by lshw', serial: null, version: null }]]) };
	const nvme = {
		Devices: [{ DevicePath: '/dev/nvme0n1', ModelNumber: 'by nvme', SerialNumber: 'S1', Firmware: '3.0' }, { DevicePath: 7 }],
	};
	assert.deepEqual(read([bare], { lshw, nvme }).disks, [
		{
			name: 'nvme0n1',
			idPath: '/dev/nvme0n1',
			model: 'by lshw',
			serial: 'S1',
			size: 8 * GiB,
			blockSize: 512,
			rotational: false,
			firmwareVersion: '3.0',
			tags: ['ssd'],
		},
	]);
});

test('2,000 disks are cut, doubles are named', () => {
	const many = Array.from({ length: 2000 }, (_, at) => ({ ...disk, id: `sd${at % 1000}` }));
	const { disks, warnings } = read(many);
	assert.equal(disks.length, 1000);
	assert.equal(warnings.length, 25);
	assert.deepEqual(warnings.slice(0, 2), [
		'The machine reports 2000 disks; the first 1024 were taken.',
		'Disk sd0 is reported twice; the first was taken.',
	]);
});
