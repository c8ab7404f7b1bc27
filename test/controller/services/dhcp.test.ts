import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { Ipv4 } from '../../../controller/domain/address.ts';
import type { DhcpAnswer, DhcpRequest } from '../../../controller/domain/bootRequest.ts';
import { silentLog } from '../../../controller/log.ts';
import { createDhcpServer, type DhcpServer } from '../../../controller/services/dhcp.ts';
import { type DhcpMessage, decode, encode } from '../../../controller/wire/dhcp.ts';
import { type Datagrams, loopbackSockets, openDatagrams } from '../../support/datagrams.ts';
import { goldenPackets } from '../../support/golden.ts';

const OFFER: DhcpAnswer = {
	kind: 'offer',
	address: '192.0.2.50' as Ipv4,
	leaseSeconds: 600,
	subnetMask: '255.255.255.0' as Ipv4,
};
const golden = (name: string): DhcpMessage =>
	decode(goldenPackets('dhcp').find((packet) => packet.name === name)?.bytes as Buffer);

/** Requests come as if by a relay on loopback, since broadcasts can't be sent there. */
let relay: Datagrams;
let server: DhcpServer;
let port: number;
let clock = 1_000_000;
let asked: DhcpRequest[] = [];
let answer: (request: DhcpRequest) => Promise<DhcpAnswer | 'silence'>;

beforeEach(async () => {
	relay = await openDatagrams();
	const [socket] = await loopbackSockets(1);
	assert.ok(socket);
	port = socket.address().port;
	asked = [];
	answer = async () => OFFER;
	server = createDhcpServer({
		socket,
		interface: { name: 'lan0', address: '192.0.2.1' as Ipv4, prefix: 24 },
		answer: (request) => {
			asked.push(request);
			return answer(request);
		},
		log: silentLog,
		ports: { client: 1, relay: relay.port },
		now: () => clock,
	});
});
afterEach(async () => {
	await server.stop();
	relay.close();
});

const ask = (message: DhcpMessage, fields: Partial<DhcpMessage> = {}): void =>
	relay.send(encode({ ...message, giaddr: '127.0.0.1', ...fields }, 1472), port);
const reply = async (): Promise<DhcpMessage> => decode((await relay.next()).bytes);

test('an offer goes back to the relay with all that identifies the request', async () => {
	const discover = golden('ipxe-bios-discover');
	const relayAgentInfo = Buffer.from('0104' + '65746831', 'hex');
	ask(discover, { options: { ...discover.options, relayAgentInfo } });
	const offer = await reply();
	assert.deepEqual(
		{ op: offer.op, xid: offer.xid, yiaddr: offer.yiaddr, giaddr: offer.giaddr, chaddr: offer.chaddr },
		{ op: 'reply', xid: discover.xid, yiaddr: '192.0.2.50', giaddr: '127.0.0.1', chaddr: discover.chaddr },
	);
	assert.deepEqual(offer.options, {
		messageType: 'offer',
		serverId: '192.0.2.1',
		leaseSeconds: 600,
		renewalSeconds: 300,
		rebindingSeconds: 525,
		subnetMask: '255.255.255.0',
		clientId: discover.options.clientId,
		machineId: discover.options.machineId,
		relayAgentInfo,
	});
	assert.deepEqual(asked[0]?.relay, { circuitId: 'eth1' });
});

test('a relay behind address translation is answered where its packet came from', async () => {
	await server.stop();
	const [socket] = await loopbackSockets(1);
	assert.ok(socket);
	port = socket.address().port;
	server = createDhcpServer({
		...{ socket, interface: { name: 'sim0', address: '10.77.16.1' as Ipv4, prefix: 20 } },
		...{ answer: async () => OFFER, log: silentLog, relaysAreTranslated: true },
	});
	ask(golden('udhcpc-discover'), { giaddr: '10.77.16.2' });
	assert.deepEqual((await reply()).giaddr, '10.77.16.2');
});

test('replies have at least 300 bytes', async () => {
	ask(golden('udhcpc-discover'));
	assert.equal((await relay.next()).bytes.length, 300);
});

test('what can not be read is counted and the next request is answered', async () => {
	const good = encode(golden('udhcpc-discover'));
	for (const bad of [
		Buffer.alloc(0),
		Buffer.alloc(1000, 0xff),
		good.subarray(0, 250),
		encode({ ...golden('udhcpc-discover'), chaddr: Buffer.alloc(6) }),
	]) {
		relay.send(bad, port);
	}
	ask(golden('udhcpc-discover'));
	await reply();
	assert.deepEqual({ ...server.counts }, { malformed: 4, dropped: 0, silent: 0, answered: 1 });
});

test('a policy that fails or says nothing leaves the client without an answer, and the next one is served', async () => {
	answer = async () => {
		throw new Error('the disk is full');
	};
	ask(golden('udhcpc-discover'));
	await relay.within(50);
	answer = async () => 'silence';
	ask(golden('udhcpc-discover'), { xid: 2 });
	assert.deepEqual(await relay.within(50), []);
	answer = async () => OFFER;
	ask(golden('udhcpc-discover'), { xid: 3 });
	assert.equal((await reply()).xid, 3);
	assert.deepEqual({ ...server.counts }, { malformed: 0, dropped: 1, silent: 1, answered: 1 });
});

test('an answer that comes after 4 s is dropped', async () => {
	answer = async () => {
		clock += 4001;
		return OFFER;
	};
	ask(golden('udhcpc-discover'));
	assert.deepEqual(await relay.within(50), []);
	assert.equal(server.counts.dropped, 1);
});

test('a repetition of a request that is still being thought about costs nothing', async () => {
	const waiting: (() => void)[] = [];
	answer = () => new Promise((done) => waiting.push(() => done(OFFER)));
	for (let i = 0; i < 3; i++) ask(golden('udhcpc-discover'));
	await relay.within(50);
	assert.equal(asked.length, 1);
	waiting[0]?.();
	await reply();
	assert.deepEqual({ ...server.counts }, { malformed: 0, dropped: 2, silent: 0, answered: 1 });
});

test('decline and release are told to the policy and never answered', async () => {
	ask(golden('udhcpc-release'));
	ask(golden('udhcpc-discover'), { options: { messageType: 'decline', requestedAddress: '192.0.2.50', serverId: '192.0.2.1' } });
	assert.deepEqual(await relay.within(50), []);
	assert.deepEqual(
		asked.map(({ kind }) => kind),
		['release', 'decline'],
	);
});

test('a stopped server hears nothing more', async () => {
	await server.stop();
	ask(golden('udhcpc-discover'));
	assert.deepEqual(await relay.within(50), []);
	assert.deepEqual(asked, []);
	server = { counts: server.counts, stop: async () => {} };
});
