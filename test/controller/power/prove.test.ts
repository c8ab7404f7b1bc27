import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, type PowerDriver, type PowerResult, type PowerState, succeed } from '../../../controller/power/driver.ts';
import { createFakeDriver } from '../../../controller/power/fake.ts';
import { proveOff, proveOn } from '../../../controller/power/prove.ts';

/** The shipped fake with scripted readings; `orders` counts what was asked of it. */
function scripted(readings: PowerResult<PowerState>[]) {
	const orders: string[] = [];
	const driver: PowerDriver = {
		...createFakeDriver(),
		query: async () => (readings.length > 1 ? readings.shift() : readings[0]) as PowerResult<PowerState>,
		async on() {
			orders.push('on');
			return succeed(undefined);
		},
		async off(_, options) {
			orders.push(options?.soft ? 'soft' : 'off');
			return succeed(undefined);
		},
	};
	return { driver, orders };
}

const silence = fail('unreachable', 'The BMC does not answer.', 'Look.');
const quick = { timeLimit: 300, interval: 10 };

test('a machine that takes its time gets one order', async () => {
	const { driver, orders } = scripted([succeed('off'), succeed('off'), succeed('on')]);
	assert.deepEqual(await proveOn(driver, {}, quick), { ok: true, value: 'on' });
	assert.deepEqual(orders, ['on']);
});

test('a BMC that is silent while it switches is waited for', async () => {
	const { driver } = scripted([silence, silence, succeed('on')]);
	assert.deepEqual(await proveOn(driver, {}, quick), { ok: true, value: 'on' });
});

test('a BMC that is silent to the end is unreachable', async () => {
	const { driver } = scripted([silence]);
	assert.deepEqual(await proveOn(driver, {}, quick), silence);
});

test('an order that is refused ends it', async () => {
	const { driver } = scripted([succeed('off')]);
	assert.deepEqual(await proveOn({ ...driver, on: async () => silence }, {}, quick), silence);
});

test('a soft off is given once and names itself once', async () => {
	const { driver, orders } = scripted([succeed('on')]);
	const result = await proveOff(driver, { power_id: 'm1' }, { ...quick, soft: true });
	assert.deepEqual(orders, ['soft']);
	assert.equal(result.ok ? '' : result.text, 'The simulated BMC m1 accepted power off once but still reports on.');
});

test('a signal ends the wait', async () => {
	const { driver } = scripted([succeed('off')]);
	const begin = performance.now();
	const result = await proveOn(driver, {}, { timeLimit: 10_000, signal: AbortSignal.timeout(50) });
	assert.equal(result.ok ? 'ok' : result.code, 'did-not-act');
	assert.ok(performance.now() - begin < 2_000);
});
