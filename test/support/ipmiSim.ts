import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A BMC played by OpenIPMI's ipmi_sim: the peer of the IPMI tests that is not ours. */
export interface IpmiSim {
	/** 127.x.y.z */
	readonly address: string;
	readonly port: number;
	readonly userName: string;
	readonly password: string;
	/** What the chassis program was called with, one line a call: `set power 1`. */
	calls(): Promise<string[]>;
	/** From now on power orders are accepted and ignored. */
	stopActing(): Promise<void>;
	/** Ends the process without a word and starts another one on the same address, which knows none of its sessions. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

export interface IpmiSimOptions {
	/** One of 127.64.0.0/10 that no other process of the tests takes, when absent. */
	readonly address?: string;
	/** 6230 when absent. */
	readonly port?: number;
	readonly userName?: string;
	readonly password?: string;
	readonly maximumSessions?: number;
	/** False: it answers from memory and starts no program, for measuring clients. */
	readonly chassisProgram?: boolean;
}

/**
 * ipmi_sim's chassis_control program: `PROGRAM 0x20 get|set NAME [VALUE] …`. State is one file a name. ipmi_sim waits for it and reads its
 * output to the end, so it must return at once.
 */
const chassisProgram = (folder: string) => `#!/bin/sh
cd ${folder} || exit 1
shift
echo "$*" >> calls
verb=$1
shift
while [ $# -gt 0 ]; do
	if [ $verb = get ]; then
		echo "$1:$(cat $1 2>/dev/null || echo $([ $1 = boot ] && echo none || echo 0))"
		shift
	else
		[ -e deaf ] || case $1 in power|boot) echo "$2" > $1 ;; shutdown) echo 0 > power ;; esac
		shift 2
	fi
done
`;

/** Answers what Get LAN Configuration Parameters asks for. */
const lanProgram = (address: string) => `#!/bin/sh
while [ $# -gt 0 ] && [ $1 != get ]; do shift; done
[ $# -gt 0 ] || exit 0
shift
for name; do
	case $name in
		ip_addr_src) echo $name:static ;;
		ip_addr) echo $name:${address} ;;
		subnet_mask) echo $name:255.0.0.0 ;;
		default_gw_ip_addr) echo $name:127.0.0.1 ;;
		mac_addr) echo $name:52:54:00:4c:02:11 ;;
		default_gw_mac_addr) echo $name:02:00:00:00:00:01 ;;
		backup_gw_ip_addr) echo $name:0.0.0.0 ;;
		backup_gw_mac_addr) echo $name:00:00:00:00:00:00 ;;
	esac
done
`;

let addresses = 0;
/** By process ID, since test files run side by side. */
export function nextAddress(): string {
	addresses++;
	return `127.${64 + ((process.pid >> 8) % 64) + (addresses > 254 ? 64 : 0)}.${process.pid & 255}.${addresses % 255 || 255}`;
}

/** Starts one process; rejects with its output when it ends at once (not installed, address taken). */
export async function startIpmiSim(options: IpmiSimOptions = {}): Promise<IpmiSim> {
	const {
		address = nextAddress(),
		port = 6230,
		userName = 'admin',
		password = 'secret',
		maximumSessions = 10,
		chassisProgram: withProgram = true,
	} = options;
	const folder = await mkdtemp(join(tmpdir(), 'ipmi-sim-'));
	const at = (name: string) => join(folder, name);
	const auths = ['callback', 'user', 'operator', 'admin']
		.map((level) => `\t\tallowed_auths_${level} none md2 md5 straight`)
		.join('\n');
	await mkdir(at('state'));
	await writeFile(at('chassis.sh'), chassisProgram(folder));
	await writeFile(at('lan.sh'), lanProgram(address));
	await Promise.all([chmod(at('chassis.sh'), 0o755), chmod(at('lan.sh'), 0o755)]);
	await writeFile(
		at('bmc.emu'),
		'mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr\nsel_enable 0x20 1000 0x0a\nmc_enable 0x20\n',
	);
	await writeFile(
		at('lan.conf'),
		`name "sim"
set_working_mc 0x20
	startlan 1
		addr ${address} ${port}
		priv_limit admin
${auths}
		guid a123456789abcdefa123456789abcdef
		lan_config_program "${at('lan.sh')}"
	endlan
${withProgram ? `	chassis_control "${at('chassis.sh')} 0x20"` : ''}
	user 1 true "" "" user ${maximumSessions} none md2 md5 straight
	user 2 true "${userName}" "${password}" admin ${maximumSessions} none md2 md5 straight
`,
	);
	let child = await start(folder);
	return {
		address,
		port,
		userName,
		password,
		calls: async () => (await readFile(at('calls'), 'utf8')).trimEnd().split('\n'),
		stopActing: () => writeFile(at('deaf'), ''),
		async restart() {
			await end(child);
			child = await start(folder);
		},
		async stop() {
			await end(child);
			await rm(folder, { recursive: true, force: true });
		},
	};
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
	for (const child of running) child.kill('SIGKILL');
});

async function start(folder: string): Promise<ChildProcess> {
	const files = ['-c', join(folder, 'lan.conf'), '-f', join(folder, 'bmc.emu'), '-s', join(folder, 'state')];
	const child = spawn('ipmi_sim', [...files, '-n'], { stdio: ['ignore', 'pipe', 'pipe'] });
	// A test that dies must neither wait for it nor leave it behind.
	child.unref();
	running.add(child);
	child.once('exit', () => running.delete(child));
	let output = '';
	let failure: Error | null = null;
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (text) => (output += text));
		(stream as Socket).unref();
	}
	child.on('error', (error) => (failure = error));
	// It prints nothing when it is ready; requests that come too early are sent again.
	await sleep(50);
	if (failure) throw new Error(`ipmi_sim: ${(failure as Error).message}; on Debian: apt install openipmi`);
	if (child.exitCode !== null) throw new Error(`ipmi_sim ended with ${child.exitCode}: ${output}`);
	return child;
}

async function end(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const gone = new Promise((resolve) => child.once('exit', resolve));
	child.ref();
	child.kill('SIGKILL');
	await gone;
}
