import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import fc from 'fast-check';
import { getChassisStatus } from '../../../controller/ipmi-js/commands/chassis.ts';
import { getDeviceId } from '../../../controller/ipmi-js/commands/device.ts';
import { IpmiError } from '../../../controller/ipmi-js/errors.ts';
import { ipmiError, loginTo, testBmc, testClient } from '../../support/ipmiClient.ts';

/** Either the right answer or a typed error, never anything else. */
async function answerOrTypedError(call: Promise<{ powerOn: boolean }>): Promise<void> {
	try {
		assert.equal((await call).powerOn, false);
	} catch (error) {
		assert.ok(error instanceof IpmiError, String(error));
	}
}

test('any byte of any reply changed: the right answer or a typed error, and the client works afterwards', async (t) => {
	const bmc = await testBmc(t);
	// A new session for each try, so that the login is hit too.
	const client = testClient(t, { patience: [5, 10], idle: 0 });
	await fc.assert(
		fc.asyncProperty(fc.nat(120), fc.integer({ min: 1, max: 255 }), fc.nat(6), async (at, change, which) => {
			let replies = 0;
			bmc.faults.tamper = (reply) => {
				if (replies++ === which) reply[at % reply.length] = (reply[at % reply.length] ?? 0) ^ change;
				return reply;
			};
			await answerOrTypedError(client.run(loginTo(bmc), getChassisStatus));
			bmc.forgetSessions();
		}),
		{ numRuns: 100 },
	);
	bmc.faults.tamper = null;
	assert.equal((await client.run(loginTo(bmc, { cipherSuite: 17 }), getChassisStatus)).powerOn, false);
});

test('any reply cut short: the right answer or a typed error', async (t) => {
	const client = testClient(t, { patience: [5, 10], idle: 0 });
	const bmc = await testBmc(t);
	await fc.assert(
		fc.asyncProperty(fc.nat(100), fc.nat(6), async (length, which) => {
			let replies = 0;
			bmc.faults.tamper = (reply) => (replies++ === which ? reply.subarray(0, length) : reply);
			await answerOrTypedError(client.run(loginTo(bmc), getChassisStatus));
			bmc.forgetSessions();
		}),
		{ numRuns: 100 },
	);
});

test('something else on the port that answers with noise', async (t) => {
	const noise = createSocket('udp4');
	await new Promise<void>((resolve) => noise.bind(0, '127.0.0.1', resolve));
	t.after(() => new Promise<void>((resolve) => noise.close(() => resolve())));
	let answer = Buffer.alloc(0);
	noise.on('message', (_, from) => noise.send(answer, from.port, from.address));
	const client = testClient(t, { patience: [5, 10], idle: 0 });
	const starts = ['', '0600ff07', '0600ff070611', '0600ff07000000000000000000'].map((hex) => Buffer.from(hex, 'hex'));
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom(...starts),
			fc.uint8Array({ maxLength: 100 }),
			fc.constantFrom('2.0', '1.5'),
			async (start, rest, version) => {
				answer = Buffer.concat([start, rest]);
				const call = client.run(loginTo({ address: '127.0.0.1', port: noise.address().port }, { version }), getChassisStatus);
				await assert.rejects(call, (error) => error instanceof IpmiError);
			},
		),
		{ numRuns: 100 },
	);
});

test('a BMC that sends only nonsense inside a session is a bad reply, not unreachable', async (t) => {
	const client = testClient(t, { patience: [20, 20] });
	const bmc = await testBmc(t);
	await client.run(loginTo(bmc), getChassisStatus);
	bmc.faults.tamper = (reply) => reply.fill(0x5a, 16);
	await assert.rejects(client.run(loginTo(bmc), getDeviceId), ipmiError('bad-reply'));
});

test('a forger who answers first does not end the exchange', async (t) => {
	const bmc = await testBmc(t);
	const socket = createSocket('udp4');
	const client = testClient(t, { socket });
	await client.run(loginTo(bmc), getChassisStatus);
	bmc.faults.copies = 2;
	let copies = 0;
	bmc.faults.tamper = (reply) => {
		// The first of the two says "on" and is not signed for it.
		if (copies++ % 2 === 0) reply[40] = (reply[40] ?? 0) ^ 1;
		return reply;
	};
	assert.equal((await client.run(loginTo(bmc), getChassisStatus)).powerOn, false);
});

test('a replayed "off" does not hide that the machine is on', async (t) => {
	const client = testClient(t, { patience: [30, 200, 200] });
	const bmc = await testBmc(t);
	await client.run(loginTo(bmc), getChassisStatus);
	let kept: Buffer | null = null;
	bmc.faults.tamper = (reply) => {
		const earlier = kept;
		kept ??= Buffer.from(reply);
		return earlier && bmc.machine.on ? earlier : reply;
	};
	await client.run(loginTo(bmc), getChassisStatus);
	bmc.machine.on = true;
	await assert.rejects(client.run(loginTo(bmc), getChassisStatus), (error) => error instanceof IpmiError);
	bmc.faults.tamper = null;
	assert.equal((await client.run(loginTo(bmc), getChassisStatus)).powerOn, true);
});
