import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MaasClient, startMaas } from '../../../../support/maasClient.ts';
import { addMachine, mac } from '../../../../support/makeStore.ts';

test('discovery: hosts that were heard, by what is known of them', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	addMachine(store, 1);
	store.network.addresses.insert({ ip: '192.0.2.20', allocType: 4, userId: ann.user.id });
	for (const [ip, card, hostname] of [
		['192.0.2.10', mac(1), 'node-1'],
		['192.0.2.20', mac(8), 'printer'],
		['192.0.2.30', mac(9), null],
	] as const)
		store.discoveries.heard({ ip, mac: card, hostname, interfaceName: 'eth0' });
	const ips = async (op: string, client: MaasClient = bob) =>
		(await client.get('discovery/', op === '' ? {} : { op }))
			.json<{ ip: string }[]>()
			.map(({ ip }) => ip)
			.toSorted();
	assert.deepEqual(await ips(''), ['192.0.2.10', '192.0.2.20', '192.0.2.30']);
	assert.deepEqual(await ips('by_unknown_mac'), ['192.0.2.20', '192.0.2.30']);
	assert.deepEqual(await ips('by_unknown_ip'), ['192.0.2.10', '192.0.2.30']);
	assert.deepEqual(await ips('by_unknown_ip_and_mac'), ['192.0.2.30']);

	const controller = store.nodes.all('controller')[0];
	const id = Buffer.from(`192.0.2.20,${mac(8)}`).toString('base64url');
	const { last_seen, ...printer } = (await bob.get(`discovery/${id}/`)).json();
	assert.match(String(last_seen), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
	assert.deepEqual(printer, {
		discovery_id: id,
		ip: '192.0.2.20',
		mac_address: mac(8),
		mac_organization: null,
		hostname: 'printer',
		fabric_name: null,
		vid: null,
		observer: {
			system_id: controller?.systemId ?? null,
			hostname: controller?.hostname ?? null,
			interface_id: null,
			interface_name: 'eth0',
		},
		resource_uri: `/MAAS/api/2.0/discovery/${id}/`,
	});

	assert.equal(
		(await ann.post('discovery/', 'clear_by_mac_and_ip', { ip: '192.0.2.30', mac: mac(9).toUpperCase() })).status,
		204,
	);
	assert.deepEqual(await ips(''), ['192.0.2.10', '192.0.2.20']);
	assert.equal((await ann.post('discovery/', 'clear', { mdns: 'true' })).status, 204);
	assert.deepEqual(
		store.discoveries.all().map(({ hostname }) => hostname),
		[null, null],
	);
	assert.equal((await ann.post('discovery/', 'clear', { all: 'true' })).status, 204);
	assert.deepEqual(await ips(''), []);
});

test('discovery: what is refused, and in which words', async (t) => {
	const { ann, bob } = await startMaas(t);
	for (const [what, answer, status, text] of [
		['to clear nothing', await ann.post('discovery/', 'clear', { all: 'false' }), 400, /^Must specify what to clear/],
		[
			'an unknown host',
			await ann.post('discovery/', 'clear_by_mac_and_ip', { ip: '192.0.2.1', mac: mac(1) }),
			404,
			/^No Discovery matches/,
		],
		['no MAC', await ann.post('discovery/', 'clear_by_mac_and_ip', { ip: '192.0.2.1' }), 400, /^No provided mac!$/],
		['an id that is none', await ann.get('discovery/%00%C3%BF/'), 404, /./],
		['a scan', await ann.post('discovery/', 'scan', { cidr: '192.0.2.0/24' }), 501, /^Scanning networks is not built yet/],
		['a user who clears', await bob.post('discovery/', 'clear', { all: 'true' }), 403, /^User is not allowed/],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		assert.match(answer.text, text, what);
	}
});
