import assert from 'node:assert/strict';
import { test } from 'node:test';
import peer from 'dhcp/lib/protocol.js';
import { type DhcpMessage, encode } from '../../../controller/wire/dhcp.ts';

// The npm package's codec alone: its server is no peer (README, decision R2).
test('an offer reads the same in a codec that somebody else wrote', () => {
	const offer: DhcpMessage = {
		op: 'reply',
		hardwareType: 1,
		hops: 1,
		xid: 0x1234abcd,
		secs: 7,
		broadcast: true,
		ciaddr: '0.0.0.0',
		yiaddr: '192.168.77.128',
		siaddr: '192.168.77.1',
		giaddr: '192.168.78.1',
		chaddr: Buffer.from('5254004c0011', 'hex'),
		sname: '',
		file: 'undionly.kpxe',
		options: {
			messageType: 'offer',
			serverId: '192.168.77.1',
			leaseSeconds: 600,
			subnetMask: '255.255.255.0',
			hostName: 'node-1',
		},
	};
	const { op, htype, hlen, hops, xid, secs, flags, yiaddr, siaddr, giaddr, chaddr, file, options } = peer.parse(encode(offer));
	assert.deepEqual(
		{ op, htype, hlen, hops, xid, secs, flags, yiaddr, siaddr, giaddr, chaddr, file, options: { ...(options as object) } },
		{
			op: 2,
			htype: 1,
			hlen: 6,
			hops: 1,
			xid: 0x1234abcd,
			secs: 7,
			flags: 0x8000,
			yiaddr: '192.168.77.128',
			siaddr: '192.168.77.1',
			giaddr: '192.168.78.1',
			chaddr: '52-54-00-4C-00-11',
			file: 'undionly.kpxe',
			options: { 53: 2, 54: '192.168.77.1', 51: 600, 1: '255.255.255.0', 12: 'node-1' },
		},
	);
});
