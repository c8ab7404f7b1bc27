import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PowerDriver, PowerErrorCode, PowerParameters } from '../../controller/power/driver.ts';
import { proveOff, proveOn } from '../../controller/power/prove.ts';

/** A driver and the machine that the suite may switch. */
export interface PowerSubject {
	readonly driver: PowerDriver;
	readonly parameters: PowerParameters;
	/** Parameters under which each of these failures really happens. */
	readonly failures: Partial<Record<PowerErrorCode, PowerParameters>>;
	stop(): Promise<void>;
}

/** What every driver promises, run against each with something real (or its own simulation) behind it. */
export function powerDriverSuite(name: string, start: () => Promise<PowerSubject>, failures: readonly PowerErrorCode[]): void {
	describe(`power driver ${name}:`, () => {
		let subject: PowerSubject;
		before(async () => {
			subject = await start();
		});
		after(() => subject.stop());

		const state = () => subject.driver.query(subject.parameters);

		test('its fields are complete and have distinct names', () => {
			const { fields } = subject.driver;
			assert.equal(new Set(fields.map((field) => field.name)).size, fields.length);
			for (const field of fields) {
				const choice = field.fieldType === 'choice' || field.fieldType === 'multiple_choice';
				assert.equal(field.choices.length > 0, choice, field.name);
				assert.equal(field.secret, field.fieldType === 'password', field.name);
				for (const value of [field.default].flat())
					assert.ok(!choice || field.choices.some(([allowed]) => allowed === value), `${field.name} = ${value}`);
			}
		});

		test('off, on, and off again, each proven by a reading', async () => {
			const options = { timeLimit: 5_000, interval: 50 };
			assert.deepEqual(await proveOff(subject.driver, subject.parameters, options), { ok: true, value: 'off' });
			assert.deepEqual(await proveOn(subject.driver, subject.parameters, options), { ok: true, value: 'on' });
			assert.deepEqual(await state(), { ok: true, value: 'on' });
			assert.deepEqual(await proveOff(subject.driver, subject.parameters, options), { ok: true, value: 'off' });
			assert.deepEqual(await state(), { ok: true, value: 'off' });
		});

		test('orders for the state that it is in are accepted', async () => {
			for (const order of ['on', 'on', 'off', 'off'] as const)
				assert.deepEqual(await subject.driver[order](subject.parameters), { ok: true, value: undefined });
		});

		test('a soft off ends at off', async () => {
			await proveOn(subject.driver, subject.parameters);
			const off = await proveOff(subject.driver, subject.parameters, { soft: true, timeLimit: 5_000, interval: 50 });
			assert.deepEqual(off, { ok: true, value: 'off' });
		});

		test('cycle turns on a machine that is off, and ends at on for one that is on', async () => {
			await proveOff(subject.driver, subject.parameters);
			for (let round = 0; round < 2; round++) {
				assert.deepEqual(await subject.driver.cycle(subject.parameters), { ok: true, value: undefined });
				await seen('on');
			}
		});

		test('reset leaves the machine on', async () => {
			await proveOn(subject.driver, subject.parameters);
			assert.deepEqual(await subject.driver.reset?.(subject.parameters), { ok: true, value: undefined });
			assert.deepEqual(await state(), { ok: true, value: 'on' });
		});

		test('the boot device is what the BMC holds afterwards', async () => {
			for (const device of ['pxe', 'disk'] as const) {
				const held = await subject.driver.setBootDevice?.(subject.parameters, { device, efi: false });
				assert.deepEqual(held, { ok: true, value: { device, efi: false } });
			}
		});

		test('many questions at once get the same answer', async () => {
			await proveOff(subject.driver, subject.parameters);
			const states = await Promise.all(Array.from({ length: 20 }, state));
			assert.deepEqual(new Set(states.map((each) => JSON.stringify(each))), new Set(['{"ok":true,"value":"off"}']));
		});

		test('a missing required field is named', async () => {
			const required = subject.driver.fields.find((field) => field.required && field.default.length === 0);
			const { [required?.name ?? '']: _, ...rest } = subject.parameters;
			const result = await subject.driver.query(rest);
			assert.ok(!result.ok);
			assert.equal(result.code, 'bad-parameters');
			assert.match(result.text, new RegExp(`\\(${required?.name}\\) is missing`));
		});

		for (const code of failures) {
			test(`${code} has its own sentence and a next step`, async () => {
				const parameters = subject.failures[code] ?? assert.fail(`no way to make ${code} happen`);
				const result =
					code === 'did-not-act'
						? await proveOn(subject.driver, parameters, { timeLimit: 400, interval: 50 })
						: await subject.driver.on(parameters);
				assert.ok(!result.ok, JSON.stringify(result));
				assert.equal(result.code, code);
				for (const sentence of [result.text, result.nextStep]) assert.match(sentence, /^[A-Z].*\.$/s);
				assert.ok(result.text.startsWith(subject.driver.subject(parameters)), result.text);
			});
		}

		async function seen(wanted: 'on' | 'off'): Promise<void> {
			const begin = performance.now();
			let last = await state();
			while (performance.now() - begin < 5_000 && !(last.ok && last.value === wanted)) last = await state();
			assert.deepEqual(last, { ok: true, value: wanted });
		}
	});
}
