import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine } from '../../../../../controller/domain/machine.ts';
import { startMaas } from '../../../../support/maasClient.ts';
import { emptyDisk, maasMachines } from '../../../../support/maasMachines.ts';

interface Shown {
	system_id: string;
	status_name: string;
	owner: string | null;
	osystem: string;
	distro_series: string;
	status_message: string;
	owner_data: Record<string, string>;
	constraints_by_type: Record<string, unknown>;
	power_state: string;
}

test('from its description to Ready, to a user, to a running system, and back', async (t) => {
	const maas = await startMaas(t);
	const { ann, bob, store } = maas;
	const machines = maasMachines(maas);
	await store.images.import({ name: 'ubuntu/jammy', bytes: emptyDisk() });

	const id = await machines.add(1);
	assert.equal((await ann.get(`machines/${id}/`)).json<Shown>().status_name, 'Commissioning');
	await machines.settled();
	await machines.boot(1);
	assert.equal((await ann.get(`machines/${id}/`)).json<Shown>().status_name, 'Ready');

	const allocated = (
		await bob.post('machines/', 'allocate', { agent_name: 'juju', mem: 1024, comment: 'for the test' })
	).json<Shown>();
	assert.deepEqual(
		[allocated.system_id, allocated.status_name, allocated.owner, allocated.constraints_by_type],
		[id, 'Allocated', 'bob', {}],
	);
	assert.equal(allocated.status_message, "From 'Ready' to 'Allocated' (to bob)");
	const noted = (await bob.post(`machines/${id}/`, 'set_owner_data', { 'juju-model-uuid': 'm1', gone: '' })).json<Shown>();
	assert.deepEqual(noted.owner_data, { 'juju-model-uuid': 'm1' });

	const userData = Buffer.from('#cloud-config\n').toString('base64');
	const deploying = (await bob.post(`machines/${id}/`, 'deploy', { distro_series: 'jammy', user_data: userData })).json<Shown>();
	assert.deepEqual([deploying.status_name, deploying.osystem, deploying.distro_series], ['Deploying', 'ubuntu', 'jammy']);
	await machines.settled();
	await machines.boot(1);
	const machine = () => store.machines.bySystemId(id) as Machine;
	assert.equal(Buffer.from(maas.controller.parts.cloudInit.userData(machine()) ?? []).toString(), '#cloud-config\n');
	assert.equal((await bob.get(`machines/${id}/`)).json<Shown>().status_name, 'Deployed');

	assert.deepEqual((await bob.post('machines/', 'release', { machines: id, comment: 'done' })).json(), [id]);
	await machines.settled();
	const { status_name, owner, owner_data, osystem, power_state } = (await bob.get(`machines/${id}/`)).json<Shown>();
	assert.deepEqual(
		{ status_name, owner, owner_data, osystem, power_state },
		{ status_name: 'Ready', owner: null, owner_data: {}, osystem: '', power_state: 'off' },
	);
	assert.deepEqual((await bob.post('machines/', 'release', { machines: id })).json(), []);
});
