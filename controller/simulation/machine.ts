import { setTimeout as sleep } from 'node:timers/promises';
import type { Mac } from '../domain/address.ts';
import { runAgent } from './agent.ts';
import type { Hardware } from './hardware/hardware.ts';
import type { BootOrders, NetworkBoot } from './network/networkBoot.ts';
import type { Wire } from './network/wire.ts';
import type { InstalledSystem, ScriptRun } from './scripts.ts';

/**
 * A machine without a machine: it has power, network cards and disks, boots as firmware, loader, kernel and agent do, and runs what
 * was installed on it. What it says to the controller goes over the controller's own protocols.
 */
export interface SimulatedMachine {
	readonly hardware: Hardware;
	readonly on: boolean;
	readonly doing: Doing;
	/** What has been deployed on it. */
	readonly installed: InstalledSystem | null;
	powerOn(): void;
	/** At once, as a BMC or a pulled plug does it. */
	powerOff(): void;
	/** As its power button does it: what runs on it ends in its own time. */
	softOff(): void;
	/** The card that it boots from. */
	bootFrom(card: number): void;
	/** How this script runs from now on; without one, as it does on a healthy machine. */
	setRun(script: string, run: ScriptRun): void;
}
/** `system`: the installed one runs. `halted`: it is on, and does nothing more. */
export type Doing = 'off' | 'firmware' | 'agent' | 'system' | 'halted';

export interface MachineOptions {
	readonly hardware: Hardware;
	readonly wire: Wire;
	readonly network: NetworkBoot;
	/** real milliseconds of a second on the machine */
	readonly tempo?: number;
	/** What its disk has from before. */
	readonly installed?: InstalledSystem | null;
	/** The device that its BMC was told for this boot; asked at each start of its firmware. */
	readonly bootOverride?: () => 'pxe' | 'disk' | null;
	/** By which its BMC can be reached, as it finds out in-band; `null` when it has none. */
	readonly bmcSettings?: () => Readonly<Record<string, string>> | null;
	/** Hears each step of the agent (agent.ts), and `boot`, `local`, `system`, `cloud-init`, `off` of the machine. */
	readonly onStep?: (step: string) => void;
	/** The machine has been switched on or off, by whomever. */
	readonly onPower?: (on: boolean) => void;
	readonly onInstalled?: (system: InstalledSystem | null) => void;
}

/** What parts of a start take on the machine, s. */
const POST_SECONDS = 25;
const KERNEL_SECONDS = 9;
const SYSTEM_SECONDS = 20;
const SHUTDOWN_SECONDS = 4;
/** Firmware that has found nothing to boot begins again; in real milliseconds, since it would flood the log of a fast rack. */
const NOTHING_TO_BOOT_MS = 2000;
/** Half of the controller's lease. */
const RENEW_MS = 300_000;

export function createSimulatedMachine(options: MachineOptions): SimulatedMachine {
	const { hardware, wire, network, tempo = 4, onStep = () => {}, onPower = () => {}, bootOverride = () => null } = options;
	const { bmcSettings = () => null, onInstalled = () => {} } = options;
	const runs = new Map<string, ScriptRun>();
	let plug: AbortController | null = null;
	let doing: Doing = 'off';
	let installed = options.installed ?? null;
	let card = hardware.macs[0] as Mac;
	const pass = (seconds: number, signal: AbortSignal) => sleep(seconds * tempo, undefined, { signal });
	/** What is tried in vain is none of anybody's fault but the power's. */
	const unlessOff = async <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value | null> =>
		work.catch((error: unknown) => {
			if (signal.aborted) throw error;
			return null;
		});

	const agent = async (orders: BootOrders, signal: AbortSignal) => {
		await orders.loadKernel();
		const begun = performance.now();
		await pass(KERNEL_SECONDS, signal);
		doing = 'agent';
		return runAgent({
			...{ hardware, bootMac: card, signal, from: orders.address, tempo, onStep, wire, bmcSettings },
			kernelSeconds: (performance.now() - begun) / 1000,
			url: argument(orders.script, 'metaldesk.url'),
			token: argument(orders.script, 'metaldesk.token'),
			runs: (name) => runs.get(name) ?? {},
			install(system) {
				installed = system;
				onInstalled(system);
			},
		});
	};

	/** Until the machine is switched off, or has nothing more to do. */
	const live = async (signal: AbortSignal): Promise<void> => {
		for (;;) {
			doing = 'firmware';
			onStep('boot');
			await pass(POST_SECONDS, signal);
			if (bootOverride() === 'disk') {
				if (installed) return runSystem(installed, signal);
				await sleep(NOTHING_TO_BOOT_MS, undefined, { signal });
				continue;
			}
			const orders = await unlessOff(network.boot(card, hardware, signal), signal);
			if (orders && /^(sanboot |chain \S*localboot|\s*chainloader )/m.test(orders.script)) {
				onStep('local');
				if (installed) return runSystem(installed, signal);
			} else if (orders) {
				const end = await unlessOff(agent(orders, signal), signal);
				if (end === 'reboot') continue;
				if (end === 'stay') {
					doing = 'halted';
					return;
				}
				if (end !== null) return switchOff();
			}
			// nobody answers, or there is nothing on its disk
			await sleep(NOTHING_TO_BOOT_MS, undefined, { signal });
		}
	};

	/** The installed system's cloud-init, as it asks MAAS's metadata service at its first start. */
	const runSystem = async (system: InstalledSystem, signal: AbortSignal) => {
		doing = 'system';
		onStep('system');
		await pass(SYSTEM_SECONDS, signal);
		const from = (await unlessOff(network.askAddress(card, signal), signal)) ?? '';
		const headers = { authorization: system.authorization };
		for (const path of ['2012-03-01/meta-data/instance-id', '2012-03-01/meta-data/local-hostname', '2012-03-01/user-data'])
			for (;;) {
				const { status } = await wire.http('GET', `${system.metadataUrl}${path}`, { headers, from, signal });
				if (status !== 0 && status < 500) break;
				await sleep(200, undefined, { signal });
			}
		const line = { origin: 'cloudinit', name: 'modules-final', description: 'done', event_type: 'finish', result: 'SUCCESS' };
		await wire.http('POST', system.statusUrl, { headers, from, signal, body: JSON.stringify({ ...line, timestamp: 0 }) });
		onStep('cloud-init');
		for (;;) {
			await sleep(RENEW_MS, undefined, { signal });
			await unlessOff(network.askAddress(card, signal), signal);
		}
	};

	const switchOff = () => {
		if (!plug) return;
		const cord = plug;
		plug = null;
		doing = 'off';
		onStep('off');
		onPower(false);
		cord.abort(new Error('the power is off'));
	};

	return {
		hardware,
		get on() {
			return plug !== null;
		},
		get doing() {
			return doing;
		},
		get installed() {
			return installed;
		},
		powerOn() {
			if (plug) return;
			const cord = new AbortController();
			plug = cord;
			onPower(true);
			live(cord.signal).catch((error: unknown) => {
				if (!cord.signal.aborted) throw error;
			});
		},
		powerOff: switchOff,
		softOff() {
			const cord = plug;
			if (cord) pass(SHUTDOWN_SECONDS, cord.signal).then(switchOff, () => undefined);
		},
		bootFrom(number) {
			card = hardware.macs[number] as Mac;
		},
		setRun: (script, run) => void runs.set(script, run),
	};
}

/** Of the kernel's command line in a boot script. */
function argument(script: string, name: string): string {
	return new RegExp(`\\s${name.replace('.', '\\.')}=(\\S+)`).exec(script)?.[1] ?? '';
}
