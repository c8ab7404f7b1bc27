import { setTimeout as sleep } from 'node:timers/promises';
import type { Mac } from '../../controller/domain/address.ts';
import type { Hardware } from '../../controller/simulation/hardware/hardware.ts';
import { http, type InstalledSystem, runAgent, type ScriptRun } from './simulatedAgent.ts';

/**
 * A machine without a machine: it has power, network cards and disks, boots as firmware, iPXE, kernel and agent do, and runs what was
 * installed on it. What it says to the controller goes over the controller's own protocols.
 */
export interface BootingMachine {
	readonly hardware: Hardware;
	readonly on: boolean;
	/** What it does at this moment: `off`, `firmware`, `agent`, `system` (the installed one), `halted`. */
	readonly doing: Doing;
	/** What has been deployed on it. */
	readonly installed: InstalledSystem | null;
	powerOn(): void;
	/** At once, as a BMC or a pulled plug does it. */
	powerOff(): void;
	/** The card that it boots from. */
	bootFrom(card: number): void;
	/** How this script runs from now on; without one, as it does on a healthy machine. */
	setRun(script: string, run: ScriptRun): void;
}
export type Doing = 'off' | 'firmware' | 'agent' | 'system' | 'halted';

/** The way from the network card to the boot script: by real packets (pxeClient.ts), or by whatever stands in for the wire. */
export interface NetworkBoot {
	/**
	 * Answers the iPXE script of this card, the address that it was given, and a function for what follows the script.
	 * Rejects when nobody answers, and with the signal's reason when the power goes.
	 */
	boot(card: Mac, hardware: Hardware, signal: AbortSignal): Promise<BootOrders>;
}
export interface BootOrders {
	readonly script: string;
	readonly address?: string | undefined;
	/** Fetches kernel and initramfs as iPXE does; its kernel then asks for its address again. */
	loadKernel(): Promise<void>;
}

export interface MachineOptions {
	readonly hardware: Hardware;
	readonly network: NetworkBoot;
	/** milliseconds that each script takes, and that firmware and system take to start */
	readonly pace?: number;
	/** Hears each step of the agent (simulatedAgent.ts), and `boot`, `local`, `system`, `cloud-init`, `off` of the machine. */
	readonly onStep?: (step: string) => void;
	/** The machine has been switched on or off, by whomever. */
	readonly onPower?: (on: boolean) => void;
}

export function createBootingMachine(options: MachineOptions): BootingMachine {
	const { hardware, network, pace = 20, onStep = () => {}, onPower = () => {} } = options;
	const runs = new Map<string, ScriptRun>();
	let plug: AbortController | null = null;
	let doing: Doing = 'off';
	let installed: InstalledSystem | null = null;
	let card = hardware.macs[0] as Mac;

	const agent = async (script: string, orders: BootOrders, signal: AbortSignal) => {
		await orders.loadKernel();
		doing = 'agent';
		return runAgent({
			...{ hardware, bootMac: card, signal, from: orders.address, pace, onStep },
			url: argument(script, 'metaldesk.url'),
			token: argument(script, 'metaldesk.token'),
			runs: (name) => runs.get(name) ?? {},
			install: (system) => {
				installed = system;
			},
		});
	};

	/** Until the machine is switched off, or has nothing more to do. */
	const live = async (signal: AbortSignal): Promise<void> => {
		for (;;) {
			doing = 'firmware';
			onStep('boot');
			await sleep(pace, undefined, { signal });
			const orders = await network.boot(card, hardware, signal).catch((error: unknown) => {
				if (signal.aborted) throw error;
				return null;
			});
			// firmware whose network boot came to nothing begins again
			if (!orders) continue;
			if (/\n(sanboot|chain .*localboot)/.test(orders.script)) {
				onStep('local');
				if (installed) return await runSystem(installed, orders.address, signal);
				continue;
			}
			const end = await agent(orders.script, orders, signal);
			if (end === 'reboot') continue;
			if (end !== 'stay') return switchOff();
			doing = 'halted';
			return;
		}
	};

	/** The installed system's cloud-init, as it asks MAAS's metadata service at its first start. */
	const runSystem = async (system: InstalledSystem, from: string | undefined, signal: AbortSignal) => {
		doing = 'system';
		onStep('system');
		await sleep(pace, undefined, { signal });
		const headers = { authorization: system.authorization };
		for (const path of ['2012-03-01/meta-data/instance-id', '2012-03-01/meta-data/local-hostname', '2012-03-01/user-data'])
			for (;;) {
				const { status } = await http('GET', `${system.metadataUrl}${path}`, { headers, from, signal });
				if (status !== 0 && status < 500) break;
				await sleep(200, undefined, { signal });
			}
		const line = { origin: 'cloudinit', name: 'modules-final', description: 'done', event_type: 'finish', result: 'SUCCESS' };
		await http('POST', system.statusUrl, { headers, from, signal, body: JSON.stringify({ ...line, timestamp: 0 }) });
		onStep('cloud-init');
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
		bootFrom(number) {
			card = hardware.macs[number] as Mac;
		},
		setRun: (script, run) => void runs.set(script, run),
	};
}

/** Of the kernel's command line in an iPXE script. */
function argument(script: string, name: string): string {
	return new RegExp(`\\s${name.replace('.', '\\.')}=(\\S+)`).exec(script)?.[1] ?? '';
}
