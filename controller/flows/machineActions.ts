import { Refusal } from '../domain/errors.ts';
import { type LifecycleEvent, lifecycle } from '../domain/lifecycle.ts';
import type { EraseMode, Machine } from '../domain/machine.ts';
import type { Log } from '../log.ts';
import type { PowerResult } from '../power/driver.ts';
import type { JobOptions } from '../store/results.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../store/users.ts';
import { dropAcquiredBridges } from './acquiredBridges.ts';
import type { Advance } from './advance.ts';
import { deleteDevicesOf } from './deviceActions.ts';
import { type JobScripts, type ScriptChoice, WIPE } from './jobScripts.ts';
import { type MachinePower, PowerStopped } from './machinePower.ts';
import { claimAddresses, releaseAddresses } from './network/machineLinks.ts';
import type { PerMachine } from './perMachine.ts';
import { diskToDeploy } from './storageLayout.ts';

/**
 * What people and clients ask of a machine. Each call checks everything that can be known at once, moves the status, and answers the
 * machine; what takes time (power, booting) goes on behind it and ends in a status and an event, never in silence. A `comment` goes
 * into the machine's history, as the reason.
 */
export interface MachineActions {
	/** Throws Refusal `bad-input` for scripts that don't exist. */
	commission(machine: Machine, by: User, errand?: Errand): Machine;
	test(machine: Machine, by: User, errand?: Errand): Machine;
	/** Boots the agent, which then stays with a shell on the machine's console. */
	rescue(machine: Machine, by: User): Machine;
	/** Back to what the machine was: a deployed one is started from its disk, any other is switched off. */
	exitRescue(machine: Machine, by: User): Machine;
	allocate(machine: Machine, by: User): Machine;
	deploy(machine: Machine, by: User, options: DeployOptions): Machine;
	release(machine: Machine, by: User, erase: EraseMode, options?: ReleaseOptions): Machine;
	abort(machine: Machine, by: User, comment?: string | null): Machine;
	mark(machine: Machine, by: User, event: Mark, comment: string | null): Machine;
	/** While it is locked nothing but unlocking is done to it. */
	lock(machine: Machine, by: User, locked: boolean, comment?: string | null): Machine;
	/** With its history. Throws Refusal `locked`. */
	delete(machine: Machine, by: User): void;
	/** A machine in a working status is picked up again: after a restart of the controller. */
	resume(machine: Machine): void;
	/** Power off is on its way from inside the machine: prove it, and complete a release. */
	switchesOff(machineId: number): void;
}

/** What a machine boots the agent for. */
export interface Errand {
	readonly comment?: string | null;
	readonly scripts?: ScriptChoice;
	readonly options?: JobOptions;
}

export interface ReleaseOptions {
	readonly comment?: string | null;
	/** release scripts, by name or tag */
	readonly scripts?: readonly string[];
	readonly parameters?: ScriptChoice['parameters'];
}

export interface DeployOptions {
	readonly imageId: number;
	readonly userData: string | Uint8Array | null;
	readonly comment?: string | null;
	readonly agentName?: string;
	readonly hweKernel?: string | null;
	readonly enableHwSync?: boolean;
	readonly enableKernelCrashDump?: boolean;
}

export type Mark = 'mark_broken' | 'mark_fixed' | 'override_tests';

/** How long an agent's power off may take until the BMC shows it. */
const SWITCH_OFF_MS = 90_000;

export function createMachineActions(parts: {
	store: Store;
	advance: Advance;
	power: MachinePower;
	perMachine: PerMachine;
	jobScripts: JobScripts;
	log: Log;
}): MachineActions {
	const { store, advance, power, perMachine, jobScripts, log } = parts;

	/** Work behind an answered call: a failure becomes the machine's status, a bug a line in the log and a failure too. */
	const behind = (machine: Machine, work: () => Promise<PowerResult<unknown>>) => {
		perMachine(machine.id, async () => {
			// somebody may have aborted while the job waited for its turn
			if (store.machines.byId(machine.id)?.status !== machine.status) return;
			const result = await work();
			if (!result.ok) failed(machine, result.text, result.nextStep);
		}).catch((error: unknown) => {
			if (error instanceof PowerStopped) return;
			log.error('a flow failed', { machine: machine.systemId, error: String(error instanceof Error ? error.stack : error) });
			failed(machine, 'The controller made a mistake; its log has the details.', 'Try again, and report it if it happens twice.');
		});
	};
	const failed = (machine: Machine, text: string, nextStep: string) => {
		const status = store.machines.byId(machine.id)?.status;
		if (status === machine.status && lifecycle[status].moves.fail) advance(machine.id, 'fail', { text, nextStep });
	};
	const bootIt = (machine: Machine) => {
		if (machine.bmcId !== null) return behind(machine, () => power.bootFromNetwork(machine.id));
		store.events.append({
			nodeId: machine.id,
			kind: 'power',
			level: 'warning',
			text: `${machine.hostname} has no BMC.`,
			nextStep: 'Switch it off and on by hand, so that it boots from the network.',
		});
	};
	const powerOff = (machine: Machine) => {
		if (machine.bmcId !== null) behind(machine, () => power.off(machine.id));
	};
	const notLocked = (machine: Machine) => {
		if (machine.locked) throw new Refusal('locked', `${machine.hostname} is locked.`, { nextStep: 'Unlock it first.' });
	};
	const withPower = (machine: Machine) => {
		if (machine.bmcId !== null) return;
		throw new Refusal('conflict', `${machine.hostname} has no power settings, so it can’t be booted from here.`, {
			nextStep: 'Set its power type; “manual” when you will press the button yourself.',
		});
	};
	const move = (machine: Machine, event: LifecycleEvent, by: Pick<User, 'username'>, text?: string | null) =>
		advance(machine.id, event, { by: by.username, ...(text ? { text } : {}) });

	/** What was made for its owner goes: keys, devices, bridges, addresses. */
	const leaveNothing = (machineId: number) => {
		store.metadataKeys.revoke(machineId);
		deleteDevicesOf(store, machineId);
		dropAcquiredBridges(store, machineId);
		releaseAddresses(store, machineId);
	};
	const finishRelease = (machineId: number) =>
		store.transaction(() => {
			const machine = store.machines.byId(machineId);
			if (machine?.status !== 'releasing') return;
			store.machines.update(machineId, { ...nobodys, erase: 'none' });
			leaveNothing(machineId);
			advance(machineId, wasCommissioned(store, machineId) ? 'released' : 'released_unknown', {
				text: machine.bmcId === null ? 'Released; its power can’t be read.' : 'Released, and proven to be off.',
			});
		});

	const releaseOff = async (machine: Machine) => {
		const off = await power.off(machine.id);
		if (off.ok) finishRelease(machine.id);
		return off;
	};

	/** The agent's work of this order, with what was chosen for it, waits until the machine has booted. */
	const prepare = (machine: Machine, purpose: 'commission' | 'test' | 'erase', { scripts, options = {} }: Errand) => {
		const chosen = jobScripts.select(purpose, scripts, machine);
		if (purpose === 'test' && chosen.length === 0) throw new Refusal('bad-input', 'No testing scripts found!');
		store.results.createJob({ nodeId: machine.id, kind: purpose, at: machine.statusAt, scripts: chosen, options });
	};
	const bootFor = (event: 'commission' | 'test' | 'enter_rescue', machine: Machine, by: User, errand: Errand = {}) => {
		notLocked(machine);
		withPower(machine);
		const now = store.transaction(() => {
			const moved = move(machine, event, by, errand.comment);
			if (event !== 'enter_rescue') prepare(moved, event, errand);
			return moved;
		});
		bootIt(now);
		return now;
	};

	const leaveRescue = (machine: Machine) => {
		const left = () => void advance(machine.id, 'rescue_left');
		if (machine.bmcId === null) return left();
		behind(machine, async () => {
			const done = machine.previousStatus === 'deployed' ? await power.bootFromNetwork(machine.id) : await power.off(machine.id);
			if (done.ok) left();
			return done;
		});
	};

	return {
		commission: (machine, by, errand) => bootFor('commission', machine, by, errand),
		test: (machine, by, errand) => bootFor('test', machine, by, errand),
		rescue: (machine, by) => bootFor('enter_rescue', machine, by),
		exitRescue(machine, by) {
			notLocked(machine);
			const now = move(machine, 'exit_rescue', by);
			leaveRescue(now);
			return now;
		},
		allocate(machine, by) {
			notLocked(machine);
			return store.transaction(() => {
				const now = move(machine, 'allocate', by);
				store.machines.update(now.id, { ownerId: by.id });
				return store.machines.byId(now.id) as Machine;
			});
		},
		deploy(machine, by, { imageId, userData, comment, agentName, ...system }) {
			notLocked(machine);
			withPower(machine);
			const image = store.images.byId(imageId);
			if (!image) throw new Refusal('not-found', 'There is no such image.', { field: 'imageId' });
			const disk = diskToDeploy(store, machine.id);
			if (disk.size < image.diskSize)
				throw new Refusal(
					'conflict',
					`The disk ${disk.name} has ${disk.size} bytes, the image ${image.name} needs ${image.diskSize}.`,
					{ field: 'imageId' },
				);
			const now = store.transaction(() => {
				if (machine.status === 'ready') {
					move(machine, 'allocate', by);
					store.machines.update(machine.id, { ownerId: by.id });
				}
				store.machines.update(machine.id, {
					...{ imageId, userData: userData === null ? null : Buffer.from(userData), netboot: true },
					...{ hweKernel: null, enableHwSync: false, enableKernelCrashDump: false, ...system },
					...(agentName === undefined ? {} : { agentName }),
				});
				store.metadataKeys.revoke(machine.id);
				claimAddresses(store, machine.id);
				store.bootResources.deploys(image.id);
				return move(machine, 'deploy', by, comment ?? `Deploying ${image.name}`);
			});
			bootIt(now);
			return now;
		},
		release(machine, by, erase, { comment, scripts = [], parameters } = {}) {
			notLocked(machine);
			const boots = erase !== 'none' || scripts.length > 0;
			if (boots) withPower(machine);
			const now = store.transaction(() => {
				store.machines.update(machine.id, { erase, ...nothingInstalled });
				deleteDevicesOf(store, machine.id);
				const moved = move(machine, boots ? 'erase' : 'release', by, comment);
				const release = [...(erase === 'none' ? [] : [WIPE]), ...scripts];
				if (boots) prepare(moved, 'erase', { scripts: { release, parameters } });
				return moved;
			});
			if (boots) bootIt(now);
			else if (now.bmcId === null) finishRelease(now.id);
			else behind(now, () => releaseOff(now));
			return store.machines.byId(now.id) as Machine;
		},
		abort(machine, by, comment) {
			notLocked(machine);
			const now = move(machine, 'abort', by, comment ?? `Aborted while ${lifecycle[machine.status].name.toLowerCase()}.`);
			for (const boot of store.boots.runningOf(machine.id))
				store.boots.end(boot.id, 'failed', now.statusAt, { text: 'Aborted.', nextStep: '' });
			powerOff(now);
			return now;
		},
		mark(machine, by, event, comment) {
			notLocked(machine);
			return store.transaction(() => {
				const held = 'release' in lifecycle[machine.status].moves;
				if (event === 'mark_broken')
					store.machines.update(machine.id, { ...(held ? nobodys : {}), errorDescription: comment ?? '' });
				if (event === 'mark_fixed') store.machines.update(machine.id, { ...nothingInstalled, errorDescription: '' });
				const inUse = event === 'override_tests' && machine.imageId !== null && !machine.netboot;
				const now = move(machine, inUse ? 'override_tests_in_use' : event, by, comment);
				if (event === 'mark_broken' && held) {
					leaveNothing(machine.id);
					store.afterCommit(() => powerOff(now));
				}
				return now;
			});
		},
		lock(machine, by, locked, comment = null) {
			return store.transaction(() => {
				store.machines.update(machine.id, { locked });
				const text = locked ? 'Locked' : 'Unlocked';
				store.events.append({ nodeId: machine.id, kind: 'user', text, cause: comment, by: by.username });
				return store.machines.byId(machine.id) as Machine;
			});
		},
		delete(machine, by) {
			notLocked(machine);
			store.transaction(() => {
				store.results.dropOutputs(machine.id);
				store.machines.delete(machine.id);
				if (machine.bmcId !== null) store.bmcs.deleteUnused(machine.bmcId);
				store.events.append({ kind: 'user', text: `${machine.hostname} was deleted`, by: by.username });
			});
		},
		resume(machine) {
			store.events.append({
				nodeId: machine.id,
				kind: 'status',
				text: 'The controller was restarted; going on.',
				data: { status: machine.status },
			});
			if (machine.status === 'releasing') return behind(machine, () => releaseOff(machine));
			if (machine.status === 'exiting_rescue_mode') return leaveRescue(machine);
			// a boot that is under way goes on by itself: the agent and the firmware repeat what was lost
			if (store.boots.runningOf(machine.id).length > 0 || (machine.status === 'deploying' && !machine.netboot)) return;
			bootIt(machine);
		},
		switchesOff(machineId) {
			const machine = store.machines.byId(machineId);
			if (!machine) return;
			if (machine.bmcId === null) return finishRelease(machineId);
			behind(machine, async () => {
				const seen = await power.expectOff(machineId, SWITCH_OFF_MS);
				if (machine.status !== 'releasing') return { ok: true, value: null };
				// an agent that hangs is switched off: a released machine is proven to be off
				if (!seen.ok || seen.value !== 'off') return releaseOff(machine);
				finishRelease(machineId);
				return seen;
			});
		},
	};
}

/** What is gone at once when a machine is released, and what its owner leaves behind: gone when it is off. */
const nothingInstalled = {
	...{ imageId: null, userData: null, netboot: true, agentName: '', hweKernel: null },
	...{ enableHwSync: false, enableKernelCrashDump: false, ephemeralDeploy: false },
} as const;
const nobodys = { ...nothingInstalled, ownerId: null, ownerData: {}, reservation: { note: null, until: null } };

/** The newest inventory came in. */
const wasCommissioned = (store: Store, machineId: number): boolean => store.machines.byId(machineId)?.inventoryAt !== null;
