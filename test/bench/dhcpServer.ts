import { type Ipv4, ipv4FromNumber, ipv4ToNumber, type Mac } from '../../controller/domain/address.ts';
import { silentLog } from '../../controller/log.ts';
import { createDhcpServer } from '../../controller/services/dhcp.ts';
import { createNetport, openDhcpSockets } from '../../controller/services/netport.ts';

/** Our DHCP server as a program for the bench: `dhcpServer.ts NETPORT DEVICE ADDRESS`, with leases in memory only. */
const [netportPath = '', device = '', address = ''] = process.argv.slice(2);
const netport = createNetport({ command: [netportPath], log: silentLog });
const server = address as Ipv4;
const first = ipv4ToNumber(server) + 256;
const leases = new Map<Mac, Ipv4>();
const settings = { leaseSeconds: 3600, subnetMask: '255.255.0.0' as Ipv4, routers: [server], boot: { file: 'bootx64.efi' } };

createDhcpServer({
	...(await openDhcpSockets(netport, device, server)),
	interface: { name: device, address: server, prefix: 16 },
	log: silentLog,
	async answer({ mac, kind, requestedIp }) {
		const leased = leases.get(mac) ?? ipv4FromNumber(first + leases.size);
		leases.set(mac, leased);
		if (kind === 'discover') return { kind: 'offer', address: leased, ...settings };
		return requestedIp === leased ? { kind: 'ack', address: leased, ...settings } : { kind: 'nak', message: 'another address' };
	},
});
console.log('serving');
