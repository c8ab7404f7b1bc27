import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { oauthHeader, startMaas } from '../../../../support/maasClient.ts';
import { maasMachines } from '../../../../support/maasMachines.ts';

interface Item {
	id: number;
	name: string;
	status_name: string;
	suppressed: boolean;
	stdout?: string;
}
interface Set {
	id: number;
	type_name: string;
	status_name: string;
	results: Item[];
}

test('results of a commissioning: sets, items, output, suppression, downloads', async (t) => {
	const maas = await startMaas(t);
	const { ann, bob, store, url } = maas;
	const id = await maasMachines(maas).ready(1);
	const path = `nodes/${id}/results/`;
	const sets = (await bob.get(path)).json<Set[]>();
	assert.deepEqual(
		sets.map(({ type_name, status_name, results }) => [type_name, status_name, results.length]),
		[
			['Commissioning', 'Passed', 13],
			['Testing', 'Passed', sets[1]?.results.length],
		],
	);
	const [set] = sets;
	const { results, ...head } = (await bob.get(`${path}current-commissioning/`)).json<Set & Record<string, unknown>>();
	assert.deepEqual(results, set?.results);
	const { started, ended, runtime, ...rest } = head;
	assert.deepEqual(rest, {
		...{ id: set?.id, system_id: id, type: 0, type_name: 'Commissioning', last_ping: null, status: 2, status_name: 'Passed' },
		resource_uri: `/MAAS/api/2.0/nodes/${id}/results/${set?.id}/`,
	});
	assert.match(`${started} ${ended} ${runtime}`, /^(\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d -0000 ){2}0:00:\d\d$/);

	const lscpu = (await bob.get(`${path}${set?.id}/`, { filters: 'maas-lscpu', include_output: 'true' })).json<Set>().results;
	assert.deepEqual(
		lscpu.map(({ name }) => name),
		['maas-lscpu'],
	);
	assert.match(Buffer.from(lscpu[0]?.stdout ?? '', 'base64').toString(), /lscpu/);
	const disks = (await bob.get(path, { type: 'testing', hardware_type: 'storage' })).json<Set[]>();
	assert.ok(disks.flatMap((each) => each.results).every(({ name }) => name === 'smartctl-validate'));

	const failing = store.results.latest(store.machines.bySystemId(id)?.id ?? 0).find(({ name }) => name === '10-memory-size');
	store.results.update(failing?.id ?? 0, { status: 'failed' });
	const status = async () => (await bob.get(`machines/${id}/`)).json().testing_status_name;
	assert.equal(await status(), 'Failed');
	const seen = await ann.put(`${path}current-testing/`, { suppressed: 'true', filters: '10-memory-size' });
	assert.deepEqual(
		seen.json<Set>().results.map(({ name, suppressed }) => [name, suppressed]),
		[['10-memory-size', true]],
	);
	assert.equal(await status(), 'Passed');

	const text = await bob.get(`${path}current-commissioning/`, {
		op: 'download',
		filters: 'maas-kernel-cmdline',
		output: 'stdout',
	});
	assert.deepEqual([text.status, text.text.slice(0, 10)], [200, 'BOOT_IMAGE']);
	assert.match(text.headers.get('content-disposition') ?? '', /^attachment; filename="\w{6}-commissioning-\d+\.txt"$/);
	const archive = await fetch(`${url}/MAAS/api/2.0/${path}current-commissioning/?op=download&output=all&filetype=tar.xz`, {
		headers: { authorization: oauthHeader(bob.key ?? '') },
	});
	const listed = spawnSync('tar', ['-tJf', '-'], { input: Buffer.from(await archive.arrayBuffer()), encoding: 'utf8' });
	assert.match(listed.stdout, /^\w{6}-commissioning-\d+\/maas-lscpu\.out$/m);

	const old = (await bob.get('commissioning-results/', { system_id: id, name: 'maas-lscpu' })).json<Record<string, unknown>[]>();
	assert.deepEqual(Object.keys(old[0] ?? {}), [
		...['id', 'created', 'updated', 'name', 'script_result', 'result_type', 'node', 'data', 'resource_uri'],
	]);
	assert.equal((await bob.get('installation-results/', { result_type: 1 })).text, '[]');

	for (const [what, answer, code] of [
		['a user deletes', await bob.delete(`${path}${set?.id}/`), 403],
		['an unknown set', await bob.get(`${path}99999/`), 404],
		['a word that is none', await bob.get(`${path}current-nothing/`), 404],
		['an unknown node', await bob.get('nodes/zzzzzz/results/'), 404],
		['an unknown type', await bob.get(path, { type: 'x' }), 400],
		['an unknown output', await bob.get(`${path}current-testing/`, { op: 'download', output: 'x' }), 400],
		['deleted', await ann.delete(`${path}current-testing/`), 204],
		['gone', await bob.get(`${path}current-testing/`), 404],
		['the other set of the same job stays', await bob.get(`${path}current-commissioning/`), 200],
	] as const)
		assert.equal(answer.status, code, what);
});
