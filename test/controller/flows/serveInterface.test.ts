import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Ipv4, Mac } from '../../../controller/domain/address.ts';
import { Refusal } from '../../../controller/domain/errors.ts';
import {
	createServeInterface,
	type NetworkCardState,
	type ProbeFinding,
	type RackNetwork,
	type ServiceState,
} from '../../../controller/flows/serveInterface.ts';
import { silentLog } from '../../../controller/log.ts';
import { makeStore } from '../../support/makeStore.ts';

const clean: ProbeFinding = { foreignServers: [], addressesInUse: [] };
const foreign: ProbeFinding = {
	foreignServers: [{ address: '192.168.77.2' as Ipv4, mac: '52:54:00:00:00:99' as Mac, offered: '192.168.77.60' as Ipv4 }],
	addressesInUse: [],
};
const card = (name: string, ...addresses: string[]): NetworkCardState => ({
	name,
	mac: '52:54:00:00:00:01' as Mac,
	ipv4: addresses.map((address) => ({ address: address as Ipv4, prefix: 24 })),
	...{ up: true, carrier: true, loopback: false, defaultRoute: false, speed: 1000 },
});

/** A rack network that writes down what it is told. */
function make(t: TestContext, settings: { finding?: ProbeFinding | Error; services?: ServiceState[] } = {}) {
	const { store, clock } = makeStore(t);
	const log: string[] = [];
	const told = { finding: settings.finding ?? clean };
	const rack: RackNetwork = {
		interfaces: async () => [card('br0', '192.168.77.1'), card('eno9')],
		async probe(name, pool, own) {
			log.push(`probe ${name} ${pool.length} ${own ?? 'silent'}`);
			if (told.finding instanceof Error) throw told.finding;
			return told.finding;
		},
		async open({ interface: name, pool }) {
			log.push(`open ${name} ${pool.start} to ${pool.end}`);
			return { services: settings.services ?? [], stop: async () => void log.push(`close ${name}`) };
		},
	};
	const create = () => createServeInterface({ store, rack, log: silentLog, now: clock.now });
	const serve = create();
	t.after(serve.stop);
	return { store, serve, create, log, told };
}
const refused = (code: string, text: RegExp) => (error: unknown) =>
	error instanceof Refusal && error.code === code && text.test(error.message);

test('everything is off until it is told: no probe, no socket', async (t) => {
	const { serve, log } = make(t);
	await serve.restore();
	assert.deepEqual(
		(await serve.list()).map(({ card: { name }, mode, state, pool, problem }) => ({ name, mode, state, pool, problem })),
		['br0', 'eno9'].map((name) => ({ name, mode: 'off', state: 'silent', pool: null, problem: null })),
	);
	assert.deepEqual(log, []);
});

test('full: probed first, then opened with the upper half of its network; off closes it', async (t) => {
	const { serve, log, store } = make(t);
	const on = await serve.setMode('br0', 'full', null, 'ann');
	const pool = { start: '192.168.77.128', end: '192.168.77.254' };
	assert.deepEqual([on.mode, on.state, on.pool], ['full', 'serving', pool]);
	assert.deepEqual(store.interfaceModes.all(), [{ name: 'br0', mode: 'full', pool }]);
	const off = await serve.setMode('br0', 'off', null, 'ann');
	assert.deepEqual([off.mode, off.state, off.pool], ['off', 'silent', pool]);
	assert.deepEqual(log, ['probe br0 254 silent', 'open br0 192.168.77.128 to 192.168.77.254', 'close br0']);
});

test('another DHCP server refuses it, is named, and not one socket was opened', async (t) => {
	const { serve, log, store } = make(t, { finding: foreign });
	const text = 'Another DHCP server answers on br0: 192.168.77.2 (52:54:00:00:00:99).';
	await assert.rejects(
		serve.setMode('br0', 'full', null, 'ann'),
		refused('foreign-dhcp', new RegExp(`^${text.replace(/[.()]/g, '\\$&')}$`)),
	);
	assert.deepEqual(log, ['probe br0 254 silent']);
	const [state] = await serve.list();
	assert.deepEqual([state?.mode, state?.state, state?.problem?.text], ['off', 'refused', text]);
	assert.deepEqual(store.interfaceModes.all(), []);
});

test('a probe that can’t be made is no clean probe', async (t) => {
	const { serve, log } = make(t, { finding: new Error('No permission to open udp:68@br0') });
	await assert.rejects(serve.setMode('br0', 'full', null, null), refused('unavailable', /No permission/));
	assert.equal((await serve.list())[0]?.state, 'failed');
	assert.ok(!log.some((line) => line.startsWith('open')));
});

test('no such interface, no address, a pool of another network: refused with what to do', async (t) => {
	const { serve } = make(t);
	await assert.rejects(serve.setMode('wlan7', 'full', null, null), refused('not-found', /no interface “wlan7”/));
	await assert.rejects(serve.setMode('eno9', 'full', null, null), refused('conflict', /eno9 has no IPv4 address/));
	const pool = { start: '10.0.0.1' as Ipv4, end: '10.0.0.9' as Ipv4 };
	await assert.rejects(
		serve.setMode('br0', 'full', pool, null),
		refused('bad-input', /10\.0\.0\.1 lies outside 192\.168\.77\.0\/24/),
	);
});

test('addresses that answered to the probe are kept out of the pool', async (t) => {
	const { store, clock } = makeStore(t);
	const offers: (string | undefined)[] = [];
	const taken = '192.168.77.128' as Ipv4;
	const serve = createServeInterface({
		store,
		log: silentLog,
		now: clock.now,
		rack: {
			interfaces: async () => [card('br0', '192.168.77.1')],
			probe: async () => ({ foreignServers: [], addressesInUse: [{ address: taken, mac: '52:54:00:00:00:77' as Mac }] }),
			async open(_, leases) {
				offers.push((await leases.offer('52:54:00:00:00:05' as Mac, taken))?.address);
				return { services: [], stop: async () => {} };
			},
		},
	});
	t.after(serve.stop);
	await serve.setMode('br0', 'full', null, null);
	assert.deepEqual(offers, ['192.168.77.129']);
});

test('a service without its port is said; the others run', async (t) => {
	const problem = { text: 'Another program already uses udp:69@br0.', nextStep: 'Stop it.' };
	const services: ServiceState[] = [
		{ name: 'tftp', where: '69/udp on br0', problem },
		{ name: 'dhcp', where: '67/udp on br0', problem: null },
	];
	const { serve } = make(t, { services });
	const state = await serve.setMode('br0', 'full', null, null);
	assert.deepEqual([state.state, state.problem, serve.services()], ['failed', problem, services]);
});

test('a server that turns up while serving switches the interface off, and that stays after a restart', async (t) => {
	t.mock.timers.enable({ apis: ['setInterval'] });
	const { serve, create, log, told, store } = make(t);
	await serve.setMode('br0', 'full', null, 'ann');
	told.finding = foreign;
	t.mock.timers.tick(60_000);
	const changed = new Promise<void>((done) => serve.onChange(done));
	await changed;
	const [state] = await serve.list();
	assert.deepEqual([state?.mode, state?.state], ['off', 'refused']);
	assert.match(state?.problem?.text ?? '', /^Another DHCP server answers on br0/);
	assert.deepEqual(log.slice(2), ['probe br0 0 192.168.77.1', 'close br0']);
	assert.equal(store.interfaceModes.all()[0]?.mode, 'off');
	await create().restore();
	assert.equal(log.length, 4);
});

test('what was on when the controller stopped is probed and turned on again', async (t) => {
	const { serve, create, log } = make(t);
	await serve.setMode('br0', 'full', { start: '192.168.77.10' as Ipv4, end: '192.168.77.19' as Ipv4 }, 'ann');
	await serve.stop();
	const next = create();
	t.after(next.stop);
	await next.restore();
	assert.deepEqual(log.slice(3), ['probe br0 254 silent', 'open br0 192.168.77.10 to 192.168.77.19']);
	assert.equal((await next.list())[0]?.state, 'serving');
});

test('two clicks open it once at a time', async (t) => {
	const { serve, log } = make(t);
	await Promise.all([serve.setMode('br0', 'full', null, 'ann'), serve.setMode('br0', 'full', null, 'bob')]);
	assert.deepEqual(
		log.map((line) => line.split(' ')[0]),
		['probe', 'open', 'close', 'probe', 'open'],
	);
});
