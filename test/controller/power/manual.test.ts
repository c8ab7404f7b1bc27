import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualDriver } from '../../../controller/power/manual.ts';
import { proveOn } from '../../../controller/power/prove.ts';

test('a machine without a BMC has an unknown state, and orders wait for a person', async () => {
	assert.deepEqual(await manualDriver.query({}), { ok: true, value: 'unknown' });
	assert.deepEqual(await manualDriver.on({}), { ok: true, value: undefined });
	assert.deepEqual(await manualDriver.off({}), { ok: true, value: undefined });
	assert.deepEqual(await manualDriver.cycle({}), { ok: true, value: undefined });
});

test('proving its state does not wait for what cannot be read', async () => {
	assert.deepEqual(await proveOn(manualDriver, {}), { ok: true, value: 'unknown' });
});
