import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PowerErrorCode } from '../../../controller/power/driver.ts';
import { createFakeDriver } from '../../../controller/power/fake.ts';
import { powerDriverSuite } from '../../support/powerDriverSuite.ts';

const codes: PowerErrorCode[] = [
	...(['unreachable', 'wrong-credentials', 'cipher-refused', 'session-limit', 'privilege-too-low'] as const),
	...(['unsupported', 'bad-reply', 'did-not-act'] as const),
];

powerDriverSuite(
	'fake',
	async () => ({
		driver: createFakeDriver(),
		parameters: { power_id: 'm1' },
		failures: Object.fromEntries(codes.map((code) => [code, { power_id: `failing-${code}`, failure: code }])),
		stop: async () => {},
	}),
	codes,
);

test('machines are told apart by their ID', async () => {
	const driver = createFakeDriver();
	await driver.on({ power_id: 'm1' });
	assert.deepEqual(await driver.query({ power_id: 'm1' }), { ok: true, value: 'on' });
	assert.deepEqual(await driver.query({ power_id: 'm2' }), { ok: true, value: 'off' });
});

test('the delay is waited for, and must be a number', async () => {
	const driver = createFakeDriver();
	const begin = performance.now();
	await driver.query({ power_id: 'm1', delay: '50' });
	assert.ok(performance.now() - begin >= 49);
	for (const delay of ['soon', '-1', '1e9']) {
		const result = await driver.query({ power_id: 'm1', delay });
		assert.equal(result.ok ? 'ok' : result.code, 'bad-parameters', delay);
	}
});
