import type { Ipv4 } from '../../controller/domain/address.ts';
import { createLog } from '../../controller/log.ts';
import { createDhcpServer } from '../../controller/services/dhcp.ts';
import { createNetport, openDhcpSockets } from '../../controller/services/netport.ts';
import { createTftpServer } from '../../controller/services/tftp.ts';

/**
 * A program for tests in namespaces: `segmentServer.ts NETPORT DEVICE ADDRESS` serves DHCP and TFTP on one interface, by the sockets
 * that netport opens for it, and prints a line for each DHCP request. It gives every machine the address with .50 at its end.
 */
const [netportPath = '', device = '', address = ''] = process.argv.slice(2);
const log = createLog('warn');
const netport = createNetport({ command: [netportPath], log });
const server = address as Ipv4;
const leased = address.replace(/\.\d+$/, '.50') as Ipv4;

const dhcp = createDhcpServer({
	...(await openDhcpSockets(netport, device, server)),
	interface: { name: device, address: server, prefix: 24 },
	log,
	async answer({ kind, requestedIp }) {
		console.log(`heard ${kind} ${requestedIp ?? '-'}`);
		if (kind === 'decline' || kind === 'release') return 'silence';
		const settings = { subnetMask: '255.255.255.0' as Ipv4, routers: [server] };
		if (kind === 'inform') return { kind: 'inform-ack', ...settings };
		if (kind !== 'discover' && requestedIp !== leased) return { kind: 'nak', message: 'not an address of this segment' };
		return { kind: kind === 'discover' ? 'offer' : 'ack', address: leased, leaseSeconds: 8, ...settings };
	},
});
const tftp = createTftpServer({
	socket: await netport.udp(69, device),
	transferSockets: (count) => netport.udpClients(count, device),
	openFile: async (name) => (name === 'loader' ? { bytes: Buffer.alloc(100_000, 'x') } : 'not-found'),
	log,
});
process.on('SIGTERM', () => void Promise.all([dhcp.stop(), tftp.stop()]).then(() => process.exit()));
console.log(`serving as uid ${process.getuid?.()}`);
