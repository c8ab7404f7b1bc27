import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface AgentMachineOptions {
	/** Directory of built boot assets. */
	assets: string;
	/** Port of the agent server on this host's loopback address; QEMU's user network shows it as 10.0.2.2. */
	port: number;
	token: string;
	memoryMegabytes?: number;
	/** Further QEMU arguments: disks, SMBIOS, a BMC. */
	extra?: readonly string[];
}

export interface AgentMachine {
	/** All that came over the serial line so far. */
	console(): string;
	/** Resolves when QEMU ended, to the seconds since it was started. Rejects after `seconds`. */
	ended(seconds: number): Promise<number>;
	kill(): void;
}

export const BOOT_MAC = '52:54:00:4c:00:01';

/** A QEMU machine that boots kernel and initramfs directly, in software emulation, with a network of its own. */
export function startAgentMachine(options: AgentMachineOptions): AgentMachine {
	const { assets, port, token, memoryMegabytes = 512, extra = [] } = options;
	const commandLine = [
		`metaldesk.url=http://10.0.2.2:${port}/agent/v1`,
		`metaldesk.token=${token}`,
		`BOOTIF=01-${BOOT_MAC.replaceAll(':', '-')}`,
		'console=ttyS0 panic=-1',
	].join(' ');
	const qemu: ChildProcess = spawn(
		'qemu-system-x86_64',
		[
			...['-accel', 'tcg', '-machine', 'pc', '-m', String(memoryMegabytes), '-nographic', '-no-reboot'],
			...['-kernel', join(assets, 'vmlinuz'), '-initrd', join(assets, 'initrd'), '-append', commandLine],
			...['-netdev', 'user,id=net0', '-device', `virtio-net-pci,netdev=net0,mac=${BOOT_MAC},romfile=`],
			...extra,
		],
		{ stdio: ['ignore', 'pipe', 'pipe'] },
	);
	const started = performance.now();
	let text = '';
	const exited = once(qemu, 'exit').then(() => (performance.now() - started) / 1000);
	for (const stream of [qemu.stdout, qemu.stderr]) {
		stream?.on('data', (chunk: Buffer) => {
			text += chunk.toString('latin1');
		});
	}
	return {
		console: () => text,
		async ended(seconds) {
			let timer: NodeJS.Timeout | undefined;
			const late = new Promise<never>((_, reject) => {
				timer = setTimeout(
					() => reject(new Error(`the machine still runs after ${seconds} s; its console ends with\n${text.slice(-2000)}`)),
					seconds * 1000,
				);
			});
			try {
				return await Promise.race([exited, late]);
			} finally {
				clearTimeout(timer);
			}
		},
		kill: () => {
			qemu.kill('SIGKILL');
		},
	};
}
