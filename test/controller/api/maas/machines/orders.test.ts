import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize } from 'bson';
import { type LifecycleEvent, lifecycle, type Status, statuses } from '../../../../../controller/domain/lifecycle.ts';
import type { Machine } from '../../../../../controller/domain/machine.ts';
import { type MaasAnswer, startMaas } from '../../../../support/maasClient.ts';
import { emptyDisk, maasMachines } from '../../../../support/maasMachines.ts';
import { addMachine } from '../../../../support/makeStore.ts';

const AT = '2026-01-02T03:04:05.000Z';
type Maas = Awaited<ReturnType<typeof startMaas>>;

/** One machine of the fake BMC that is put into any status, and bob’s where it can have an owner. */
function oneMachine(maas: Maas, number: number) {
	const { store, bob } = maas;
	const { id, systemId } = addMachine(store, number);
	const bmcId = store.bmcs.insert('fake', null, { power_id: `bmc-${number}`, delay: '0', failure: '' });
	store.machines.update(id, { bmcId, inventoryAt: AT });
	const put = (status: Status, ownerId: number | null = bob.user.id) => {
		store.machines.writeStatus(id, { status, at: AT, text: null, previousStatus: null, deadlineAt: null });
		store.machines.update(id, { ownerId, locked: false });
	};
	const now = () => store.machines.byId(id) as Machine;
	return { id, systemId, put, now, path: `machines/${systemId}/` };
}
const check = (what: string, answer: MaasAnswer, status: number, body: RegExp | object) => {
	assert.equal(answer.status, status, `${what}: ${answer.text}`);
	if (body instanceof RegExp) assert.match(answer.text, body, what);
	else assert.deepEqual(answer.json(), body, what);
};

test('orders on one machine', async (t) => {
	const maas = await startMaas(t);

	await t.test('each order in each status: done, or refused in MAAS’s words', async () => {
		const { ann, bob } = maas;
		const machine = oneMachine(maas, 1);
		const name = (status: Status) => lifecycle[status].name;
		const has = (status: Status, event: LifecycleEvent) => event in lifecycle[status].moves;
		const unavailable = (what: string) => ({ __all__: [`${what} is not available because of the current state of the node.`] });
		const orders: [op: string, by: typeof bob, may: (status: Status) => boolean, refusal: (status: Status) => RegExp | object][] =
			[
				[
					'commission',
					ann,
					(status) => ['new', 'failed_commissioning', 'ready', 'broken'].includes(status),
					() => unavailable('Commission'),
				],
				['test', ann, (status) => has(status, 'test'), () => unavailable('Test')],
				[
					'release',
					bob,
					(status) => has(status, 'release') || status === 'ready' || status === 'releasing',
					(status) => new RegExp(`^Machine cannot be released in its current state \\('${name(status)}'\\)\\.$`),
				],
				[
					'abort',
					bob,
					(status) => ['commissioning', 'deploying', 'disk_erasing', 'testing'].includes(status),
					(status) => new RegExp(`^Cannot abort in current state: node ${machine.systemId} is in state ${name(status)}\\.$`),
				],
				[
					'lock',
					bob,
					(status) => status === 'deployed' || status === 'deploying',
					() => /^Can't lock, node is not deployed or deploying$/,
				],
				[
					'mark_broken',
					bob,
					(status) => has(status, 'mark_broken'),
					(status) => new RegExp(`^Invalid transition: ${name(status)} -> Broken\\.$`),
				],
				['mark_fixed', ann, (status) => status === 'broken', () => /^Can't mark a non-broken node as 'Ready'\.$/],
				['override_failed_testing', ann, (status) => status === 'failed_testing', () => /^Unable to override node status\./],
				[
					'rescue_mode',
					ann,
					(status) => has(status, 'enter_rescue'),
					(status) => new RegExp(`^Invalid transition: ${name(status)} -> Entering rescue mode\\.$`),
				],
				[
					'exit_rescue_mode',
					ann,
					(status) => has(status, 'exit_rescue'),
					(status) => new RegExp(`^Invalid transition: ${name(status)} -> Exiting rescue mode\\.$`),
				],
			];
		for (const [op, by, may, refusal] of orders)
			for (const status of statuses) {
				machine.put(status);
				const answer = await by.post(machine.path, op, { testing_scripts: '10-memory-size' });
				if (may(status)) check(`${op} while ${status}`, answer, 200, new RegExp(`"system_id":"${machine.systemId}"`));
				else check(`${op} while ${status}`, answer, op === 'commission' || op === 'test' ? 400 : 409, refusal(status));
				await maas.controller.parts.perMachine.idle();
			}
	});

	await t.test('orders of one user on a machine of another are refused, and those of administrators from users', async () => {
		const { eve, bob, nobody } = maas;
		const machine = oneMachine(maas, 2);
		machine.put('deployed');
		const before = machine.now();
		for (const op of ['deploy', 'release', 'abort', 'lock', 'unlock', 'mark_broken', 'power_on', 'power_off', 'set_owner_data'])
			assert.equal((await eve.post(machine.path, op, { key: 'value' })).status, 403, op);
		for (const op of ['commission', 'test', 'mark_fixed', 'override_failed_testing', 'rescue_mode', 'exit_rescue_mode'])
			assert.equal((await bob.post(machine.path, op)).status, 403, op);
		for (const op of ['set_storage_layout', 'clear_default_gateways', 'restore_default_configuration'])
			assert.equal((await bob.post(machine.path, op)).status, 403, op);
		assert.equal((await nobody.post(machine.path, 'release')).status, 401);
		assert.deepEqual(machine.now(), before);
		assert.equal((await eve.get(machine.path)).status, 200, 'everybody sees all machines');
	});

	await t.test('deploy: which image is meant, what is kept, and what is refused', async () => {
		const { bob, store } = maas;
		const machines = maasMachines(maas);
		const id = await machines.ready(103);
		const path = `machines/${id}/`;
		const refused = async (what: string, form: Record<string, string>, status: number, body: RegExp | object) =>
			check(what, await bob.post(path, 'deploy', form), status, body);
		await refused('no image at all', {}, 400, {
			distro_series: ["'ubuntu/noble' is not a valid distro_series.  It should be one of: no image is here."],
		});
		await store.images.import({ name: 'debian', bytes: emptyDisk() });
		await refused('no such image', { distro_series: 'jammy' }, 400, {
			distro_series: ["'jammy' is not a valid distro_series.  It should be one of: 'custom/debian'."],
		});
		await refused(
			'a removed parameter',
			{ install_kvm: 'true' },
			400,
			/^Support for install_kvm allocation parameter has been removed\.$/,
		);
		await refused('a system in memory', { ephemeral_deploy: 'true' }, 501, /ephemeral_deploy/);
		await refused('user data that is no base64', { user_data: '<>' }, 400, { user_data: ['This is not base64.'] });
		await refused('a kernel that is none', { distro_series: 'debian', hwe_kernel: 'mine' }, 400, /^\{"hwe_kernel":/);
		assert.deepEqual([store.machines.bySystemId(id)?.status, store.machines.bySystemId(id)?.ownerId], ['ready', null]);

		const form = {
			distro_series: 'custom/debian',
			hwe_kernel: 'ga-22.04',
			agent_name: 'me',
			comment: 'go',
			enable_hw_sync: 'true',
		};
		const deploying = (await bob.post(path, 'deploy', form)).json<Record<string, never>>();
		assert.deepEqual(
			[
				deploying.status_name,
				deploying.owner,
				deploying.osystem,
				deploying.distro_series,
				deploying.hwe_kernel,
				deploying.enable_hw_sync,
			],
			['Deploying', 'bob', 'custom', 'debian', 'ga-22.04', true],
		);
		assert.equal(deploying.status_message, "From 'Allocated' to 'Deploying': go");
		assert.equal(store.machines.bySystemId(id)?.agentName, 'me');
		await refused('once more', { distro_series: 'debian' }, 409, /^Can't deploy a machine that is in the 'Deploying' state$/);
		const locked = (await bob.post(path, 'lock', { comment: 'leave it' })).json();
		assert.equal(locked.locked, true);
		check('twice', await bob.post(path, 'lock'), 409, /^Machine is already locked$/);
		check('locked against release', await bob.post(path, 'release'), 409, /locked/);
		assert.equal((await bob.post(path, 'unlock')).json().locked, false);
		check('unlocked twice', await bob.post(path, 'unlock'), 409, /^Machine is not locked$/);
		assert.equal((await bob.post(path, 'abort')).json().status_name, 'Allocated');
		await machines.settled();
	});

	await t.test('power: who may switch, what the BMC says, and where nothing can be ordered', async () => {
		const { ann, bob, store } = maas;
		const machine = oneMachine(maas, 4);
		machine.put('ready', null);
		check('nobody’s', await ann.post(machine.path, 'power_on'), 409, /^Can't start node: it hasn't been allocated\.$/);
		machine.put('deployed');
		const userData = Buffer.from('#!/bin/sh').toString('base64');
		assert.equal((await bob.post(machine.path, 'power_on', { user_data: userData, comment: 'x' })).json().power_state, 'on');
		assert.equal(Buffer.from(store.machines.userData(machine.id) ?? []).toString(), '#!/bin/sh');
		check('asked', await bob.get(`${machine.path}?op=query_power_state`), 200, { state: 'on' });
		assert.equal((await bob.post(machine.path, 'power_off', { stop_mode: 'hard' })).json().power_state, 'off');
		check('no such mode', await bob.post(machine.path, 'power_off', { stop_mode: 'axe' }), 400, /^\{"stop_mode":/);
		for (const [failure, status, body] of [
			['unreachable', 503, /was told to fail with "unreachable"/],
			['wrong-credentials', 200, { state: 'error' }],
		] as const) {
			store.bmcs.update(machine.now().bmcId ?? 0, 'fake', null, { power_id: 'power', delay: '0', failure });
			check(failure, await bob.get(`${machine.path}?op=query_power_state`), status, body);
			check(`${failure}, ordered`, await bob.post(machine.path, 'power_on'), 503, /was told to fail/);
		}
		store.bmcs.update(machine.now().bmcId ?? 0, 'manual', null, {});
		check('by hand', await bob.post(machine.path, 'power_off'), 200, /^null$/);
		check('unknown', await bob.get(`${machine.path}?op=query_power_state`), 200, { state: 'unknown' });
	});

	await t.test('annotations are the owner’s: set, changed, deleted by an empty value', async () => {
		const { ann, bob } = maas;
		const machine = oneMachine(maas, 5);
		machine.put('allocated');
		const set = async (form: Record<string, string>, op = 'set_workload_annotations') =>
			(await bob.post(machine.path, op, form)).json();
		assert.deepEqual((await set({ a: '1', b: 'ü' })).workload_annotations, { a: '1', b: 'ü' });
		const { owner_data, workload_annotations } = await set({ a: '', c: '3', __proto__: 'x' }, 'set_owner_data');
		assert.deepEqual(
			[owner_data, workload_annotations],
			[
				{ b: 'ü', c: '3' },
				{ b: 'ü', c: '3' },
			],
		);
		check(
			'not the owner',
			await ann.post(machine.path, 'set_owner_data', { a: '1' }),
			409,
			/^Cannot set workload annotation: it hasn't been acquired\.$/,
		);
		check(
			'more than an annotation',
			await bob.post(machine.path, 'set_owner_data', { a: 'x'.repeat(70_000) }),
			400,
			/^\{"__all__":/,
		);
		assert.deepEqual(machine.now().ownerData, { b: 'ü', c: '3' });
	});

	await t.test('details are lshw’s and lldpd’s words, as BSON', async () => {
		const machines = maasMachines(maas);
		const id = await machines.ready(106);
		const { url } = maas;
		const { oauthHeader } = await import('../../../../support/maasClient.ts');
		const response = await fetch(`${url}/MAAS/api/2.0/machines/${id}/?op=details`, {
			headers: { authorization: oauthHeader(maas.bob.key ?? '') },
		});
		assert.equal(response.headers.get('content-type'), 'application/bson');
		const details = deserialize(new Uint8Array(await response.arrayBuffer()), { promoteBuffers: true });
		assert.match(String(details.lshw), /<list|<node/);
		assert.match(String(details.lldp), /LLDP, length/);
	});

	await t.test('release erases as it is told, and as the configuration demands', async () => {
		const { bob, store } = maas;
		const machine = oneMachine(maas, 7);
		const released = async (form: Record<string, string>) => {
			machine.put('allocated');
			const answer = await bob.post(machine.path, 'release', form);
			const { status, erase } = machine.now();
			await maas.controller.parts.perMachine.idle();
			return [answer.status, status, erase];
		};
		for (const [form, expected] of [
			[{}, 'none'],
			[{ erase: 'false' }, 'none'],
			[{ erase: 'true' }, 'full'],
			[{ secure_erase: 'true' }, 'full'],
			[{ erase: 'true', quick_erase: 'true' }, 'quick'],
			[{ quick_erase: '1', secure_erase: '1' }, 'quick'],
			[{ scripts: 'wipe-disks' }, 'full'],
		] as const)
			assert.deepEqual(
				await released(form),
				[200, expected === 'none' ? 'releasing' : 'disk_erasing', expected],
				JSON.stringify(form),
			);
		store.config.set('enable_disk_erasing_on_release', true);
		assert.deepEqual(await released({}), [200, 'disk_erasing', 'full']);
		store.config.set('disk_erase_with_quick_erase', true);
		assert.deepEqual(await released({}), [200, 'disk_erasing', 'quick']);
		machine.put('allocated');
		check('a script that is none', await bob.post(machine.path, 'release', { scripts: 'nothing' }), 400, /^\{"scripts":/);
		assert.equal(machine.now().status, 'allocated');
	});
});
