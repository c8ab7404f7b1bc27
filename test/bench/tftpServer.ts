import { readFileSync } from 'node:fs';
import { silentLog } from '../../controller/log.ts';
import { createNetport } from '../../controller/services/netport.ts';
import { createTftpServer } from '../../controller/services/tftp.ts';

/** Our TFTP server as a program for the bench: `tftpServer.ts NETPORT DEVICE FILE` serves that file under any name. */
const [netportPath = '', device = '', file = ''] = process.argv.slice(2);
const netport = createNetport({ command: [netportPath], log: silentLog });
const bytes = readFileSync(file);
createTftpServer({
	socket: await netport.udp(69, device),
	transferSockets: (count) => netport.udpClients(count, device),
	openFile: async () => ({ bytes }),
	log: silentLog,
});
console.log('serving');
