import { mkdirSync } from 'node:fs';
import type { Ipv4 } from '../../controller/domain/address.ts';
import { createLeaseAddress } from '../../controller/flows/leaseAddress.ts';
import { silentLog } from '../../controller/log.ts';
import { createDhcpServer } from '../../controller/services/dhcp.ts';
import { createNetport, openDhcpSockets } from '../../controller/services/netport.ts';
import { dataPaths } from '../../controller/store/dataDirectory.ts';
import { openStore } from '../../controller/store/store.ts';

/** Our DHCP server as a program for the bench: `dhcpServer.ts NETPORT DEVICE ADDRESS FOLDER`; its leases are on disk before they leave. */
const [netportPath = '', device = '', address = '', folder = ''] = process.argv.slice(2);
const netport = createNetport({ command: [netportPath], log: silentLog });
const server = address as Ipv4;
const now = (): Date => new Date();
const network = { network: '10.79.0.0' as Ipv4, prefix: 16 };
const pool = { start: '10.79.1.0' as Ipv4, end: '10.79.200.250' as Ipv4 };
mkdirSync(folder);
const store = openStore(dataPaths(folder), now);
const leases = createLeaseAddress({ interface: device, server, network, pool }, store.leases, now);
const settings = { leaseSeconds: 3600, subnetMask: '255.255.0.0' as Ipv4, routers: [server], boot: { file: 'bootx64.efi' } };

createDhcpServer({
	...(await openDhcpSockets(netport, device, server)),
	interface: { name: device, address: server, prefix: 16 },
	log: silentLog,
	async answer({ mac, kind, requestedIp }) {
		if (kind === 'discover') {
			const lease = await leases.offer(mac, null);
			return lease ? { kind: 'offer', address: lease.address, ...settings } : 'silence';
		}
		if (!requestedIp) return 'silence';
		const lease = await leases.confirm(mac, requestedIp, null, 3600);
		return 'refused' in lease ? { kind: 'nak', message: lease.refused } : { kind: 'ack', address: lease.address, ...settings };
	},
});
console.log('serving');
