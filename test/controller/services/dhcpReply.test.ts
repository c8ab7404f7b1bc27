import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ipv4 } from '../../../controller/domain/address.ts';
import type { DhcpAnswer } from '../../../controller/domain/bootRequest.ts';
import { writeReply } from '../../../controller/services/dhcpReply.ts';
import { readRequest } from '../../../controller/services/dhcpRequest.ts';
import { type DhcpMessage, decode, encode } from '../../../controller/wire/dhcp.ts';
import { assertGolden, describe, goldenPackets } from '../../support/golden.ts';

const golden = (name: string): DhcpMessage =>
	decode(goldenPackets('dhcp').find((packet) => packet.name === name)?.bytes as Buffer);
const SERVER = '192.168.77.1' as Ipv4;
const settings = {
	subnetMask: '255.255.255.0' as Ipv4,
	routers: [SERVER],
	dnsServers: [SERVER],
	domain: 'lab.example.org',
	hostname: 'node1',
};
const lease = (kind: 'offer' | 'ack', file?: string): DhcpAnswer => ({
	kind,
	address: '192.168.77.100' as Ipv4,
	leaseSeconds: 3600,
	...settings,
	...(file && { boot: { file } }),
});
const answerTo = (name: string, answer: DhcpAnswer, fields: Partial<DhcpMessage> = {}): DhcpMessage => {
	const message = { ...golden(name), ...fields };
	return writeReply(message, readRequest(message, { interface: 'lan0', receivedAt: 0, broadcast: true }), answer, SERVER);
};

/** What each firmware is sent, as text to be looked at; the real ones booted with these answers. */
const replies: [string, string, DhcpAnswer][] = [
	['reply-ovmf-pxe-offer', 'ovmf-pxe-discover', lease('offer', 'bootx64.efi')],
	['reply-ovmf-http-ack', 'ovmf-http-select', lease('ack', 'http://192.168.77.1:5248/boot/bootx64.efi')],
	['reply-ipxe-bios-ack', 'ipxe-bios-select', lease('ack', 'http://192.168.77.1:5248/boot/52:54:00:4c:00:01')],
	['reply-udhcpc-ack', 'udhcpc-select', lease('ack')],
	['reply-dhclient-renew-ack', 'dhclient-renew', lease('ack')],
	['reply-nak', 'dhclient-init-reboot', { kind: 'nak', message: 'this address belongs to another subnet' }],
];
for (const [name, request, answer] of replies) {
	test(name, () => {
		const reply = answerTo(request, answer);
		assertGolden('dhcp', name, describe(reply));
		assert.deepEqual(decode(encode(reply, 1472)), reply);
	});
}

test('a refusal through a relay asks it to broadcast (RFC 2131 4.3.2)', () => {
	const nak: DhcpAnswer = { kind: 'nak', message: 'no' };
	assert.equal(answerTo('dhclient-init-reboot', nak, { giaddr: '192.0.2.254' }).broadcast, true);
	assert.equal(answerTo('dhclient-init-reboot', nak).broadcast, false);
});

test('INFORM gets settings and neither address nor lease', () => {
	const reply = answerTo('dhclient-renew', { kind: 'inform-ack', ...settings }, { options: { messageType: 'inform' } });
	assert.equal(reply.yiaddr, '0.0.0.0');
	assert.deepEqual(reply.options, {
		messageType: 'ack',
		serverId: SERVER,
		subnetMask: '255.255.255.0',
		routers: [SERVER],
		dnsServers: [SERVER],
		domainName: 'lab.example.org',
		hostName: 'node1',
	});
});

test('a URL too long for the file field is in option 67 alone', () => {
	const url = `http://192.168.77.1/${'x'.repeat(120)}`;
	const reply = answerTo('ipxe-bios-select', lease('ack', url));
	assert.deepEqual([reply.file, reply.options.bootFileName], ['', url]);
});
