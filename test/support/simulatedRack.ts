import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CallName, contract, type Input, type Output } from '../../controller/api/contract.ts';
import type { MachineDetail } from '../../controller/api/views.ts';
import { type Manifest, writeOutput } from '../../controller/bootAssets/manifest.ts';
import { ensureNetport } from '../../controller/services/netportBuild.ts';
import type { FromMachine, ToMachine } from './machineProgram.ts';
import { makeNamespaces, type Program } from './namespaces.ts';
import { makeHardware } from './plainHardware.ts';

export const server = '192.168.77.1';
export const bmcAddress = '192.168.77.20';
const CONTROLLER = path.join(import.meta.dirname, '../../controller/process.ts');

/**
 * A rack in two network namespaces: the real controller as a process in one, and a simulated machine with its BMC in the other
 * (machineProgram.ts), joined by a cable. Needs root, iproute2 and a C compiler for netport.
 */
export async function startRack() {
	const folder = await mkdtemp(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'metaldesk-rack-'));
	const data = path.join(folder, 'data');
	await mkdir(data);
	await writeOutput(path.join(folder, 'boot-assets'), bootAssets, buildFacts);
	const netport = await ensureNetport(path.join(tmpdir(), 'metaldesk-test-netport'), { installed: [] });

	const spaces = makeNamespaces(['rack', 'machine']);
	spaces.connect({ namespace: 'rack', device: 's1' }, { namespace: 'machine', device: 'e' });
	spaces.ip('rack', `addr add ${server}/24 dev s1`);
	// the machine's own card: to the controller's probe it answers as itself
	spaces.ip('machine', `link set e address ${makeHardware(1).macs[0]}`);
	spaces.ip('machine', `addr add ${bmcAddress}/24 dev e`);
	spaces.ip('machine', 'route add default dev e');

	const machine = spawn(
		'ip',
		[
			'netns',
			'exec',
			spaces.name('machine'),
			process.execPath,
			path.join(import.meta.dirname, 'machineProgram.ts'),
			'e',
			bmcAddress,
		],
		{ stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
	);
	const steps: string[] = [];
	const hearers = new Set<(message: FromMachine) => void>();
	machine.on('message', (message: FromMachine) => {
		if (message.says === 'step') steps.push(message.step);
		for (const hear of hearers) hear(message);
	});
	const tell = (message: ToMachine) => machine.send(message);
	/** The first message from now on that fits. */
	const hear = <Found extends FromMachine>(fits: (message: FromMachine) => message is Found, seconds = 30): Promise<Found> =>
		new Promise((resolve, reject) => {
			const end = () => {
				clearTimeout(timer);
				hearers.delete(look);
			};
			const look = (message: FromMachine) => {
				if (!fits(message)) return;
				end();
				resolve(message);
			};
			const timer = setTimeout(() => {
				end();
				reject(new Error(`the machine never said what was waited for; its steps: ${steps.slice(-12).join(', ')}`));
			}, seconds * 1000);
			hearers.add(look);
		});
	await hear((message): message is FromMachine => message.says === 'ready');

	let controller: Program | undefined;
	const start = async (...options: string[]): Promise<Program> => {
		controller = spaces.start('rack', [
			...[process.execPath, CONTROLLER, 'serve', '--data', data, '--http', `${server}:5240`, '--netport', netport],
			...['--boot-assets', path.join(folder, 'boot-assets'), '--log-level', 'warn', ...options],
		]);
		await controller.says('ready ');
		return controller;
	};
	/** As the kernel's out-of-memory killer or a power failure ends it. */
	const kill = async (): Promise<void> => {
		controller?.child.kill('SIGKILL');
		await controller?.ended;
	};

	let requests = 0;
	let cookie = '';
	const fetch = async (method: string, where: string, body: string | Buffer = '', headers: Record<string, string> = {}) => {
		const id = ++requests;
		const answered = hear(
			(message): message is Extract<FromMachine, { says: 'answer' }> => message.says === 'answer' && message.id === id,
		);
		tell({
			do: 'fetch',
			id,
			method,
			url: `http://${server}:5240${where}`,
			headers: { 'x-metaldesk': '1', cookie, ...headers },
			body: Buffer.from(body).toString('base64'),
		});
		return answered;
	};
	/** A call of the app API, from the rack's side, as the administrator. */
	const call = async <Name extends CallName>(name: Name, input: Input<Name>): Promise<Output<Name>> => {
		const get = contract[name].kind === 'query';
		const where = `/MAAS/app/${name}${get ? `?${new URLSearchParams(input as Record<string, string>)}` : ''}`;
		const { status, body } = await fetch(get ? 'GET' : 'POST', where, get ? '' : JSON.stringify(input), {
			'content-type': 'application/json',
		});
		if (status !== 200) throw new Error(`${name}: ${status} ${body}`);
		return JSON.parse(body);
	};
	const signIn = async (username: string, password: string): Promise<void> => {
		const body = JSON.stringify({ username, password });
		const answer = await fetch('POST', '/MAAS/app/session.login', body, { 'content-type': 'application/json' });
		if (answer.status !== 200) throw new Error(answer.body);
		cookie = answer.cookie ?? '';
	};
	/** The rack's one machine, once it has this status. */
	const machineIs = async (status: string, seconds = 30): Promise<MachineDetail> => {
		let last = 'no machine';
		for (const until = performance.now() + seconds * 1000; performance.now() < until; ) {
			const [machine] = await call('machines.list', {}).catch(() => []);
			if (machine?.statusName === status) return call('machine.get', { systemId: machine.systemId });
			if (machine) last = `${machine.statusName}: ${machine.statusText}`;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		throw new Error(`the machine never was ${status}; it is ${last}; its steps: ${steps.slice(-12).join(', ')}`);
	};

	return {
		...{ data, netport, spaces, steps, start, kill, fetch, call, signIn, machineIs },
		tell,
		/** The machine is at this step from now on. */
		step: (name: string, seconds?: number) =>
			hear((message): message is FromMachine => message.says === 'step' && message.step === name, seconds),
		async remove(): Promise<void> {
			await end(machine);
			await spaces.remove();
			await rm(folder, { recursive: true, force: true });
		},
	};
}

async function end(child: ChildProcess): Promise<void> {
	const ended = once(child, 'exit');
	child.kill();
	await ended;
}

/** Files that stand in for kernel and loaders: the simulated machine fetches them and runs none. */
const bootAssets = new Map(
	['vmlinuz', 'initrd', 'undionly.kpxe', 'ipxe.efi', 'bootx64.efi', 'grubx64.efi'].map((name) => [
		name,
		Buffer.alloc(5000, name),
	]),
);
const buildFacts: Omit<Manifest, 'files'> = {
	...{ profile: 'qemu', compress: 'gzip', kernelVersion: '6.1.0-simulated', inputs: 'simulated' },
	packages: [],
};

/** `ss` inside the rack: the sockets that listen, as `udp 67`. */
export function socketsOf(namespace: string): string[] {
	const lines = execFileSync('ip', ['netns', 'exec', namespace, 'ss', '-Hlnut'], { encoding: 'utf8' }).trim().split('\n');
	return lines.flatMap((line) => {
		const [protocol, , , , local = ''] = line.split(/\s+/);
		return protocol ? [`${protocol} ${local.split(':').at(-1)}`] : [];
	});
}
