import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';

test('version: a version of MAAS that clients can parse, Metaldesk’s own beside it, and what they look for', async (t) => {
	const { nobody, ann } = await startMaas(t);
	const answer = await nobody.get('version/');
	const { version, subversion, capabilities } = answer.json<{ version: string; subversion: string; capabilities: string[] }>();
	assert.match(version, /^3\.7\.\d+$/);
	assert.match(subversion, /^metaldesk-\d+\.\d+\.\d+/);
	assert.deepEqual(capabilities, [
		'networks-management',
		'static-ipaddresses',
		'ipv6-deployment-ubuntu',
		'devices-management',
		'storage-deployment-ubuntu',
		'network-deployment-ubuntu',
		'bridging-interface-ubuntu',
		'bridging-automatic-ubuntu',
		'authenticate-api',
	]);
	assert.equal((await ann.get('version/')).text, answer.text);
});

test('VM hosts are gone, in every way to ask for them', async (t) => {
	const { ann, bob, nobody } = await startMaas(t);
	for (const answer of [
		await ann.get('pods/'),
		await ann.post('pods/', null, { type: 'lxd', power_address: '192.0.2.1' }),
		await bob.get('vm-hosts/1/'),
		await ann.post('vm-hosts/1/', 'compose'),
		await ann.get('pods/1/', { op: 'parameters' }),
		await ann.get('virtual-machines/'),
		await ann.get('vm-clusters/1'),
	]) {
		assert.equal(answer.status, 410);
		assert.match(answer.text, /^VM hosts are no longer part of MAAS’s API\./);
	}
	assert.equal((await nobody.get('pods/')).status, 401);
});
