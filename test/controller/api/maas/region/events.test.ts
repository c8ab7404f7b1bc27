import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Form, startMaas } from '../../../../support/maasClient.ts';
import { addMachine, mac } from '../../../../support/makeStore.ts';

interface Page {
	count: number;
	events: { id: number; hostname: string; level: string; description: string }[];
	next_uri: string;
	prev_uri: string;
}

async function withEvents(t: Parameters<typeof startMaas>[0]) {
	const maas = await startMaas(t);
	const { store } = maas;
	const [one, two] = [addMachine(store, 1), addMachine(store, 2)];
	store.machines.update(two.id, { agentName: 'model-7' });
	for (const [nodeId, level, text] of [
		[one.id, 'info', 'first'],
		[two.id, 'warning', 'second'],
		[one.id, 'error', 'third'],
	] as const)
		store.events.append({ kind: 'status', nodeId, level, text, by: nodeId === two.id ? 'bob' : null });
	store.events.append({ kind: 'stage-start', nodeId: one.id, stage: 'script:x', text: 'fourth' });
	store.events.append({ kind: 'user', text: 'fifth', by: 'ann' });
	const ask = async (query: Form, client = maas.ann) => {
		const answer = await client.get('events/', { op: 'query', ...query });
		return answer.json<Page>();
	};
	const texts = async (query: Form, client = maas.ann) => (await ask(query, client)).events.map((event) => event.description);
	return { ...maas, ask, texts };
}

test('events: newest first, each with all that clients read', async (t) => {
	const { ask, store, ann } = await withEvents(t);
	const page = await ask({ limit: 1 });
	const event = store.eventPages.page({ level: 'INFO', limit: 1, auditOf: null })[0];
	assert.ok(event);
	const [, day = '', month = '', year, time] = new Date(event.at).toUTCString().split(' ');
	assert.deepEqual(page, {
		count: 1,
		events: [
			{
				id: event.id,
				node: 'abc001',
				hostname: 'node-1',
				username: '',
				level: 'ERROR',
				type: 'Node changed status',
				description: 'third',
				created: `${new Date(event.at).toUTCString().slice(0, 4)} ${day} ${month}. ${year} ${time}`,
			},
		],
		next_uri: `/MAAS/api/2.0/events/?op=query&level=INFO&limit=1&after=${event.id}`,
		prev_uri: `/MAAS/api/2.0/events/?op=query&level=INFO&limit=1&before=${event.id}`,
	});
	// the address of the next page is good as it is
	const older = (await ann.send('GET', page.prev_uri)).json<Page>();
	assert.deepEqual(
		older.events.map((each) => each.description),
		['second'],
	);
	const newer = (await ann.send('GET', older.next_uri)).json<Page>();
	assert.deepEqual(
		newer.events.map((each) => each.description),
		['third'],
	);
	const none = (await ann.send('GET', newer.next_uri)).json<Page>();
	assert.deepEqual([none.count, none.prev_uri], [0, `/MAAS/api/2.0/events/?op=query&level=INFO&limit=1&before=${event.id + 1}`]);
});

test('events: filtered by level, node and user', async (t) => {
	const { texts, bob } = await withEvents(t);
	for (const [what, query, expected] of [
		['no filter', {}, ['third', 'second', 'first']],
		['all levels', { level: 'audit' }, ['fifth', 'fourth', 'third', 'second', 'first']],
		['from DEBUG on', { level: 'DEBUG' }, ['fourth', 'third', 'second', 'first']],
		['from WARNING on', { level: 'WARNING' }, ['third', 'second']],
		['CRITICAL', { level: 'CRITICAL' }, []],
		['host names', { hostname: ['node-2', 'node-9'] }, ['second']],
		['system ids, with commas', { id: 'abc001,abc003' }, ['third', 'first']],
		['MAC addresses', { mac_address: mac(2).toUpperCase() }, ['second']],
		['zones', { zone: 'default' }, ['third', 'second', 'first']],
		['a zone that is none', { zone: 'nowhere' }, []],
		['domains', { domain: 'maas' }, ['third', 'second', 'first']],
		['a domain that is none', { domain: 'example.org' }, []],
		['an agent', { agent_name: 'model-7' }, ['second']],
		['who did it', { owner: 'bob' }, ['second']],
	] as const)
		assert.deepEqual(await texts(query), expected, what);
	assert.deepEqual(await texts({ level: 'AUDIT' }, bob), ['fourth', 'third', 'second', 'first'], 'audit is for administrators');
});

test('events: what is refused, and in which words', async (t) => {
	const { ann, nobody } = await startMaas(t);
	for (const [query, status, text] of [
		[{ level: 'LOUD' }, 400, 'Unrecognised log level: LOUD'],
		[{ limit: 1001 }, 400, 'Requested number of events 1001 is greater than limit: 1000'],
		[{ limit: 0 }, 400, 'Requested number of events 0 is not positive.'],
		[{ before: 3, after: 1 }, 400, 'There is undetermined behaviour when both `after` and `before` are specified.'],
		[{ limit: 'many' }, 400, '{"limit":["Enter a whole number."]}'],
	] as const) {
		const answer = await ann.get('events/', { op: 'query', ...query });
		assert.deepEqual([answer.status, answer.text], [status, text]);
	}
	assert.equal((await nobody.get('events/', { op: 'query' })).status, 401);
	const many = await ann.get('events/', { op: 'query', id: Array.from({ length: 900 }, (_, at) => `x${at}`).join(',') });
	assert.deepEqual([many.status, many.json<Page>().count], [200, 0]);
});
