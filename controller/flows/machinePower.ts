import { setTimeout as sleep } from 'node:timers/promises';
import type { Machine } from '../domain/machine.ts';
import type { Log } from '../log.ts';
import {
	fail,
	type PowerDriver,
	type PowerFailure,
	type PowerParameters,
	type PowerResult,
	type PowerState,
	succeed,
} from '../power/driver.ts';
import { proveOff, proveOn } from '../power/prove.ts';
import type { PowerDrivers } from '../power/registry.ts';
import type { Store } from '../store/store.ts';
import type { BootTrail } from './bootTrail.ts';
import { purposeOf } from './pxeBoot.ts';

/**
 * Power of machines. Every answer is a re-read of the BMC; the machine's row says when the state was last proven, and each failure
 * is one sentence with a next step.
 */
export interface MachinePower {
	/** Reads the state from the BMC and records it. */
	check(machineId: number): Promise<PowerResult<PowerState>>;
	/** Makes the machine boot from its network card now, whether it was on or off, and proves that it is on. */
	bootFromNetwork(machineId: number): Promise<PowerResult<PowerState>>;
	on(machineId: number): Promise<PowerResult<PowerState>>;
	/** Proves that the machine is off. `soft`: asks its operating system first, and gives it two minutes. */
	off(machineId: number, options?: { soft?: boolean }): Promise<PowerResult<PowerState>>;
	/** Reads until the machine has switched itself off or the time is over; records what it saw. */
	expectOff(machineId: number, milliseconds: number): Promise<PowerResult<PowerState>>;
	/** Every call that waits, and every later one, rejects with PowerStopped at once. */
	stop(): void;
}

/** The controller ends. The machine stays in the status it is in: the next run picks it up there. */
export class PowerStopped extends Error {}

export function createMachinePower(parts: {
	store: Store;
	drivers: PowerDrivers;
	trail: BootTrail;
	log: Log;
	now: () => Date;
	/** ms until an order must have shown itself */
	timeLimit?: number;
}): MachinePower {
	const { store, drivers, trail, log, now, timeLimit = 60_000 } = parts;

	const ending = new AbortController();
	/** BMCs that don't answer take many seconds to fail: the end of the controller does not wait for them. */
	const unlessStopped = <Value>(work: () => Promise<Value>): Promise<Value> =>
		new Promise((resolve, reject) => {
			const stop = () => reject(new PowerStopped());
			if (ending.signal.aborted) return stop();
			ending.signal.addEventListener('abort', stop, { once: true });
			work()
				.then(resolve, reject)
				.finally(() => ending.signal.removeEventListener('abort', stop));
		});

	const find = (machineId: number): { machine: Machine; driver: PowerDriver; parameters: PowerParameters } | PowerFailure => {
		const machine = store.machines.byId(machineId);
		if (!machine) return fail('bad-parameters', 'The machine has been deleted.', 'Nothing is left to do.');
		if (machine.bmcId === null)
			return fail(
				'bad-parameters',
				`${machine.hostname} has no BMC.`,
				'Add its power settings, or switch it on and off by hand.',
			);
		const bmc = store.bmcs.byId(machine.bmcId);
		const driver = drivers.find(bmc?.driver ?? '');
		if (!driver)
			return fail('unsupported', `There is no power driver “${bmc?.driver}”.`, 'Choose another power type for the machine.');
		return { machine, driver, parameters: store.bmcs.parameters(machine.bmcId) };
	};

	/** Runs `act` against the BMC and writes what was proven, or the problem, into the machine's row. */
	const proven = async (
		machineId: number,
		act: (driver: PowerDriver, parameters: PowerParameters, machine: Machine) => Promise<PowerResult<PowerState>>,
	): Promise<PowerResult<PowerState>> => {
		const found = find(machineId);
		if ('ok' in found) return found;
		const result = await unlessStopped(() => act(found.driver, found.parameters, found.machine));
		store.transaction(() => {
			const machine = store.machines.byId(machineId);
			if (!machine) return;
			const before = machine.power;
			if (result.ok) {
				store.machines.update(machineId, { power: { state: result.value, provenAt: now().toISOString(), problem: null } });
				if (before.state !== result.value)
					store.events.append({ nodeId: machineId, kind: 'power', text: `Power is ${result.value}` });
				return;
			}
			const problem = { text: result.text, nextStep: result.nextStep };
			store.machines.update(machineId, { power: { ...before, state: 'error', problem } });
			if (before.problem?.text !== result.text)
				store.events.append({
					nodeId: machineId,
					kind: 'power',
					level: 'error',
					text: result.text,
					cause: result.text,
					nextStep: result.nextStep,
				});
		});
		return result;
	};

	const bootFromNetwork = (machineId: number) =>
		proven(machineId, async (driver, parameters, machine) => {
			const device = await driver.setBootDevice?.(parameters, { device: 'pxe', efi: machine.firmware === 'uefi' });
			// Many BMCs refuse the override, and machines whose boot order starts with the network boot all the same (MAAS goes on too).
			if (device && !device.ok && device.code !== 'unreachable')
				store.events.append({ nodeId: machineId, kind: 'power', level: 'warning', text: device.text, nextStep: device.nextStep });
			const off = await proveOff(driver, parameters, { soft: false, timeLimit, signal: ending.signal });
			if (!off.ok) return off;
			const begun = now().getTime();
			const on = await proveOn(driver, parameters, { timeLimit, signal: ending.signal });
			if (on.ok)
				trail.poweredOn(
					machine,
					purposeOf(machine),
					driver.queryable ? `Powered on, proven after ${now().getTime() - begun} ms` : 'Waits to be powered on by hand',
				);
			return on;
		});

	return {
		check: (machineId) => proven(machineId, (driver, parameters) => driver.query(parameters)),
		bootFromNetwork,
		on: (machineId) =>
			proven(machineId, async (driver, parameters, machine) => {
				const before = await driver.query(parameters);
				if (before.ok && before.value === 'on') return before;
				const on = await proveOn(driver, parameters, { timeLimit, signal: ending.signal });
				if (on.ok) trail.poweredOn(machine, purposeOf(machine), 'Powered on, proven');
				return on;
			}),
		off: (machineId, { soft = false } = {}) =>
			proven(machineId, (driver, parameters) =>
				proveOff(driver, parameters, { soft, timeLimit: soft ? 120_000 : timeLimit, signal: ending.signal }),
			),
		async expectOff(machineId, milliseconds) {
			const until = performance.now() + milliseconds;
			let last: PowerResult<PowerState> = succeed('unknown');
			do {
				const found = find(machineId);
				if ('ok' in found) return found;
				last = await unlessStopped(() => found.driver.query(found.parameters));
				if (!found.driver.queryable || (last.ok && last.value === 'off')) break;
				await unlessStopped(() => sleep(1000));
			} while (performance.now() < until);
			log.debug('waited for power off', { machineId, seen: last.ok ? last.value : last.code });
			return proven(machineId, async () => last);
		},
		stop: () => ending.abort(),
	};
}
