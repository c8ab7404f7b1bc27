/** The BMC of a machine: OpenIPMI's simulator on an address of its own, which starts and stops the machine's QEMU. */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attempt } from '../command.ts';
import type { LabNetwork } from './network.ts';

export interface Bmc {
	address: string;
	/** `power on`, `bootdev pxe`, …: an `ipmitool chassis` command by the BMC's own administrator. Throws with what ipmitool says. */
	chassis(...words: string[]): Promise<string>;
}

interface BmcOptions {
	/** of the machine */
	directory: string;
	network: Pick<LabNetwork, 'enter' | 'live'>;
	number: number;
	address: string;
	kcsPort: number;
	password: string;
}

const administrator = 'admin';

/** Starts the simulator and waits until it answers. It ends with the lab's namespace. */
export async function startBmc(options: BmcOptions): Promise<Bmc> {
	const { directory } = options;
	await writeConfiguration(options);
	const log = join(directory, 'bmc.log');
	const file = openSync(log, 'a');
	const state = join(directory, 'state');
	const simulator = ['ipmi_sim', '-c', join(directory, 'lan.conf'), '-f', join(directory, 'bmc.emu'), '-s', state, '-n'];
	const [program, ...rest] = [...options.network.live, ...simulator] as [string, ...string[]];
	const child = spawn(program, rest, { stdio: ['ignore', file, file] });
	const bmc: Bmc = { address: options.address, chassis: (...words) => chassis(options, words) };
	await answering(bmc, child, log);
	return bmc;
}

async function chassis(options: BmcOptions, words: string[]): Promise<string> {
	// Cipher suite 3 by name: without it this ipmitool loses seconds on asking for the list, which this simulator lacks.
	const login = ['-I', 'lanplus', '-C', '3', '-H', options.address, '-U', administrator, '-E'];
	const argv = [...options.network.enter, 'ipmitool', ...login, 'chassis', ...words];
	const result = await attempt(argv, { env: { IPMI_PASSWORD: options.password }, timeoutMs: 30_000 });
	if (result.status === 0) return result.stdout.trim();
	// Why a machine did not start is known to QEMU only.
	const qemu = await readFile(join(options.directory, 'qemu.err'), 'utf8').catch(() => '');
	const why = [result.stderr.trim() || 'no answer within 30 s', qemu.trim()].filter(Boolean).join('; ');
	throw new Error(`BMC ${options.address}, chassis ${words.join(' ')}: ${why}`);
}

async function answering(bmc: Bmc, child: ChildProcess, log: string): Promise<void> {
	let ended = false;
	child.once('exit', () => {
		ended = true;
	});
	child.once('error', () => {
		ended = true;
	});
	for (const until = Date.now() + 20_000; !ended && Date.now() < until; await sleep(100)) {
		if (await bmc.chassis('power', 'status').catch(() => null)) return;
	}
	throw new Error(
		`the simulated BMC at ${bmc.address} does not answer: ${(await readFile(log, 'utf8')).trim().split('\n').at(-1)}`,
	);
}

async function writeConfiguration({ directory, number, address, kcsPort, password }: BmcOptions): Promise<void> {
	await mkdir(join(directory, 'state'), { recursive: true });
	await mkdir(join(directory, 'lan'), { recursive: true });
	const byte = number.toString(16).padStart(2, '0');
	const lan = {
		ip_addr_src: 'static',
		ip_addr: address,
		subnet_mask: '255.255.255.0',
		mac_addr: `52:54:00:4c:02:${byte}`,
		default_gw_ip_addr: '0.0.0.0',
		default_gw_mac_addr: '00:00:00:00:00:00',
		backup_gw_ip_addr: '0.0.0.0',
		backup_gw_mac_addr: '00:00:00:00:00:00',
	};
	for (const [name, value] of Object.entries(lan)) await writeFile(join(directory, 'lan', name), `${value}\n`);
	// One management controller with a SEL, and no sensors.
	const controller =
		'mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr\nsel_enable 0x20 1000 0x0a\n';
	await writeFile(join(directory, 'bmc.emu'), `${controller}mc_enable 0x20\n`);
	const script = (name: string) => `sh ${join(import.meta.dirname, name)} ${directory}`;
	await writeFile(
		join(directory, 'lan.conf'),
		`name "m${number}"
set_working_mc 0x20
  startlan 1
    addr ${address} 623
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid a123456789abcdefa1234567000000${byte}
    lan_config_program "${script('bmcLan.sh')}"
  endlan
  chassis_control "${script('bmcChassis.sh')} 0x20"
  serial 15 127.0.0.1 ${kcsPort} codec VM
  user 1 true "" "" user 10 none md2 md5 straight
  user 2 true "${administrator}" "${password}" admin 10 none md2 md5 straight
`,
		{ mode: 0o600 },
	);
}
