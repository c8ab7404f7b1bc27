import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { printedBy } from '../../../../controller/simulation/hardware/printed.ts';
import { formOf, type MaasAnswer, makeMaasClient, startMaas } from '../../../support/maasClient.ts';
import { mac } from '../../../support/makeStore.ts';
import { makeHardware } from '../../../support/plainHardware.ts';

/** A machine that runs MAAS's own image in memory: it has nothing but what the controller tells it over HTTP. */
async function machineInMemory(t: TestContext) {
	const maas = await startMaas(t);
	const { nobody, ann, url } = maas;
	/** The keys of the preseed, in the form of an API key. */
	const keysOf = async (systemId: string) => {
		const preseed = await nobody.send('GET', `/MAAS/metadata/latest/by-id/${systemId}/?op=get_preseed`);
		const { datasource } = JSON.parse(preseed.text.replace('#cloud-config\n', ''));
		const { consumer_key, token_key, token_secret } = datasource.MAAS;
		return makeMaasClient(url, `${consumer_key}:${token_key}:${token_secret}`);
	};
	const statusOf = async (systemId: string) =>
		(await ann.get(`machines/${systemId}/`)).json<{ status_name: string }>().status_name;
	const signal = (machine: ReturnType<typeof makeMaasClient>, form: Record<string, string>): Promise<MaasAnswer> =>
		machine.send('POST', '/MAAS/metadata/2012-03-01/', { body: formOf({ op: 'signal', ...form }) });
	return { ...maas, keysOf, statusOf, signal };
}

test('enlistment as MAAS’s image does it: unknown, registered, Commissioning, New', async (t) => {
	const { nobody, keysOf, statusOf, signal } = await machineInMemory(t);
	const registered = async () => (await nobody.get('machines/', { op: 'is_registered', mac_address: mac(7) })).text;
	assert.equal(await registered(), 'false');
	const made = await nobody.post('machines/', null, {
		...{ architecture: 'amd64', mac_addresses: `${mac(7)},${mac(8)}`, commission: true },
		...{
			power_type: 'ipmi',
			power_parameters: JSON.stringify({ power_address: '192.0.2.7', power_user: 'maas', power_pass: 'x' }),
		},
	});
	const { system_id: id, status_name: status } = made.json<{ system_id: string; status_name: string }>();
	assert.deepEqual([made.status, status, await registered()], [200, 'New', 'true'], made.text);

	const machine = await keysOf(id);
	assert.equal((await signal(machine, { status: 'COMMISSIONING' })).text, 'OK');
	assert.equal(await statusOf(id), 'Commissioning');
	assert.equal((await machine.send('GET', '/MAAS/metadata/2012-03-01/maas-scripts')).status, 204, 'nothing to run');
	assert.equal((await signal(machine, { status: 'WORKING' })).text, 'OK');
	assert.equal((await signal(machine, { status: 'OK' })).text, 'OK');
	assert.equal(await statusOf(id), 'New');
});

test('commissioning by another runner: its results are read, and the machine is Ready', async (t) => {
	const { ann, keysOf, statusOf, store, signal } = await machineInMemory(t);
	const hardware = makeHardware(1);
	const made = await ann.post('machines/', null, {
		...{ architecture: 'amd64/generic', mac_addresses: hardware.macs[0] ?? '', power_type: 'manual', commission: true },
	});
	const { system_id: id } = made.json<{ system_id: string }>();
	assert.equal(await statusOf(id), 'Commissioning', made.text);
	const machine = await keysOf(id);
	const node = store.machines.bySystemId(id)?.id ?? 0;
	const results = store.results.ofJob(store.results.openJob(node)?.id ?? 0).filter(({ kind }) => kind === 'commissioning');
	assert.ok(results.length > 1);
	for (const { id: result, name } of results) {
		const form = new FormData();
		for (const [field, value] of [
			['op', 'signal'],
			['status', 'WORKING'],
			['script_result_id', `${result}`],
			['exit_status', '0'],
		] as const)
			form.set(field, value);
		for (const file of [name, `${name}.out`]) form.set(file, new File([printedBy(name, hardware)], file));
		assert.equal((await machine.send('POST', '/MAAS/metadata/2012-03-01/', { body: form })).text, 'OK', name);
	}
	assert.equal((await signal(machine, { status: 'OK' })).text, 'OK');
	const ready = (await ann.get(`machines/${id}/`)).json<{ status_name: string; cpu_count: number; blockdevice_set: unknown[] }>();
	assert.equal(ready.status_name, 'Ready');
	assert.ok(ready.cpu_count > 0 && ready.blockdevice_set.length > 0);
});
