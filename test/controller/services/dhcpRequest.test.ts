import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DhcpRequestKind, Firmware } from '../../../controller/domain/bootRequest.ts';
import { readRequest } from '../../../controller/services/dhcpRequest.ts';
import { type DhcpMessage, decode } from '../../../controller/wire/dhcp.ts';
import { goldenPackets } from '../../support/golden.ts';

const heard = { interface: 'lan0', receivedAt: 5, broadcast: true };
const golden = (name: string): DhcpMessage =>
	decode(goldenPackets('dhcp').find((packet) => packet.name === name)?.bytes as Buffer);

test('a UEFI machine that asks for PXE is understood in full', () => {
	assert.deepEqual(readRequest(golden('ovmf-pxe-select'), heard), {
		kind: 'select',
		mac: '52:54:00:4c:00:02',
		xid: golden('ovmf-pxe-select').xid,
		ciaddr: null,
		requestedIp: '192.168.77.101',
		serverId: '192.168.77.1',
		uuid: '0b5e55ed-0000-4000-8000-000000000002',
		firmware: { arch: 7, name: 'uefi-x64', ipxe: false, pxe: true, http: false },
		vendorClass: 'PXEClient:Arch:00007:UNDI:003000',
		interface: 'lan0',
		receivedAt: 5,
	});
});

const firmware: [string, Firmware][] = [
	['ipxe-bios-discover', { arch: 0, name: 'bios', ipxe: true, pxe: true, http: false }],
	['ipxe-uefi-discover', { arch: 7, name: 'uefi-x64', ipxe: true, pxe: true, http: false }],
	['ovmf-http-discover', { arch: 16, name: 'uefi-http-x64', ipxe: false, pxe: false, http: true }],
	['udhcpc-discover', { arch: null, name: 'none', ipxe: false, pxe: false, http: false }],
	['dhclient-discover', { arch: null, name: 'none', ipxe: false, pxe: false, http: false }],
];
for (const [name, expected] of firmware)
	test(`${name}: which firmware`, () => assert.deepEqual(readRequest(golden(name), heard).firmware, expected));

const select = golden('dhclient-select');
const base = { ...select, ciaddr: '0.0.0.0', giaddr: '0.0.0.0' };
const kinds: [string, Partial<DhcpMessage>, boolean, DhcpRequestKind][] = [
	[
		'a server chosen',
		{ options: { messageType: 'request', serverId: '192.0.2.1', requestedAddress: '192.0.2.9' } },
		true,
		'select',
	],
	['an address remembered', { options: { messageType: 'request', requestedAddress: '192.0.2.9' } }, true, 'init-reboot'],
	['an address in use, sent to this server', { ciaddr: '192.0.2.9', options: { messageType: 'request' } }, false, 'renew'],
	['an address in use, sent to everybody', { ciaddr: '192.0.2.9', options: { messageType: 'request' } }, true, 'rebind'],
	[
		'an address in use, through a relay',
		{ ciaddr: '192.0.2.9', giaddr: '192.0.2.254', options: { messageType: 'request' } },
		false,
		'rebind',
	],
	[
		'an address in use and named again',
		{ ciaddr: '192.0.2.9', options: { messageType: 'request', requestedAddress: '192.0.2.9' } },
		false,
		'renew',
	],
];
for (const [what, fields, broadcast, kind] of kinds) {
	test(`REQUEST with ${what} is ${kind} (RFC 2131 4.3.2)`, () =>
		assert.equal(readRequest({ ...base, ...fields }, { ...heard, broadcast }).kind, kind));
}

test("real clients' REQUESTs", () => {
	const found = ['dhclient-select', 'dhclient-init-reboot', 'dhclient-renew'].map(
		(name) => readRequest(golden(name), { ...heard, broadcast: name !== 'dhclient-renew' }).kind,
	);
	assert.deepEqual(found, ['select', 'init-reboot', 'renew']);
});

test('renew and rebind ask for the address in use', () => {
	const { requestedIp, ciaddr } = readRequest(golden('dhclient-renew'), { ...heard, broadcast: false });
	assert.deepEqual([requestedIp, ciaddr], ['192.168.77.100', '192.168.77.100']);
});

test('names lose what is not printable, and too much of them', () => {
	const request = readRequest(
		{ ...base, options: { ...select.options, hostName: `a\x00\x1b[31mb${'c'.repeat(100)}\xff` } },
		heard,
	);
	assert.equal(request.hostname, `a[31mb${'c'.repeat(57)}`);
});

test("a relay's words are text where they are text, else hex digits", () => {
	const relayAgentInfo = Buffer.from('0103657468' + '0206525400000001', 'hex');
	assert.deepEqual(readRequest({ ...base, options: { ...select.options, relayAgentInfo } }, heard).relay, {
		circuitId: 'eth',
		remoteId: '525400000001',
	});
	assert.deepEqual(
		readRequest({ ...base, options: { ...select.options, relayAgentInfo: Buffer.from('01ff00', 'hex') } }, heard).relay,
		{},
	);
});

test('a machine identifier of another form is none', () => {
	for (const machineId of [Buffer.alloc(0), Buffer.alloc(16), Buffer.alloc(17, 1)]) {
		assert.equal(readRequest({ ...base, options: { ...select.options, machineId } }, heard).uuid, undefined);
	}
});

const refused: [string, Partial<DhcpMessage>, RegExp][] = [
	['a reply', { op: 'reply' }, /^op/],
	['another hardware', { hardwareType: 32 }, /^htype/],
	['a multicast MAC', { chaddr: Buffer.from('01005e000001', 'hex') }, /^chaddr: 01005e000001/],
	['a MAC of zeros', { chaddr: Buffer.alloc(6) }, /^chaddr/],
	['a MAC of eight bytes', { chaddr: Buffer.alloc(8, 2) }, /^chaddr/],
	['no type', { options: {} }, /^option 53: missing/],
	["a server's type", { options: { messageType: 'offer' } }, /^option 53: offer/],
	['a REQUEST for nothing', { options: { messageType: 'request' } }, /^request: neither/],
];
for (const [what, fields, message] of refused) {
	test(`${what} is refused`, () =>
		assert.throws(() => readRequest({ ...base, ...fields }, heard), { name: 'WireError', message }));
}
