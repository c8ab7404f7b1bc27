import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MaasAnswer, startMaas } from '../../../../support/maasClient.ts';
import { addMany } from '../../../../support/manyMachines.ts';

interface Allocated {
	readonly system_id: string;
	readonly status_name: string;
	readonly owner: string | null;
	readonly constraints_by_type: Record<string, Record<string, (number | string)[]>>;
	readonly interface_set: { id: number }[];
	readonly physicalblockdevice_set: { id: number; size: number }[];
}

/** Machine N has 4 << N % 5 cores, 8 << N % 6 GiB, two ports of 10 Gbit/s, an SSD of 480 GB and five disks of 4 TB. */
async function startRack(t: Parameters<typeof startMaas>[0], count: number) {
	const maas = await startMaas(t);
	const machines = addMany(maas.store, count);
	const allocate = async (form: Record<string, string | string[]>) => maas.bob.post('machines/', 'allocate', form);
	return { ...maas, machines, allocate };
}

test('each of thirty clients gets a machine of his own, or hears that there is none', async (t) => {
	const { bob, eve } = await startRack(t, 10);
	const constraints = { mem: 8192, storage: 'root:400(ssd),data:1000(rotary)', interfaces: 'a:link_speed=10000' };
	const answers = await Promise.all(
		Array.from({ length: 30 }, (_, at) =>
			(at % 2 ? bob : eve).post('machines/', 'allocate', { ...constraints, agent_name: `${at}` }),
		),
	);
	const taken = answers.flatMap((answer, at) => (answer.status === 200 ? [{ ...answer.json<Allocated>(), at }] : []));
	assert.equal(new Set(taken.map((machine) => machine.system_id)).size, 10);
	for (const { at, owner, status_name, constraints_by_type, physicalblockdevice_set, interface_set } of taken) {
		assert.deepEqual([owner, status_name], [at % 2 ? 'bob' : 'eve', 'Allocated']);
		const { storage = {}, interfaces = {} } = constraints_by_type;
		const sizeOf = (label: string) => physicalblockdevice_set.find((disk) => disk.id === storage[label]?.[0])?.size ?? 0;
		assert.ok(sizeOf('root') >= 400e9 && sizeOf('data') >= 1000e9);
		assert.ok(interfaces.a?.length && interfaces.a.every((id) => interface_set.some((card) => card.id === id)));
	}
	const refused = answers.filter((answer) => answer.status !== 200);
	assert.deepEqual(new Set(refused.map((answer) => answer.status)), new Set([409]));
	assert.ok(
		refused.every((answer) => answer.headers.get('retry-after') === null),
		'gomaasapi would ask again',
	);
	assert.equal((await bob.post('machines/', 'allocate')).text, 'No machine available.');
	const mine = (await bob.get('machines/', { op: 'list_allocated' })).json<Allocated[]>();
	assert.equal(mine.length, taken.filter((machine) => machine.owner === 'bob').length);
});

test('what can’t be answered is answered in MAAS’s words, and a machine that is named is reserved until its release', async (t) => {
	const { allocate, bob, machines, store } = await startRack(t, 2);
	const json = (answer: MaasAnswer) => answer.json<unknown>();
	const wrong: [form: Record<string, string | string[]>, errors: Record<string, string[]>][] = [
		[{ colour: 'red' }, { colour: ['No such constraint.'] }],
		[
			{ zone: 'moon', arch: 'sparc' },
			{ zone: ["No such zone: 'moon'."], arch: ['Architecture not recognised.'] },
		],
		[{ tags: ['a', 'b'] }, { tags: ["No such tag(s): 'a', 'b'."] }],
		[{ storage: '10, 20' }, { storage: ['Malformed storage constraint, "10, 20".'] }],
		[{ until: 'soon' }, { until: ['Write the end as a date: 2026-12-31.'] }],
	];
	for (const [form, errors] of wrong) {
		const answer = await allocate(form);
		assert.deepEqual([answer.status, json(answer)], [400, errors], JSON.stringify(form));
	}
	assert.equal(store.machines.inStatus(['allocated']).length, 0);

	const none = await allocate({ mem: '99999999' });
	assert.deepEqual([none.status, none.type.split(';')[0]], [409, 'text/plain']);
	const [first, ...why] = none.text.split('\n');
	assert.equal(first, `No available machine matches constraints: [('mem', ['99999999'])] (resolved to "mem=99999999")`);
	assert.deepEqual(why.slice(0, 2), ['Ready and free: 2 of 2 machines', 'mem=97656.2G: 0 of 2 machines, 0 with all before it']);
	assert.equal((await allocate({ system_id: 'nobody' })).text.split('\n')[0], 'No machine with system ID nobody available.');

	const systemId = machines[1]?.systemId ?? '';
	const reservation = () => store.machines.bySystemId(systemId)?.reservation;
	assert.equal((await allocate({ system_id: systemId, note: 'kernel tests', until: '2999-01-31' })).status, 200);
	assert.deepEqual(reservation(), { note: 'kernel tests', until: '2999-01-31T23:59:59.999Z' });
	assert.deepEqual((await bob.post('machines/', 'release', { machines: systemId })).json<unknown>(), [systemId]);
	assert.deepEqual(reservation(), { note: null, until: null });
});
