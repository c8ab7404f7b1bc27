/**
 * The lab's own network: a namespace with two bridges and nothing that leads out of it, so that no DHCP offer can reach anybody.
 *
 * The namespace has no name and no file: it lives as long as its first process, which reads a pipe held by this program. When this
 * program ends, even by kill -9, the pipe closes, the first process ends, and the kernel kills everything else in there (a process
 * namespace ends with its first process) and takes bridges and taps away. That is why two labs never meet and none leaves a trace.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { run } from '../command.ts';

export interface LabNetwork {
	/** put before a command line to run it in the network, where it may open every port */
	enter: readonly string[];
	/** the same for what shall end with the network, whatever happens to this program: machines and BMCs */
	live: readonly string[];
	/** the controller's address on br0, e.g. 192.168.77.1 */
	controller: string;
	/** e.g. 192.168.77.21, the BMC of machine 1 */
	bmcAddress(machine: number): string;
	/** the taps of a machine: the first on br0, where machines boot; the second on br1, a cable to a switch without servers */
	addTaps(machine: number): Promise<{ boot: string; second: string }>;
	/** everything inside ends */
	close(): Promise<void>;
}

/** An address that a BMC gets: machine 1 has .21, and the upper half of the network is left to DHCP. */
export const maxMachines = 100;

/** `prefix` is the first three parts of the /24. Throws with the kernel's words when namespaces are not allowed. */
export async function createNetwork(prefix: string): Promise<LabNetwork> {
	await access('/dev/net/tun', constants.R_OK | constants.W_OK).catch(() => {
		throw new Error(
			"QEMU's network cards need /dev/net/tun, which this user may not open: chmod 666 /dev/net/tun, or run the lab as root",
		);
	});
	const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
	// The shell names itself by its process id outside, waits for the pipe to close, and reaps what loses its parent meanwhile.
	const first = 'read -r id rest < /proc/self/stat; echo "$id"; cat > /dev/null';
	const holder = spawn('unshare', [...asUser, '--net', '--pid', '--fork', 'sh', '-c', first], {
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	const pid = await firstLine(holder);
	const enter = [
		'nsenter',
		'--target',
		pid,
		...(asUser.length > 0 ? ['--user', '--preserve-credentials'] : []),
		'--net',
		'--pid',
	];

	const inside = (...argv: string[]) => run([...enter, ...argv]);
	const close = async () => {
		if (holder.exitCode !== null || holder.signalCode !== null) return;
		const ended = once(holder, 'exit');
		holder.stdin?.end();
		await ended;
	};
	try {
		await inside('ip', 'link', 'set', 'lo', 'up');
		for (const bridge of ['br0', 'br1']) {
			await inside('ip', 'link', 'add', bridge, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
			// Without a fixed one the bridge takes the lowest address of its taps, which changes as machines come and go.
			await inside('ip', 'link', 'set', bridge, 'address', bridge === 'br0' ? '02:00:00:00:00:01' : '02:00:00:00:00:02');
			await inside('ip', 'link', 'set', bridge, 'up');
		}
		await inside('ip', 'address', 'add', `${prefix}.1/24`, 'dev', 'br0');
	} catch (error) {
		await close();
		throw error;
	}

	return {
		enter,
		live: [...enter, '--pid'],
		controller: `${prefix}.1`,
		bmcAddress: (machine) => `${prefix}.${20 + machine}`,
		async addTaps(machine) {
			const taps = { boot: `m${machine}`, second: `m${machine}s` };
			await addTap(taps.boot, 'br0');
			await addTap(taps.second, 'br1');
			await inside('ip', 'address', 'add', `${prefix}.${20 + machine}/24`, 'dev', 'br0');
			return taps;
		},
		close,
	};

	async function addTap(name: string, bridge: string): Promise<void> {
		await inside('ip', 'tuntap', 'add', name, 'mode', 'tap');
		await inside('ip', 'link', 'set', name, 'master', bridge, 'up');
	}
}

async function firstLine(holder: ChildProcess): Promise<string> {
	if (!holder.stdout || !holder.stderr) throw new Error('the namespace holder has no pipes');
	let complaint = '';
	holder.stderr.on('data', (bytes: Buffer) => {
		complaint += bytes;
	});
	const line = once(createInterface(holder.stdout), 'line') as Promise<[string]>;
	const end = once(holder, 'close').then(() => undefined);
	const answer = await Promise.race([line, end]);
	if (!answer)
		throw new Error(`this computer does not allow the lab's network namespace: ${complaint.trim() || 'unshare gave no reason'}`);
	return answer[0].trim();
}
