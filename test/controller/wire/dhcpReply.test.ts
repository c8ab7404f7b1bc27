import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DhcpMessage, decode } from '../../../controller/wire/dhcp.ts';
import type { MessageType } from '../../../controller/wire/dhcpOptions.ts';
import { type ReplyDestination, replyDestination } from '../../../controller/wire/dhcpReply.ts';
import { goldenPackets } from '../../support/golden.ts';

const discover = decode(goldenPackets('dhcp').find(({ name }) => name === 'ipxe-bios-discover')?.bytes as Buffer);

const rows: [string, Partial<DhcpMessage>, MessageType, ReplyDestination][] = [
	[
		'a relay gets what it forwarded',
		{ giaddr: '192.0.2.254', broadcast: true },
		'offer',
		{ kind: 'relay', address: '192.0.2.254' },
	],
	['a relay gets the refusal too', { giaddr: '192.0.2.254' }, 'nak', { kind: 'relay', address: '192.0.2.254' }],
	['a refusal is broadcast, whatever address the client believes in', { ciaddr: '192.0.2.9' }, 'nak', { kind: 'broadcast' }],
	[
		'a client with an address is answered there',
		{ ciaddr: '192.0.2.9', broadcast: true },
		'ack',
		{ kind: 'client', address: '192.0.2.9' },
	],
	['a client that asks for a broadcast gets it', { broadcast: true }, 'offer', { kind: 'broadcast' }],
	['any other gets it at its MAC', { broadcast: false }, 'offer', { kind: 'hardware', address: '192.0.2.10' }],
];
for (const [what, fields, messageType, expected] of rows) {
	test(what, () => {
		const request = { ...discover, ...fields };
		assert.deepEqual(
			replyDestination(request, { ...request, op: 'reply', yiaddr: '192.0.2.10', options: { messageType } }),
			expected,
		);
	});
}
