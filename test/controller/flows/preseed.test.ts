import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LifecycleEvent } from '../../../controller/domain/lifecycle.ts';
import { createAdvance } from '../../../controller/flows/advance.ts';
import { enlistPreseed, isInMemory, preseedOf, siteServices } from '../../../controller/flows/preseed.ts';
import { addMachine, makeStore } from '../../support/makeStore.ts';

const base = 'http://192.168.77.1:5248/MAAS/metadata/';

interface Config {
	readonly datasource?: { MAAS: { metadata_url: string; consumer_key?: string; token_key?: string; token_secret?: string } };
	readonly reporting?: { maas: { endpoint: string } };
	readonly packages?: string[];
	readonly power_state?: { mode: string; timeout: number };
}
const configIn = (text: string | null): Config => JSON.parse(text?.replace('#cloud-config\n', '') ?? '{}');

function machineIn(t: TestContext, ...events: LifecycleEvent[]) {
	const { store, clock } = makeStore(t);
	const { id } = addMachine(store, 1);
	const advance = createAdvance(store, clock.now);
	for (const event of events) advance(id, event);
	const machine = store.machines.byId(id) as ReturnType<typeof addMachine>;
	return { store, machine, text: () => preseedOf(store, machine, base) };
}

test('what each status is told: where to ask, with keys while there is an errand, and how to end', (t) => {
	for (const [events, url, keys, mode, timeout] of [
		[[], base, true, 'poweroff', 3600],
		[['commission'], base, true, 'poweroff', 3600],
		[['commission', 'commissioned', 'test'], base, true, 'poweroff', 3600],
		[['commission', 'commissioned', 'enter_rescue'], base, true, undefined, undefined],
		[['commission', 'commissioned', 'allocate', 'erase'], base, true, 'poweroff', 604_800],
		[['commission', 'commissioned', 'allocate', 'deploy'], `${base}curtin`, true, 'reboot', 1800],
		[['commission', 'commissioned', 'allocate', 'deploy', 'deployed', 'test'], base, true, 'reboot', 1800],
		[['commission', 'commissioned'], undefined, false, 'poweroff', 3600],
		[['commission', 'fail'], undefined, false, 'poweroff', 3600],
	] as const) {
		const { machine, text } = machineIn(t, ...events);
		const { datasource, power_state: end } = configIn(text());
		assert.deepEqual(
			[datasource?.MAAS.metadata_url, datasource?.MAAS.consumer_key !== undefined, end?.mode, end?.timeout],
			[url, keys, mode, timeout],
			machine.status,
		);
	}
	assert.equal(machineIn(t, 'commission', 'commissioned', 'allocate', 'deploy', 'deployed').text(), null);
});

test('the keys are the machine’s own, the same each time', (t) => {
	const { store, machine, text } = machineIn(t, 'commission');
	const { datasource, reporting } = configIn(text());
	const current = store.metadataKeys.current(machine.id);
	assert.deepEqual(datasource?.MAAS, {
		metadata_url: base,
		consumer_key: current?.consumerKey,
		token_key: current?.tokenKey,
		token_secret: current?.tokenSecret,
	});
	assert.equal(reporting?.maas.endpoint, `${base}status/${machine.systemId}`);
	assert.equal(text(), text());
});

test('an order that leaves the machine on leaves it on', (t) => {
	const { store, machine, text } = machineIn(t, 'commission');
	assert.equal(isInMemory(machine), true);
	store.results.createJob({
		nodeId: machine.id,
		kind: 'commission',
		at: machine.statusAt,
		scripts: [],
		options: { stayOn: true },
	});
	assert.equal(configIn(text()).power_state, undefined);
});

test('an unknown machine is sent to enlist, without keys', (t) => {
	const { store } = makeStore(t);
	const { datasource, reporting, power_state: end } = configIn(enlistPreseed(store, base));
	assert.deepEqual([datasource, reporting, end?.timeout], [{ MAAS: { metadata_url: `${base}enlist` } }, undefined, 1800]);
});

test('the site’s services come from MAAS’s configuration', (t) => {
	const { store } = makeStore(t);
	const archive = 'http://archive.ubuntu.com/ubuntu';
	assert.deepEqual(siteServices(store), { proxy: null, ntp: [], syslog: [], archive });
	store.config.set('http_proxy', 'http://proxy.example.org:3128/');
	store.config.set('ntp_servers', 'ntp.example.org, 192.0.2.1');
	store.config.set('remote_syslog', '192.0.2.2');
	assert.deepEqual(siteServices(store), { proxy: 'http://proxy.example.org:3128/', ntp: [], syslog: ['192.0.2.2'], archive });
	store.config.set('ntp_external_only', true);
	store.config.set('enable_http_proxy', false);
	assert.deepEqual(siteServices(store), { proxy: null, ntp: ['ntp.example.org', '192.0.2.1'], syslog: ['192.0.2.2'], archive });
});
