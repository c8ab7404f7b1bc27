import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { chassisControl, getChassisStatus } from '../../../controller/ipmi-js/commands/chassis.ts';
import { getDeviceId } from '../../../controller/ipmi-js/commands/device.ts';
import { setUserPassword } from '../../../controller/ipmi-js/commands/users.ts';
import { startBmc } from '../../../controller/simulation/bmc/bmc.ts';
import { ipmiError, loginTo, shortPatience, testBmc, testClient, testIpmiSim } from '../../support/ipmiClient.ts';

for (const suite of [3, 8, 12, 17] as const) {
	test(`cipher suite ${suite} turns a machine on and reads it back`, async (t) => {
		const client = testClient(t);
		const bmc = await testBmc(t);
		const login = loginTo(bmc, { cipherSuite: suite });
		await client.run(login, chassisControl('on'));
		assert.equal((await client.run(login, getChassisStatus)).powerOn, true);
		assert.equal(client.protocolOf(login), `IPMI 2.0, cipher suite ${suite}`);
	});
}

test('IPMI 1.5 turns a machine on and reads it back, when it is asked for', async (t) => {
	const client = testClient(t);
	const sim = await testIpmiSim(t);
	const login = loginTo(sim, { version: '1.5' });
	await client.run(login, chassisControl('on'));
	assert.equal((await client.run(login, getChassisStatus)).powerOn, true);
	assert.equal(client.protocolOf(login), 'IPMI 1.5, MD5, not encrypted');
});

test('auto takes suite 17 where it is offered, else 3, and asks only once', async (t) => {
	const client = testClient(t, { idle: 1 });
	const strong = loginTo(await testBmc(t), { cipherSuite: 'auto' });
	const old = loginTo(await testIpmiSim(t), { cipherSuite: 'auto' });
	await client.run(strong, getChassisStatus);
	assert.equal(client.protocolOf(strong), 'IPMI 2.0, cipher suite 17');
	await client.run(old, getChassisStatus);
	assert.equal(client.protocolOf(old), 'IPMI 2.0, cipher suite 3');
});

test('auto survives a BMC that meets suite 17 with silence', async (t) => {
	const bmc = await testBmc(t, { suites: [3] });
	bmc.faults.tamper = (reply) => (reply[5] === 0x11 && reply[17] !== 0 ? Buffer.alloc(0) : reply);
	const login = loginTo(bmc, { cipherSuite: 'auto' });
	const client = testClient(t, { patience: shortPatience });
	assert.equal((await client.run(login, getChassisStatus)).powerOn, false);
	assert.equal(client.protocolOf(login), 'IPMI 2.0, cipher suite 3');
});

test('a BMC that falls silent at the user name is not called unreachable', async (t) => {
	const client = testClient(t, { patience: [20, 20] });
	const bmc = await testBmc(t);
	bmc.faults.tamper = (reply) => (reply[5] === 0x13 ? Buffer.alloc(0) : reply);
	await assert.rejects(client.run(loginTo(bmc), getChassisStatus), {
		code: 'wrong-credentials',
		message: 'the BMC fell silent when it heard the user name',
	});
});

test('each cause has its own code', async (t) => {
	const bmc = await testBmc(t, { suites: [3], kg: Buffer.from('the key') });
	const old = await testIpmiSim(t);
	const [sim, weak, full] = [await testIpmiSim(t), await testBmc(t), await testBmc(t, { sessionLimit: 0 })];
	const operator = await testBmc(t, { users: [{ name: 'admin', password: 'secret', privilege: 3, enabled: true }] });
	const client = testClient(t, { patience: shortPatience });
	const withKg = loginTo(bmc, { kg: Buffer.from('the key') });
	const rows: [string, ReturnType<typeof loginTo>, Parameters<typeof ipmiError>[0]][] = [
		['wrong password', loginTo(weak, { password: 'guess' }), 'wrong-credentials'],
		['wrong user', loginTo(weak, { userName: 'nobody' }), 'wrong-credentials'],
		['wrong password at ipmi_sim', loginTo(sim, { password: 'guess' }), 'wrong-credentials'],
		['wrong user at ipmi_sim', loginTo(sim, { userName: 'nobody' }), 'wrong-credentials'],
		['missing K_g', loginTo(bmc), 'wrong-credentials'],
		['wrong K_g', { ...withKg, kg: Buffer.from('another') }, 'wrong-credentials'],
		['suite 17 where only 3 is', { ...withKg, cipherSuite: 17 }, 'cipher-refused'],
		['suite 17 at ipmi_sim', loginTo(sim, { cipherSuite: 17 }), 'cipher-refused'],
		['suite 12 and auto', { ...withKg, cipherSuite: 12 }, 'cipher-refused'],
		['no session free', loginTo(full), 'session-limit'],
		['role above the user', loginTo(operator), 'privilege-too-low'],
		['nobody there', loginTo({ address: '127.255.255.250', port: 6230 }), 'unreachable'],
		['no such name', loginTo({ address: 'bmc.invalid', port: 623 }), 'unreachable'],
		['no port', loginTo({ address: '127.0.0.1', port: 70_000 }), 'bad-parameters'],
		['long password', loginTo(weak, { password: 'x'.repeat(21) }), 'bad-parameters'],
		['long name', loginTo(weak, { userName: 'x'.repeat(17) }), 'bad-parameters'],
		['1.5, wrong password', loginTo(old, { version: '1.5', password: 'guess' }), 'wrong-credentials'],
		['1.5, wrong user', loginTo(old, { version: '1.5', userName: 'nobody' }), 'wrong-credentials'],
		['1.5 where only 2.0 is', loginTo(weak, { version: '1.5' }), 'cipher-refused'],
	];
	for (const [name, login, code] of rows) await assert.rejects(client.run(login, getChassisStatus), ipmiError(code), name);
	assert.equal((await client.run(withKg, getChassisStatus)).powerOn, false);
});

test('ipmi_sim with all its sessions taken is a session limit, by 2.0 and by 1.5', async (t) => {
	// It has room for 63.
	const taken = Array.from({ length: 63 }, () => testClient(t));
	const full = testClient(t, { patience: shortPatience });
	const sim = await testIpmiSim(t);
	for (const client of taken) await client.run(loginTo(sim), getChassisStatus);
	for (const version of ['2.0', '1.5'] as const)
		await assert.rejects(full.run(loginTo(sim, { version }), getChassisStatus), ipmiError('session-limit'), version);
	await taken[0]?.close();
	assert.equal((await full.run(loginTo(sim), getChassisStatus)).powerOn, false);
});

test('an order above the privilege level is refused by us, a higher level than the session allows by the BMC', async (t) => {
	const client = testClient(t);
	const bmc = await testBmc(t);
	await assert.rejects(client.run(loginTo(bmc, { privilege: 'user' }), chassisControl('on')), ipmiError('privilege-too-low'));
	await assert.rejects(
		client.run(loginTo(bmc, { privilege: 'operator' }), setUserPassword(2, 'x')),
		ipmiError('privilege-too-low'),
	);
});

test('one session serves many requests and is closed after the idle time', async (t) => {
	const client = testClient(t, { idle: 100 });
	const bmc = await testBmc(t);
	const login = loginTo(bmc);
	await Promise.all(Array.from({ length: 20 }, () => client.run(login, getChassisStatus)));
	assert.equal(bmc.openSessions(), 1);
	await sleep(300);
	assert.equal(bmc.openSessions(), 0);
	assert.equal(client.protocolOf(login), null);
	assert.equal((await client.run(login, getChassisStatus)).powerOn, false);
});

test('closing the client frees the sessions of all BMCs', async (t) => {
	const client = testClient(t);
	const [one, two] = [await testBmc(t), await testBmc(t)];
	await Promise.all([client.run(loginTo(one), getChassisStatus), client.run(loginTo(two), getChassisStatus)]);
	await client.close();
	assert.deepEqual([one.openSessions(), two.openSessions()], [0, 0]);
	await assert.rejects(client.run(loginTo(one), getChassisStatus), ipmiError('closed'));
});

test('closing the client ends a login that waits', async (t) => {
	const client = testClient(t);
	const waiting = assert.rejects(
		client.run(loginTo({ address: '127.255.255.250', port: 6230 }), getChassisStatus),
		ipmiError('closed'),
	);
	await sleep(20);
	const begin = performance.now();
	await client.close();
	await waiting;
	assert.ok(performance.now() - begin < 250);
});

test('closing the client ends a call that waits', async (t) => {
	const client = testClient(t);
	const bmc = await testBmc(t);
	await client.run(loginTo(bmc), getChassisStatus);
	bmc.faults.silent = true;
	const waiting = assert.rejects(client.run(loginTo(bmc), getChassisStatus), ipmiError('closed'));
	await sleep(20);
	await client.close();
	await waiting;
});

test('a session that the BMC forgot is opened again', async (t) => {
	const client = testClient(t, { patience: shortPatience });
	const [bmc, sim] = [await testBmc(t), await testIpmiSim(t)];
	for (const each of [bmc, sim]) await client.run(loginTo(each), getDeviceId);
	bmc.forgetSessions();
	await sim.restart();
	for (const each of [bmc, sim]) assert.equal((await client.run(loginTo(each), getChassisStatus)).powerOn, false);
});

test('a reset is sent once, even when nothing confirms it', async (t) => {
	const client = testClient(t, { patience: shortPatience });
	const bmc = await testBmc(t);
	await client.run(loginTo(bmc), chassisControl('on'));
	// Answers to Chassis Control are lost, those to everything else arrive.
	bmc.faults.tamper = (reply) => (bmc.machine.log.includes('reset') ? Buffer.alloc(0) : reply);
	await assert.rejects(client.run(loginTo(bmc), chassisControl('reset')), ipmiError('unreachable'));
	bmc.faults.tamper = null;
	assert.equal(bmc.openSessions(), 1, 'no second session was opened to repeat it');
});

for (const [name, faults] of Object.entries({
	'every third datagram is lost': { loseEvery: 3 },
	'each reply comes four times': { copies: 4 },
	'replies are later than the first patience': { delay: 70 },
	'the BMC is busy three times': { busy: 3 },
})) {
	test(`calls succeed though ${name}`, async (t) => {
		const client = testClient(t, { patience: [50, 50, 100, 100, 200, 200, 400, 400] });
		const bmc = await testBmc(t);
		Object.assign(bmc.faults, faults);
		for (let round = 0; round < 5; round++) {
			await client.run(loginTo(bmc), chassisControl(round % 2 === 0 ? 'on' : 'off'));
			assert.equal((await client.run(loginTo(bmc), getChassisStatus)).powerOn, round % 2 === 0);
		}
	});
}

test('200 BMCs at once over one socket, each with its own answer', async (t) => {
	const bmcs = await Promise.all(Array.from({ length: 200 }, () => startBmc()));
	t.after(() => Promise.all(bmcs.map((bmc) => bmc.stop())));
	for (const [index, bmc] of bmcs.entries()) bmc.machine.on = index % 3 === 0;
	let sockets = 0;
	const client = testClient(t, {
		async socket() {
			sockets++;
			return createSocket('udp4');
		},
	});
	const states = await Promise.all(bmcs.map((bmc) => client.run(loginTo(bmc, { cipherSuite: 'auto' }), getChassisStatus)));
	assert.deepEqual(
		states.map((state) => state.powerOn),
		bmcs.map((bmc) => bmc.machine.on),
	);
	assert.equal(sockets, 1);
});

test('a socket that was lost is replaced', async (t) => {
	const bmc = await testBmc(t);
	const sockets: ReturnType<typeof createSocket>[] = [];
	const client = testClient(t, {
		patience: shortPatience,
		async socket() {
			const socket = createSocket('udp4');
			sockets.push(socket);
			return socket;
		},
	});
	await client.run(loginTo(bmc), getChassisStatus);
	sockets[0]?.close();
	assert.equal((await client.run(loginTo(bmc), getChassisStatus)).powerOn, false);
	assert.equal(sockets.length, 2);
});

test('a socket that cannot be opened is unreachable, and tried again by the next call', async (t) => {
	const bmc = await testBmc(t);
	let broken = true;
	const client = testClient(t, {
		patience: shortPatience,
		async socket() {
			if (broken) throw new Error('netport is not allowed to');
			return createSocket('udp4');
		},
	});
	await assert.rejects(client.run(loginTo(bmc), getChassisStatus), ipmiError('unreachable'));
	broken = false;
	assert.equal((await client.run(loginTo(bmc), getChassisStatus)).powerOn, false);
});

test('workarounds: a BMC with long codes or a padded user name is served when its flag is set', async (t) => {
	const client = testClient(t, { patience: [20, 20] });
	const long = await testBmc(t);
	// RAKP 2 with four bytes behind its code, and its length corrected.
	long.faults.tamper = (reply) => {
		if (reply[5] !== 0x13) return reply;
		reply.writeUInt16LE(reply.readUInt16LE(14) + 4, 14);
		return Buffer.concat([reply, Buffer.alloc(4)]);
	};
	await assert.rejects(client.run(loginTo(long), getChassisStatus), ipmiError('wrong-credentials'));
	const login = loginTo(long, { workarounds: new Set(['supermicro20']) });
	assert.equal((await client.run(login, getChassisStatus)).powerOn, false);
	const padded = await testBmc(t, {
		users: [{ name: 'admin'.padEnd(16, '\0'), password: 'secret', privilege: 4, enabled: true }],
	});
	await assert.rejects(client.run(loginTo(padded), getChassisStatus), ipmiError('wrong-credentials'));
	assert.equal((await client.run(loginTo(padded, { workarounds: new Set(['intel20']) }), getChassisStatus)).powerOn, false);
});
