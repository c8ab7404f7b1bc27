import { silentLog } from '../../controller/log.ts';
import { createNetport } from '../../controller/services/netport.ts';
import { type DhcpMessage, decode, encode } from '../../controller/wire/dhcp.ts';
import { goldenPackets } from '../support/golden.ts';
import { median } from './measure.ts';

/**
 * `dhcpLoad.ts NETPORT OWN SERVER CLIENTS INFLIGHT FIRST`: so many machines, each sending what OVMF's PXE sends, behind a relay at OWN;
 * prints as JSON how many got an address, in what time, and how long an exchange of four packets took.
 */
const [netportPath = '', own = '', server = '', clients = '0', inFlight = '32', first = '0'] = process.argv.slice(2);
const socket = await createNetport({ command: [netportPath], log: silentLog }).udp(67, undefined, own);
socket.setRecvBufferSize(1024 * 1024);
const golden = goldenPackets('dhcp').find(({ name }) => name === 'ovmf-pxe-discover')?.bytes;
if (!golden) throw new Error('the capture is missing');
const discover: DhcpMessage = { ...decode(golden), giaddr: own };
const macOf = (xid: number): Buffer => Buffer.from(`5254${xid.toString(16).padStart(8, '0')}`, 'hex');

const waiting = new Map<number, { began: number; sent: number; message: DhcpMessage }>();
const times: number[] = [];
let next = Number(first);
let repeated = 0;
const last = next + Number(clients);
const send = (message: DhcpMessage): void => socket.send(encode(message, 1472), 67, server);
const startOne = (): void => {
	if (next === last) return;
	const xid = next++;
	const message = { ...discover, xid, chaddr: macOf(xid) };
	waiting.set(xid, { began: performance.now(), sent: performance.now(), message });
	send(message);
};
const began = performance.now();
const finished = new Promise<void>((done) => {
	socket.on('message', (bytes) => {
		const reply = decode(bytes);
		const exchange = waiting.get(reply.xid);
		if (!exchange) return;
		if (reply.options.messageType === 'offer' && exchange.message.options.messageType === 'discover') {
			const { messageType: _discover, ...options } = discover.options;
			const asked = {
				messageType: 'request' as const,
				serverId: reply.options.serverId ?? server,
				requestedAddress: reply.yiaddr,
			};
			exchange.message = { ...exchange.message, options: { ...options, ...asked } };
			exchange.sent = performance.now();
			send(exchange.message);
		} else if (reply.options.messageType === 'ack') {
			times.push(performance.now() - exchange.began);
			waiting.delete(reply.xid);
			startOne();
			if (waiting.size === 0) done();
		}
	});
});
const repeat = setInterval(() => {
	for (const exchange of waiting.values()) {
		if (performance.now() - exchange.sent < 1000) continue;
		repeated++;
		exchange.sent = performance.now();
		send(exchange.message);
	}
}, 200);
for (let i = 0; i < Number(inFlight); i++) startOne();
await finished;
clearInterval(repeat);
socket.close();
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ bound: times.length, seconds, median: median(times), worst: Math.max(...times), repeated }));
