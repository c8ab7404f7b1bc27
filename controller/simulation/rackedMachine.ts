import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BmcUser, type SimulatedBmc, startBmc } from './bmc/bmc.ts';
import { type Fault, scriptsOf } from './faults.ts';
import { type Hardware, makeHardware, uuidBytes } from './hardware/hardware.ts';
import { createSimulatedMachine, type SimulatedMachine } from './machine.ts';
import type { RackMemory } from './memory.ts';
import type { NetworkBoot } from './network/networkBoot.ts';
import type { Wire } from './network/wire.ts';

/** A machine with its BMC: each switches the other's light. */
export interface RackedMachine {
	readonly number: number;
	readonly machine: SimulatedMachine;
	readonly bmc: SimulatedBmc;
	readonly fault: Fault | null;
	/** Resolves when it is off. */
	off(): Promise<void>;
	/** Ends it as a power cut does: what it was doing is remembered for the next run. */
	stop(): Promise<void>;
}

export interface RackedMachineOptions {
	readonly number: number;
	readonly place: { readonly address: string; readonly port: number };
	readonly fault: Fault | null;
	readonly memory: RackMemory;
	readonly wire: Wire;
	readonly network: NetworkBoot;
	readonly tempo: number;
}

/** How long firmware asks for an address until it gives up, ms. */
const NO_ANSWER_MS = 8000;

/** Rejects as `startBmc` does when the BMC's address is taken. */
export async function rackMachine(options: RackedMachineOptions): Promise<RackedMachine> {
	const { number, place, fault, memory, wire, network, tempo } = options;
	const hardware = makeHardware(number);
	const remembered = memory.machines.get(number);
	const accounts = accountsOf(hardware);
	// a machine that was never off has not been seen by anybody: its fault would leave no trace
	let introduced = remembered !== undefined;
	let stopped = false;
	const waiting = new Set<() => void>();

	const bmc = await startBmc({
		...place,
		users: accounts,
		identity: identityOf(hardware),
		onPower: (on) => (on ? machine.powerOn() : machine.powerOff()),
		onSoftOff: () => machine.softOff(),
		onOrder() {
			if (!introduced) return;
			if (fault === 'bmc-dead') bmc.faults.silent = true;
			const account = bmc.users[ACCOUNT_ID - 1];
			if (fault !== 'bmc-password' || !account) return;
			account.password = `${accounts[ACCOUNT_ID - 1]?.password.slice(0, 15)}!`;
			bmc.forgetSessions();
		},
	});
	const remember = () => {
		if (stopped) return;
		memory.machines.set(number, { on: machine.on, installed: machine.installed });
		memory.changed();
	};
	const machine = createSimulatedMachine({
		...{ hardware, wire, tempo, installed: remembered?.installed ?? null },
		network: {
			boot: (card, own, signal) => (fault === 'no-dhcp' && introduced ? nobodyAnswers(signal) : network.boot(card, own, signal)),
			askAddress: network.askAddress,
		},
		bootOverride: bmc.takeBootDevice,
		bmcSettings: () => settingsOf(place, accounts, hardware),
		onInstalled: remember,
		onPower(on) {
			bmc.machine.on = on;
			remember();
			if (on) return;
			if (!introduced) befall();
			introduced = true;
			for (const done of waiting) done();
			waiting.clear();
		},
	});
	const befall = () => {
		for (const [script, run] of Object.entries(scriptsOf(fault, hardware))) machine.setRun(script, run);
	};
	if (introduced) befall();
	// after a power cut: what has a system starts it again, what was in the middle of something boots anew
	if (remembered?.on) machine.powerOn();

	return {
		...{ number, machine, bmc, fault },
		off: () => (machine.on ? new Promise((done) => waiting.add(done)) : Promise.resolve()),
		async stop() {
			stopped = true;
			machine.powerOff();
			await bmc.stop();
		},
	};
}

async function nobodyAnswers(signal: AbortSignal): Promise<never> {
	await sleep(NO_ANSWER_MS, undefined, { signal });
	throw new Error('no DHCP server answers');
}

/** Of the account that the machine makes for its controller, as the agent does on a real BMC. */
const ACCOUNT_ID = 3;

/** The anonymous one, one for people who try ipmitool, and the controller's, whose password is the same in the next run. */
function accountsOf({ serial }: Hardware): BmcUser[] {
	const password = createHash('sha256').update(`demo rack ${serial}`).digest('hex').slice(0, 16);
	return [
		{ name: '', password: '', privilege: 2, enabled: false },
		{ name: 'admin', password: 'metaldesk', privilege: 4, enabled: true },
		{ name: 'maas', password, privilege: 4, enabled: true },
	];
}

function settingsOf(
	place: RackedMachineOptions['place'],
	accounts: readonly BmcUser[],
	{ firmware }: Hardware,
): Record<string, string> {
	const account = accounts[ACCOUNT_ID - 1];
	return {
		power_address: `${place.address}:${place.port}`,
		...{ power_user: account?.name ?? '', power_pass: account?.password ?? '', power_driver: 'LAN_2_0' },
		...{ power_boot_type: firmware === 'uefi' ? 'efi' : 'auto', cipher_suite_id: '3', privilege_level: 'ADMIN', k_g: '' },
	};
}

function identityOf({ bmc, uuid }: Hardware) {
	const [major = 1, minor = 0] = bmc.version.split('.').map(Number);
	return { version: [major, minor] as const, maker: bmc.id, guid: uuidBytes(uuid) };
}
