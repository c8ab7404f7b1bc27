import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine } from '../../../../support/makeStore.ts';

interface Shown {
	id: number;
	value: string;
	history: { id: number; value: string; created: string }[];
	global_snippet: boolean;
	subnet: { cidr: string } | null;
	node: { system_id: string } | null;
	iprange: { start_ip: string } | null;
	ignored: string[];
}

test('DHCP snippets: added, changed with a history, taken back, deleted', async (t) => {
	const { ann, bob } = await startMaas(t);
	const value = 'option routers 192.0.2.1; option ntp-servers 192.0.2.2;';
	const made = await ann.post('dhcp-snippets/', null, { name: 'gateway', value, description: 'of the lab' });
	const { history, ...rest } = made.json<Shown>();
	assert.deepEqual(
		[made.status, rest],
		[
			200,
			{
				id: 1,
				name: 'gateway',
				value,
				description: 'of the lab',
				enabled: true,
				node: null,
				subnet: null,
				iprange: null,
				global_snippet: true,
				ignored: ['option ntp-servers 192.0.2.2'],
				resource_uri: '/MAAS/api/2.0/dhcp-snippets/1/',
			},
		],
	);
	assert.match(history[0]?.created ?? '', /^\w{3}, \d\d \w{3}\. \d{4} \d\d:\d\d:\d\d$/);
	for (const next of ['option routers 192.0.2.3;', 'option routers 192.0.2.4;', 'option routers 192.0.2.4;'])
		await ann.put('dhcp-snippets/gateway/', { value: next });
	const now = (await bob.get('dhcp-snippets/1/')).json<Shown>();
	assert.deepEqual(
		now.history.map((each) => [each.id, each.value]),
		[
			[3, 'option routers 192.0.2.4;'],
			[2, 'option routers 192.0.2.3;'],
			[1, value],
		],
	);
	assert.equal((await ann.post('dhcp-snippets/1/', 'revert', { to: -1 })).json<Shown>().value, 'option routers 192.0.2.3;');
	const first = (await ann.post('dhcp-snippets/1/', 'revert', { to: 1 })).json<Shown>();
	assert.deepEqual([first.value, first.history.length], [value, 1]);
	assert.deepEqual((await ann.get('dhcp-snippets/')).json(), [first]);
	assert.deepEqual([(await ann.delete('dhcp-snippets/1/')).status, (await ann.get('dhcp-snippets/1/')).status], [204, 404]);
});

test('DHCP snippets: for a subnet, a range or a node, and no longer', async (t) => {
	const { ann, store } = await startMaas(t);
	addMachine(store, 1);
	await ann.post('subnets/', null, { cidr: '192.0.2.0/24', name: 'lab' });
	const range = (await ann.post('ipranges/', null, { type: 'dynamic', start_ip: '192.0.2.10', end_ip: '192.0.2.20' })).json<{
		id: number;
	}>();
	await ann.post('dhcp-snippets/', null, { name: 'x', value: 'a b;', subnet: 'lab' });
	const put = async (form: Record<string, string | number>) => (await ann.put('dhcp-snippets/1/', form)).json<Shown>();
	const scope = ({ global_snippet, subnet, node, iprange }: Shown) => [
		global_snippet,
		subnet?.cidr,
		node?.system_id,
		iprange?.start_ip,
	];
	assert.deepEqual(scope(await put({ description: 'as before' })), [false, '192.0.2.0/24', undefined, undefined]);
	assert.deepEqual(scope(await put({ node: 'abc001' })), [false, undefined, 'abc001', undefined]);
	assert.deepEqual(scope(await put({ iprange: range.id })), [false, undefined, undefined, '192.0.2.10']);
	assert.deepEqual(scope(await put({ global_snippet: 'true' })), [true, undefined, undefined, undefined]);
});

test('DHCP snippets: what is refused, and in which words', async (t) => {
	const { ann, bob } = await startMaas(t);
	const good = { name: 'x', value: 'option routers 192.0.2.1;' };
	await ann.post('dhcp-snippets/', null, good);
	const create = (form: Record<string, string>) => ann.post('dhcp-snippets/', null, { ...good, name: 'y', ...form });
	const choice = 'Select a valid choice. That choice is not one of the available choices.';
	for (const [what, answer, status, text] of [
		['no value', await ann.post('dhcp-snippets/', null, { name: 'y' }), 400, '{"value":["This field is required."]}'],
		['a taken name', await create({ name: 'x' }), 400, '{"name":["DHCP snippet with this Name already exists."]}'],
		[
			'wrong syntax',
			await create({ value: 'option routers 192.0.2.1' }),
			400,
			'{"value":["“option routers 192.0.2.1”: semicolon expected."]}',
		],
		['an unknown node', await create({ node: 'nobody' }), 400, `{"node":["${choice}"]}`],
		['an unknown subnet', await create({ subnet: '99' }), 400, `{"subnet":["${choice}"]}`],
		['an unknown range', await create({ iprange: 'all' }), 400, `{"iprange":["${choice}"]}`],
		[
			'two scopes',
			await create({ node: 'a', subnet: '1' }),
			400,
			'{"__all__":["A snippet is for one node, for one subnet, or for one range."]}',
		],
		[
			'global and not',
			await create({ global_snippet: 'true', subnet: '1' }),
			400,
			/^\{"global_snippet":\["A global snippet is for no/,
		],
		[
			'a value that never was',
			await ann.post('dhcp-snippets/1/', 'revert', { to: -4 }),
			400,
			'{"to":["The history has 1 values, and not this one."]}',
		],
		['no step', await ann.post('dhcp-snippets/1/', 'revert'), 400, 'No provided to!'],
		['a user', await bob.post('dhcp-snippets/', null, good), 403, 'User is not allowed access to this API.'],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (typeof text === 'string') assert.equal(answer.text, text, what);
		else assert.match(answer.text, text, what);
	}
});
