import { Refusal } from '../domain/errors.ts';
import { type LifecycleEvent, lifecycle } from '../domain/lifecycle.ts';
import type { EraseMode, Machine } from '../domain/machine.ts';
import type { Log } from '../log.ts';
import type { PowerResult } from '../power/driver.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../store/users.ts';
import type { Advance } from './advance.ts';
import { bootDisk } from './jobScripts.ts';
import { type MachinePower, PowerStopped } from './machinePower.ts';
import type { PerMachine } from './perMachine.ts';

/**
 * What people and clients ask of a machine. Each call checks everything that can be known at once, moves the status, and answers the
 * machine; what takes time (power, booting) goes on behind it and ends in a status and an event, never in silence.
 */
export interface MachineActions {
	commission(machine: Machine, by: User): Machine;
	test(machine: Machine, by: User): Machine;
	/** Boots the agent, which then stays with a shell on the machine's console. */
	rescue(machine: Machine, by: User): Machine;
	/** Back to what the machine was: a deployed one is started from its disk, any other is switched off. */
	exitRescue(machine: Machine, by: User): Machine;
	allocate(machine: Machine, by: User): Machine;
	deploy(machine: Machine, by: User, options: { imageId: number; userData: string | null }): Machine;
	release(machine: Machine, by: User, erase: EraseMode): Machine;
	abort(machine: Machine, by: User): Machine;
	mark(machine: Machine, by: User, event: 'mark_broken' | 'mark_fixed' | 'override_tests', comment: string | null): Machine;
	/** A machine in a working status is picked up again: after a restart of the controller. */
	resume(machine: Machine): void;
	/** Power off is on its way from inside the machine: prove it, and complete a release. */
	switchesOff(machineId: number): void;
}

/** How long an agent's power off may take until the BMC shows it. */
const SWITCH_OFF_MS = 90_000;

export function createMachineActions(parts: {
	store: Store;
	advance: Advance;
	power: MachinePower;
	perMachine: PerMachine;
	log: Log;
}): MachineActions {
	const { store, advance, power, perMachine, log } = parts;

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
	const move = (machine: Machine, event: LifecycleEvent, by: User, text?: string) =>
		advance(machine.id, event, { by: by.username, ...(text ? { text } : {}) });

	const finishRelease = (machineId: number) =>
		store.transaction(() => {
			const machine = store.machines.byId(machineId);
			if (machine?.status !== 'releasing') return;
			store.machines.update(machineId, {
				...{ ownerId: null, agentName: '', reservation: { note: null, until: null } },
				...{ imageId: null, userData: null, netboot: true, erase: 'none' },
			});
			store.metadataKeys.revoke(machineId);
			advance(machineId, 'released', {
				text: machine.bmcId === null ? 'Released; its power can’t be read.' : 'Released, and proven to be off.',
			});
		});

	/** An errand on which the machine boots the agent. */
	const bootsFor = (event: 'commission' | 'test' | 'enter_rescue') => (machine: Machine, by: User) => {
		notLocked(machine);
		withPower(machine);
		const now = move(machine, event, by);
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
		commission: bootsFor('commission'),
		test: bootsFor('test'),
		rescue: bootsFor('enter_rescue'),
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
		deploy(machine, by, { imageId, userData }) {
			notLocked(machine);
			withPower(machine);
			const image = store.images.byId(imageId);
			if (!image) throw new Refusal('not-found', 'There is no such image.', { field: 'imageId' });
			const disk = bootDisk(store, machine.id);
			if (!disk) throw new Refusal('conflict', `${machine.hostname} has no disk of 512 MiB or more.`);
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
				store.machines.update(machine.id, { imageId, userData: userData === null ? null : Buffer.from(userData), netboot: true });
				store.metadataKeys.revoke(machine.id);
				return move(machine, 'deploy', by, `Deploying ${image.name}`);
			});
			bootIt(now);
			return now;
		},
		release(machine, by, erase) {
			notLocked(machine);
			if (erase !== 'none') withPower(machine);
			const now = store.transaction(() => {
				store.machines.update(machine.id, { erase });
				return move(machine, erase === 'none' ? 'release' : 'erase', by);
			});
			if (erase !== 'none') bootIt(now);
			else if (now.bmcId === null) finishRelease(now.id);
			else
				behind(now, async () => {
					const off = await power.off(now.id);
					if (off.ok) finishRelease(now.id);
					return off;
				});
			return store.machines.byId(now.id) as Machine;
		},
		abort(machine, by) {
			notLocked(machine);
			const now = move(machine, 'abort', by, `Aborted while ${lifecycle[machine.status].name.toLowerCase()}.`);
			for (const boot of store.boots.runningOf(machine.id))
				store.boots.end(boot.id, 'failed', now.statusAt, { text: 'Aborted.', nextStep: '' });
			powerOff(now);
			return now;
		},
		mark(machine, by, event, comment) {
			notLocked(machine);
			return move(machine, event, by, comment ?? undefined);
		},
		resume(machine) {
			store.events.append({
				nodeId: machine.id,
				kind: 'status',
				text: 'The controller was restarted; going on.',
				data: { status: machine.status },
			});
			if (machine.status === 'releasing') {
				behind(machine, async () => {
					const off = await power.off(machine.id);
					if (off.ok) finishRelease(machine.id);
					return off;
				});
				return;
			}
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
				const off = seen.ok && seen.value === 'off' ? seen : await power.off(machineId);
				if (off.ok) finishRelease(machineId);
				return off;
			});
		},
	};
}
