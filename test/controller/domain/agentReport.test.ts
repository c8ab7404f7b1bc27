import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readReport } from '../../../controller/domain/agentReport.ts';

const sent = {
	architecture: 'amd64',
	macs: ['52:54:00:4C:00:11', '52-54-00-4c-00-12'],
	boot_mac: '52:54:00:4c:00:11',
	uuid: '4C4C4544-0042-3510-8052-B4C04F4E5231',
	serial: 'B5R1',
	vendor: 'QEMU',
	product: 'Standard PC (Q35 + ICH9, 2009)',
	firmware: 'uefi',
	secure_boot: true,
	memory: 536870912,
	kernel_seconds: 12.34,
};
const read = {
	architecture: 'amd64',
	macs: ['52:54:00:4c:00:11', '52:54:00:4c:00:12'],
	bootMac: '52:54:00:4c:00:11',
	uuid: '4c4c4544-0042-3510-8052-b4c04f4e5231',
	serial: 'B5R1',
	vendor: 'QEMU',
	product: 'Standard PC (Q35 + ICH9, 2009)',
	firmware: 'uefi',
	secureBoot: true,
	memory: 536870912,
	kernelSeconds: 12.34,
};

test('a report is read', () => assert.deepEqual(readReport(sent), read));

const lenient: [name: string, change: object, expected: object][] = [
	[
		'texts that nobody filled in',
		{ serial: 'To Be Filled By O.E.M.', vendor: '', product: null },
		{ serial: null, vendor: null, product: null },
	],
	['texts of other types', { serial: {}, vendor: ['x'], product: true }, { serial: null, vendor: null, product: null }],
	['texts with escapes', { vendor: 'AC\u001b[2JME\u0000 Inc' }, { vendor: 'AC [2JME Inc' }],
	['a megabyte of product', { product: 'x'.repeat(1_000_000) }, { product: 'x'.repeat(200) }],
	['a UUID of zeros', { uuid: '00000000-0000-0000-0000-000000000000' }, { uuid: null }],
	['the same card twice', { macs: [...sent.macs, '5254004c0011'] }, {}],
	['keys that nobody knows', { color: 'blue', ['__proto__']: { firmware: 'bios' } }, {}],
];
for (const [name, change, expected] of lenient)
	test(`taken: ${name}`, () => assert.deepEqual(readReport({ ...sent, ...change }), { ...read, ...expected }));

const refused: [name: string, change: object, field: string, problem: string][] = [
	[
		'another architecture',
		{ architecture: 'x86_64' },
		'architecture',
		'architecture must be one of amd64, arm64, i386, armhf, ppc64el, s390x, riscv64, not x86_64',
	],
	[
		'no architecture',
		{ architecture: undefined },
		'architecture',
		'architecture must be one of amd64, arm64, i386, armhf, ppc64el, s390x, riscv64, not missing',
	],
	['no list of cards', { macs: '52:54:00:4c:00:11' }, 'macs', 'macs must be a list of at least one MAC address'],
	['no card', { macs: [] }, 'macs', 'macs must be a list of at least one MAC address'],
	['65 cards', { macs: Array.from({ length: 65 }, () => sent.boot_mac) }, 'macs', 'macs has 65 entries; 64 are allowed'],
	['a card without address', { macs: [...sent.macs, ''] }, 'macs', 'macs[2] is no MAC address: ""'],
	['a card that is a number', { macs: [7] }, 'macs', 'macs[0] is no MAC address: 7'],
	[
		'an Infiniband address',
		{ macs: ['80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:31:78:f2'] },
		'macs',
		'macs[0] is no MAC address: 80:00:02:08:fe:80:00:00:00:00:00:00:00:02:c9:03:00:31:78:f2',
	],
	['a multicast card', { macs: ['01:00:5e:00:00:01'] }, 'macs', 'macs[0] is a multicast address: 01:00:5e:00:00:01'],
	['a card of zeros', { macs: ['00:00:00:00:00:00'] }, 'macs', "macs[0] is no card's address: 00:00:00:00:00:00"],
	['no boot card', { boot_mac: undefined }, 'boot_mac', 'boot_mac is no MAC address: missing'],
	[
		"another machine's boot card",
		{ boot_mac: '52:54:00:4c:00:99' },
		'boot_mac',
		"boot_mac 52:54:00:4c:00:99 is none of the machine's own cards in macs",
	],
	['another firmware', { firmware: 'coreboot' }, 'firmware', 'firmware must be bios or uefi, not coreboot'],
	['Secure Boot as a word', { secure_boot: 'false' }, 'secure_boot', 'secure_boot must be true or false, not false'],
	[
		'memory below zero',
		{ memory: -2147483648 },
		'memory',
		'memory must be a number of bytes from 1 to 1125899906842624, not -2147483648',
	],
	['memory of half bytes', { memory: 0.5 }, 'memory', 'memory must be a number of bytes from 1 to 1125899906842624, not 0.5'],
	['no memory', { memory: null }, 'memory', 'memory must be a number of bytes from 1 to 1125899906842624, not null'],
	[
		'a clock that runs backwards',
		{ kernel_seconds: -1 },
		'kernel_seconds',
		'kernel_seconds must be a number of seconds from 0 to 86400, not -1',
	],
	[
		'no clock',
		{ kernel_seconds: Number.NaN },
		'kernel_seconds',
		'kernel_seconds must be a number of seconds from 0 to 86400, not NaN',
	],
];
for (const [name, change, field, problem] of refused)
	test(`refused: ${name}`, () => assert.deepEqual(readReport({ ...sent, ...change }), { problem, field }));

for (const json of [null, undefined, 7, 'text', [sent]])
	test(`refused: ${JSON.stringify(json)}`, () =>
		assert.deepEqual(readReport(json), { problem: 'the report is not a JSON object', field: 'report' }));

test('any JSON in any field is read or refused', () => {
	const value = fc.oneof(fc.jsonValue(), fc.constant(undefined));
	fc.assert(
		fc.property(fc.record(Object.fromEntries(Object.keys(sent).map((key) => [key, value])), { requiredKeys: [] }), (change) => {
			const result = readReport({ ...sent, ...change });
			if ('problem' in result) assert.ok(result.field in sent && result.problem.length < 400);
			else assert.ok(result.macs.includes(result.bootMac));
		}),
	);
});
