import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nextAddress } from './ipmiSim.ts';

/** A BMC that a QEMU machine sees as its own, through the KCS interface, and that also answers on the network. */
export interface InBandBmc {
	address: string;
	port: number;
	mac: string;
	/** Arguments that give the BMC to a QEMU machine. */
	qemu: string[];
	stop(): Promise<void>;
}

const MAC = '52:54:00:4c:02:11';
const PORT = 6231;

/** What ipmi_sim asks for Get LAN Configuration Parameters: the settings of the network card that the BMC has. */
const lanProgram = (address: string) => `#!/bin/sh
while [ $# -gt 0 ] && [ $1 != get ]; do shift; done
[ $# -gt 0 ] || exit 0
shift
for name; do
	case $name in
		ip_addr_src) echo $name:static ;;
		ip_addr) echo $name:${address} ;;
		subnet_mask) echo $name:255.0.0.0 ;;
		mac_addr) echo $name:${MAC} ;;
		*mac_addr) echo $name:00:00:00:00:00:00 ;;
		*) echo $name:0.0.0.0 ;;
	esac
done
`;

/** Starts ipmi_sim. Its accounts: 1 without a name, 2 `admin`. */
export async function startInBandBmc(): Promise<InBandBmc> {
	const folder = await mkdtemp(join(tmpdir(), 'in-band-bmc-'));
	const address = nextAddress();
	const kcsPort = await freePort();
	await mkdir(join(folder, 'state'));
	await writeFile(join(folder, 'lan.sh'), lanProgram(address));
	await chmod(join(folder, 'lan.sh'), 0o755);
	const commands = [
		'mc_setbmc 0x20',
		'mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr',
		'sel_enable 0x20 1000 0x0a',
		'mc_enable 0x20',
	];
	await writeFile(join(folder, 'bmc.emu'), `${commands.join('\n')}\n`);
	const auths = ['callback', 'user', 'operator', 'admin'].map((level) => `allowed_auths_${level} none md2 md5 straight`);
	const lan = [
		'name "sim"',
		'set_working_mc 0x20',
		'startlan 1',
		`addr ${address} ${PORT}`,
		'priv_limit admin',
		...auths,
		'guid a123456789abcdefa123456789abcdef',
		`lan_config_program "${join(folder, 'lan.sh')}"`,
		'endlan',
		`serial 15 127.0.0.1 ${kcsPort} codec VM`,
		'user 1 true "" "" user 10 none md2 md5 straight',
		'user 2 true "admin" "secret" admin 10 none md2 md5 straight',
	];
	await writeFile(join(folder, 'lan.conf'), `${lan.join('\n')}\n`);
	const files = ['-c', join(folder, 'lan.conf'), '-f', join(folder, 'bmc.emu'), '-s', join(folder, 'state')];
	const child = spawn('ipmi_sim', [...files, '-n'], { stdio: 'ignore' });
	await sleep(200);
	if (child.exitCode !== null) throw new Error(`ipmi_sim ended with ${child.exitCode}`);
	return {
		address,
		port: PORT,
		mac: MAC,
		qemu: [
			...['-chardev', `socket,id=ipmi0,host=127.0.0.1,port=${kcsPort},reconnect=1`],
			...['-device', 'ipmi-bmc-extern,id=bmc0,chardev=ipmi0', '-device', 'isa-ipmi-kcs,bmc=bmc0'],
		],
		async stop() {
			await ended(child);
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function ended(child: ChildProcess): Promise<void> {
	const gone = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGKILL');
	await gone;
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (typeof address !== 'object' || address === null) throw new Error('no port');
	return address.port;
}
