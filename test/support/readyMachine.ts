import assert from 'node:assert/strict';
import { Refusal } from '../../controller/domain/errors.ts';
import type { LifecycleEvent } from '../../controller/domain/lifecycle.ts';
import type { Machine } from '../../controller/domain/machine.ts';
import type { Flows } from './makeFlows.ts';
import { makeHardware } from './plainHardware.ts';

/** For `assert.throws`: a refusal with this code, sentence and field. */
export const refused =
	(code: string, text: string | RegExp, field?: string) =>
	(error: unknown): boolean => {
		assert.ok(error instanceof Refusal, String(error));
		assert.deepEqual([error.code, error.field], [code, field]);
		if (typeof text === 'string') assert.equal(error.message, text);
		else assert.match(error.message, text);
		return true;
	};

/** A machine of the fake BMC that has been commissioned: two disks, 960 GB and 4 TB. */
export async function ready(flows: Flows, failure = '', hardware = makeHardware(1)): Promise<Machine> {
	await flows.runThrough(hardware);
	const machine = flows.givePower(flows.machineOf(hardware), failure);
	for (const event of ['commission', 'commissioned'] as LifecycleEvent[]) flows.advance(machine.id, event);
	return flows.machineOf(hardware);
}
/** As it is in the store by now. */
export const now = (flows: Flows, machine: Machine) => flows.store.machines.byId(machine.id) as Machine;
