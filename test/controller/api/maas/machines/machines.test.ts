import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../../../../controller/domain/lifecycle.ts';
import { type MaasAnswer, startMaas } from '../../../../support/maasClient.ts';
import { maasMachines } from '../../../../support/maasMachines.ts';
import { addMachine } from '../../../../support/makeStore.ts';

const AT = '2026-01-02T03:04:05.000Z';
type Maas = Awaited<ReturnType<typeof startMaas>>;

/** A machine in this status, of this user. */
const machineIn = ({ store }: Maas, number: number, status: Status, ownerId: number | null = null) => {
	const { id, systemId } = addMachine(store, number);
	store.machines.writeStatus(id, { status, at: AT, text: null, previousStatus: null, deadlineAt: null });
	store.machines.update(id, { ownerId });
	return systemId;
};
const check = (what: string, answer: MaasAnswer, status: number, body: RegExp | object) => {
	assert.equal(answer.status, status, `${what}: ${answer.text}`);
	if (body instanceof RegExp) assert.match(answer.text, body, what);
	else assert.deepEqual(answer.json(), body, what);
};
const idsOf = (answer: MaasAnswer) => answer.json<{ system_id: string }[]>().map(({ system_id }) => system_id);

test('machines/: filters by what every client sends', async (t) => {
	const maas = await startMaas(t);
	const { bob } = maas;
	const [free, mine, broken] = [
		machineIn(maas, 1, 'ready'),
		machineIn(maas, 2, 'allocated', bob.user.id),
		machineIn(maas, 3, 'failed_testing'),
	];
	assert.deepEqual(idsOf(await bob.get('machines')), [free, mine, broken]);
	for (const [query, expected] of [
		[{ hostname: ['node-3', 'node-1'] }, [free, broken]],
		[{ id: [mine, broken] }, [mine, broken]],
		[{ mac_address: '52:54:00:4c:00:02' }, [mine]],
		[{ status: 'ready' }, [free]],
		[{ status: 'failed_testing' }, [broken]],
		[{ owner: 'bob' }, [mine]],
		[{ zone: 'default', pool: 'default' }, [free, mine, broken]],
		[{ hostname: 'nobody' }, []],
	] as const)
		assert.deepEqual(idsOf(await bob.get('machines/', query)), expected, JSON.stringify(query));
	check('no such filter', await bob.get('machines/', { colour: 'red' }), 400, { colour: ['No such constraint.'] });
	assert.deepEqual(idsOf(await bob.get('machines/?op=list_allocated')), [mine]);
	assert.deepEqual(idsOf(await bob.get('machines/?op=list_allocated', { id: free })), []);
});

test('machines/: an administrator’s machine is commissioned at once, unless told otherwise', async (t) => {
	const maas = await startMaas(t);
	const { ann, store } = maas;
	const form = {
		...{ architecture: 'amd64/generic', mac_addresses: ['52:54:00:4c:00:01', '52:54:00:4c:00:02'], description: 'test' },
		...{ hostname: 'web-1.maas', power_type: 'ipmi', power_parameters_power_address: '192.0.2.7' },
		...{
			power_parameters_power_user: 'root',
			power_parameters_power_pass: 'secret',
			memory: 2048,
			cpu_count: 2,
			swap_size: '2G',
		},
	};
	const made = (await ann.post('machines/', null, { ...form, commission: 'false' })).json<Record<string, never>>();
	assert.deepEqual(
		[made.hostname, made.fqdn, made.status_name, made.architecture, made.memory, made.cpu_count, made.swap_size, made.power_type],
		['web-1', 'web-1.maas', 'New', 'amd64/generic', 2048, 2, 2_000_000_000, 'ipmi'],
	);
	const id = String(made.system_id);
	assert.deepEqual((await ann.get(`machines/${id}/?op=power_parameters`)).json(), {
		...{ power_address: '192.0.2.7', power_user: 'root', power_pass: 'secret' },
	});
	assert.deepEqual((await ann.get('machines/?op=power_parameters', { id })).json(), {
		[id]: { power_address: '192.0.2.7', power_user: 'root', power_pass: 'secret' },
	});
	// one setting alone; a secret that is sent empty stays
	const changed = await ann.put(`machines/${id}/`, {
		...{ power_parameters_power_address: '192.0.2.8', power_parameters_power_pass: '', hostname: 'web-2', zone: 'default' },
		description: 'changed',
	});
	assert.deepEqual(
		[changed.status, changed.json().hostname, changed.json().description, changed.json().resource_uri],
		[200, 'web-2', 'changed', `/MAAS/api/2.0/machines/${id}/`],
	);
	assert.deepEqual(store.bmcs.parameters(store.machines.bySystemId(id)?.bmcId ?? 0), {
		...{ power_address: '192.0.2.8', power_user: 'root', power_pass: 'secret' },
	});
	assert.equal((await ann.put(`machines/${id}/`, { power_type: '' })).json().power_type, '');

	const machines = maasMachines(maas);
	const commissioning = await machines.add(5, { power_parameters: '{"power_id": "json"}', testing_scripts: 'none' });
	assert.equal((await ann.get(`machines/${commissioning}/`)).json().status_name, 'Commissioning');
	const deployed = await ann.post('machines/', null, {
		...form,
		hostname: '',
		mac_addresses: '52:54:00:4c:00:09',
		deployed: 'true',
	});
	assert.deepEqual([deployed.json().status_name, deployed.json().owner], ['Deployed', 'ann']);
	await machines.settled();
	assert.equal((await ann.delete(`machines/${id}/`)).status, 204);
	check('gone', await ann.get(`machines/${id}/`), 404, /^No Machine matches the given query\.$/);
});

test('machines/: what a form refuses, and in which words', async (t) => {
	const maas = await startMaas(t);
	const { ann, bob } = maas;
	const good = { architecture: 'amd64', mac_addresses: '52:54:00:4c:00:01' };
	machineIn(maas, 7, 'ready');
	const refused = async (what: string, form: Record<string, string>, body: RegExp | object) =>
		check(what, await ann.post('machines/', null, form), 400, body);
	await refused('no architecture', { mac_addresses: good.mac_addresses }, { architecture: ['This field is required.'] });
	await refused('no MAC', { architecture: 'amd64' }, { mac_addresses: ['This field is required.'] });
	await refused('a MAC that is none', { ...good, mac_addresses: 'x' }, { mac_addresses: ["'x' is not a valid MAC address."] });
	await refused(
		'a taken MAC',
		{ ...good, mac_addresses: '52:54:00:4c:00:07' },
		{
			mac_addresses: ['MAC address 52:54:00:4c:00:07 is already in use on node-7.'],
		},
	);
	await refused(
		'an architecture that is none',
		{ ...good, architecture: 'vax' },
		/^\{"architecture":\["'vax' is not a valid architecture\. {2}It should be one of: 'amd64\/generic'/,
	);
	await refused('a host name that is none', { ...good, hostname: '-' }, /^\{"hostname":/);
	await refused(
		'a taken host name',
		{ ...good, hostname: 'NODE-7' },
		{ hostname: ["Node with hostname 'node-7' already exists."] },
	);
	for (const place of ['zone', 'pool', 'domain'])
		await refused(
			`an unknown ${place}`,
			{ ...good, [place]: 'nowhere' },
			{
				[place]: ['Select a valid choice. That choice is not one of the available choices.'],
			},
		);
	await refused(
		'an unknown power type',
		{ ...good, power_type: 'steam' },
		{
			power_type: ['Select a valid choice. steam is not one of the available choices.'],
		},
	);
	await refused('no BMC address', { ...good, power_type: 'ipmi' }, /^\{"power_parameters":\[".*power_address/);
	await refused('settings that are no JSON', { ...good, power_parameters: '[]' }, { power_parameters: ['Enter a JSON object.'] });
	await refused('a kernel that is none', { ...good, min_hwe_kernel: 'linux' }, /^\{"min_hwe_kernel":/);
	await refused('swap that is no size', { ...good, swap_size: 'much' }, { swap_size: ['Invalid size for swap.'] });
	await refused('commissioning without power', { ...good, commission: 'true' }, /^\{"power_type":/);
	await refused('a script that is none', { ...good, power_type: 'manual', testing_scripts: 'nothing' }, /^\{"testing_scripts":/);
	assert.deepEqual(idsOf(await ann.get('machines/')), ['abc007'], 'nothing was left behind');

	const { status, ...skipped } = await ann.post('machines/', null, {
		...good,
		power_type: 'ipmi',
		power_parameters_skip_check: '1',
	});
	assert.deepEqual([status, skipped.json().status_name], [200, 'Commissioning']);
	const his = (await bob.post('machines/', null, { ...good, mac_addresses: '52:54:00:4c:00:02', power_type: 'manual' })).json();
	assert.equal(his.status_name, 'New', 'only an administrator’s is commissioned');
	check('a user changes', await bob.put(`machines/${his.system_id}/`, { hostname: 'x' }), 403, /not allowed/);
	check('a user deletes', await bob.delete(`machines/${his.system_id}/`), 403, /not allowed/);
	check('a user reads secrets', await bob.get(`machines/${his.system_id}/?op=power_parameters`), 403, /not allowed/);
});

test('a machine enlists itself: once, with no more than it should know', async (t) => {
	const maas = await startMaas(t);
	const { nobody, ann, store } = maas;
	const ask = (mac: string) => nobody.get('machines/?op=is_registered', { mac_address: mac });
	assert.equal((await ask('52:54:00:4c:00:01')).text, 'false');
	const form = {
		...{ architecture: 'amd64', mac_addresses: '52:54:00:4c:00:01,52:54:00:4c:00:02', commission: 'true', power_type: 'ipmi' },
		power_parameters: JSON.stringify({ power_address: '192.0.2.9', power_user: 'maas', power_pass: 'secret' }),
	};
	const made = (await nobody.post('machines/', null, form)).json<Record<string, never>>();
	assert.deepEqual(Object.keys(made).toSorted(), [
		...['architecture', 'domain', 'fqdn', 'hostname', 'node_type', 'power_state', 'power_type', 'resource_uri', 'status'],
		...['status_action', 'status_message', 'status_name', 'system_id', 'zone'],
	]);
	assert.deepEqual([made.status_name, made.power_type, (await ask('52:54:00:4c:00:02')).text], ['New', 'ipmi', 'true']);

	const again = await nobody.post('machines/', null, { ...form, mac_addresses: '52:54:00:4c:00:02', architecture: 'arm64' });
	assert.deepEqual([again.json().system_id, again.json().architecture], [made.system_id, 'arm64/generic']);
	const byBmc = await nobody.post('machines/', null, { ...form, mac_addresses: '52:54:00:4c:00:33' });
	assert.equal(byBmc.json().system_id, made.system_id, 'the same BMC is the same machine');
	const foreign = { ...form, power_parameters: '{"power_address": "192.0.2.66"}', mac_addresses: '52:54:00:4c:00:01' };
	await nobody.post('machines/', null, foreign);
	assert.equal(store.bmcs.parameters(1).power_address, '192.0.2.9', 'its settings are not overwritten by a stranger');
	const fake = { architecture: 'amd64', mac_addresses: '52:54:00:4c:00:44', power_type: 'fake', power_parameters_power_id: 'x' };
	assert.equal((await nobody.post('machines/', null, fake)).json().power_type, '', 'a stranger names IPMI or nothing');
	assert.equal((await nobody.get('machines/?op=is_action_in_progress', { mac_address: '52:54:00:4c:00:01' })).text, 'false');
	check('nobody accepts', await nobody.post('machines/', 'accept', { machines: String(made.system_id) }), 401, /./);
	check('nobody lists', await nobody.get('machines/'), 401, /./);
	check('without a MAC', await nobody.get('machines/?op=is_registered'), 400, /^No provided mac_address!$/);

	const accepted = await ann.post('machines/', 'accept', { machines: String(made.system_id) });
	assert.deepEqual([accepted.status, idsOf(accepted)], [200, [made.system_id]]);
	assert.equal((await nobody.get('machines/?op=is_action_in_progress', { mac_address: '52:54:00:4c:00:01' })).text, 'true');
	check('none of these', await ann.post('machines/', 'accept', { machines: 'zzzzzz' }), 400, /^Unknown machine\(s\): zzzzzz\.$/);
	assert.deepEqual((await ann.post('machines/', 'accept', { machines: String(made.system_id) })).json(), []);
});

test('what is done to several machines at once', async (t) => {
	const maas = await startMaas(t);

	await t.test('allocate: the answer that gomaasapi reads, and what is refused', async () => {
		const { ann, bob } = maas;
		const id = machineIn(maas, 1, 'ready');
		const dry = (await bob.post('machines/', 'allocate', { dry_run: 'true', interfaces: 'a:name=eth0' })).json<
			Record<string, never>
		>();
		assert.deepEqual([dry.system_id, dry.status_name, dry.owner], [id, 'Ready', null]);
		assert.deepEqual(dry.constraints_by_type, { interfaces: { a: [1] } });
		const verbose = (await bob.post('machines/', 'allocate', { dry_run: '1', verbose: '1', interfaces: 'a:name=eth0' })).json();
		assert.deepEqual(verbose.constraints_by_type, {
			...{ interfaces: { a: [1] }, verbose_interfaces: { [id]: { a: [1] } }, verbose_storage: { [id]: {} } },
		});
		check('no such constraint', await bob.post('machines/', 'allocate', { colour: 'red' }), 400, {
			colour: ['No such constraint.'],
		});
		check(
			'nothing that large',
			await bob.post('machines/', 'allocate', { mem: 99999 }),
			409,
			/^No available machine matches constraints: \[\('mem', \['99999'\]\)\] \(resolved to "mem=99999"\)/,
		);
		check(
			'taken',
			await ann.post('machines/', 'allocate', { system_id: id, note: 'for ann', agent_name: 'tests' }),
			200,
			/"status_name":"Allocated"/,
		);
		check('nothing is left', await bob.post('machines/', 'allocate'), 409, /^No machine available\.$/);
		check(
			'not this one',
			await bob.post('machines/', 'allocate', { system_id: id }),
			409,
			new RegExp(`^No machine with system ID ${id} available\\.`),
		);
	});

	await t.test('release of several: all of them or none', async () => {
		const { bob, eve } = maas;
		const free = machineIn(maas, 11, 'ready');
		const his = machineIn(maas, 12, 'allocated', bob.user.id);
		const hers = machineIn(maas, 13, 'deployed', eve.user.id);
		const stuck = machineIn(maas, 14, 'testing', bob.user.id);
		const release = (machines: string[]) => bob.post('machines/', 'release', { machines });
		check('one that isn’t', await release([his, 'zzzzzz']), 400, /^Unknown machine\(s\): zzzzzz\.$/);
		check(
			'one of somebody else',
			await release([his, hers]),
			403,
			new RegExp(`^You don't have the required permission to release the following machine\\(s\\): ${hers}\\.$`),
		);
		check(
			'one that is busy',
			await release([his, stuck]),
			409,
			new RegExp(`^Machine\\(s\\) cannot be released in their current state: ${stuck} \\('Testing'\\)\\.$`),
		);
		assert.equal((await bob.get(`machines/${his}/`)).json().status_name, 'Allocated');
		check('free ones are left out', await release([free, his]), 200, [his]);
	});

	await t.test('nodes are moved to a zone together', async () => {
		const { ann, bob, store } = maas;
		const [one, two] = [machineIn(maas, 21, 'ready'), machineIn(maas, 22, 'ready')];
		const { id } = store.zones.create('row-1', '');
		check('moved', await ann.post('machines/', 'set_zone', { zone: 'row-1', nodes: [one, two] }), 200, /^null$/);
		assert.deepEqual(
			store.machines.bySystemIds([one, two]).map(({ zoneId }) => zoneId),
			[id, id],
		);
		check('one that isn’t', await ann.post('machines/', 'set_zone', { zone: 'default', nodes: [one, 'zzzzzz'] }), 400, {
			nodes: ['Unknown node(s): zzzzzz.'],
		});
		check('nowhere', await ann.post('machines/', 'set_zone', { zone: 'x', nodes: one }), 400, {
			zone: ['Select a valid choice. That choice is not one of the available choices.'],
		});
		check('by a user', await bob.post('machines/', 'set_zone', { zone: 'default', nodes: one }), 403, /not allowed/);
		assert.deepEqual(
			store.machines.bySystemIds([one, two]).map(({ zoneId }) => zoneId),
			[id, id],
		);
	});

	await t.test('clone: what is copied to whom is said, and who can’t be found', async () => {
		const { ann, bob, store } = maas;
		const [source, target] = [machineIn(maas, 31, 'ready'), machineIn(maas, 32, 'ready')];
		const clone = (form: Record<string, string>) =>
			ann.post('machines/', 'clone', { source, destinations: target, interfaces: 'true', ...form });
		const choice = (id: string) => `Select a valid choice. ${id} is not one of the available choices.`;
		check('no source', await clone({ source: '' }), 400, { source: ['This field is required.'] });
		check('an unknown source', await clone({ source: 'zzzzzz' }), 400, { source: [choice('zzzzzz')] });
		check('nobody', await clone({ destinations: '' }), 400, { destinations: ['This field is required.'] });
		check('nothing', await clone({ interfaces: 'false' }), 400, { __all__: ['Either storage or interfaces must be true.'] });
		check('an unknown one', await clone({ destinations: `${target},zzzzzz` }), 400, {
			destinations: [`Machine 2 in the array did not validate: ${choice('zzzzzz')}`],
		});
		check(
			'by a user',
			await bob.post('machines/', 'clone', { source, destinations: target, interfaces: 'true' }),
			403,
			/not allowed/,
		);
		const [card] = store.network.interfaces.ofNodes([store.machines.bySystemId(source)?.id ?? 0]);
		store.network.interfaces.update(card?.id ?? 0, { tags: ['uplink'] });
		assert.equal((await clone({})).status, 204);
		const { interface_set } = (await bob.get(`machines/${target}/`)).json<{ interface_set: { tags: string[] }[] }>();
		assert.deepEqual(
			interface_set.map(({ tags }) => tags),
			[['uplink']],
		);
	});
});
