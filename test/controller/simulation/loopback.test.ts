import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ipv4 } from '../../../controller/domain/address.ts';
import { makeHardware } from '../../../controller/simulation/hardware/hardware.ts';
import { createSimulatedMachine } from '../../../controller/simulation/machine.ts';
import { openLoopbackNetwork } from '../../../controller/simulation/network/loopback.ts';
import { createNetworkBoot } from '../../../controller/simulation/network/networkBoot.ts';
import { bmcPlace, bootNetwork } from '../../../controller/simulation/places.ts';
import { decode } from '../../../controller/wire/dhcp.ts';

async function network(t: TestContext) {
	const loopback = await openLoopbackNetwork(bootNetwork);
	t.after(loopback.stop);
	return loopback;
}
const never = new AbortController().signal;

test('a machine asks DHCP through the relay as its firmware does, and is silent as soon as it is off', async (t) => {
	const { netport, wire } = await network(t);
	const server = await netport.udp(67, bootNetwork.interface, bootNetwork.server);
	t.after(() => server.close());
	for (const [number, architecture, vendorClass] of [
		[1, 7, /^PXEClient:Arch:00007/],
		[2, 0, /^PXEClient:Arch:00000/],
		[4, 16, /^HTTPClient:Arch:00016/],
	] as const) {
		const hardware = makeHardware(number);
		const machine = createSimulatedMachine({ hardware, wire, network: createNetworkBoot(wire), tempo: 1 });
		machine.powerOn();
		const [bytes, from] = (await once(server, 'message')) as [Buffer, { address: string }];
		const { giaddr, hops, options, chaddr } = decode(bytes);
		assert.deepEqual(
			[giaddr, hops, from.address, Buffer.from(chaddr).toString('hex'), options.messageType, options.clientArchitectures?.[0]],
			[bootNetwork.gateway, 1, '127.0.0.1', hardware.macs[0]?.replaceAll(':', ''), 'discover', architecture],
		);
		assert.match(options.vendorClass ?? '', vendorClass);
		machine.powerOff();
		let heard = 0;
		const count = () => heard++;
		server.on('message', count);
		await sleep(60);
		server.off('message', count);
		assert.deepEqual([heard, machine.doing], [0, 'off']);
	}
});

test('what is asked of the controller’s address arrives on loopback, from the machine’s own', async (t) => {
	const { netport, wire, addressInRack } = await network(t);
	const http = createServer((request, response) => response.end(`${request.url} for ${request.socket.remoteAddress}`));
	http.listen(await netport.tcp(5248, bootNetwork.interface));
	t.after(() => http.close());
	const { status, body } = await wire.http('GET', 'http://10.77.0.1:5248/boot/x?y=1', { from: '10.77.16.9', signal: never });
	const [, asked, peer] = /^(\S+) for (\S+)$/.exec(body.toString()) ?? [];
	assert.deepEqual([status, asked], [200, '/boot/x?y=1']);
	// macOS has one loopback address for all
	assert.equal(addressInRack(peer as Ipv4), process.platform === 'darwin' ? '127.0.0.1' : '10.77.16.9');
});

test('a controller that is away is no answer, and no error', async (t) => {
	const { netport, wire } = await network(t);
	const server = await netport.tcp(5248, bootNetwork.interface);
	await new Promise((closed) => server.close(closed));
	assert.equal((await wire.http('GET', 'http://10.77.0.1:5248/', { signal: never })).status, 0);
});

test('no two BMCs have one place, on any system', () => {
	for (const platform of ['linux', 'darwin', 'win32'] as const) {
		const places = Array.from({ length: 1000 }, (_, at) => [bmcPlace(at + 1, 0, platform), bmcPlace(at + 1, 1, platform)]).flat();
		assert.equal(new Set(places.map(({ address, port }) => `${address}:${port}`)).size, 2000);
		assert.ok(places.every(({ address, port }) => address.startsWith('127.') && port > 1023 && port < 49_152));
	}
});

test('TFTP is asked where the controller answers it, also when that is not 69', async (t) => {
	const { netport, wire, stop } = await openLoopbackNetwork(bootNetwork, 6969);
	t.after(stop);
	const server = await netport.udp(6969, bootNetwork.interface, bootNetwork.server);
	t.after(() => server.close());
	const abort = new AbortController();
	const fetched = wire.fetchTftp(bootNetwork.server, '10.77.16.9', 'undionly.kpxe', abort.signal).catch(() => null);
	const [request] = (await once(server, 'message')) as [Buffer];
	assert.match(request.toString('latin1'), /undionly\.kpxe/);
	abort.abort();
	await fetched;
});
