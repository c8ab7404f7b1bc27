import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';

test('configuration: every name of MAAS has its default, as bare JSON', async (t) => {
	const { ann, bob } = await startMaas(t);
	for (const [name, value] of [
		['kernel_opts', null],
		['default_distro_series', 'noble'],
		['session_length', 1_209_600],
		['enable_http_proxy', true],
		['theme', ''],
		['maas_auto_ipmi_cipher_suite_id', '3'],
		['main_archive', 'http://archive.ubuntu.com/ubuntu'],
		['ports_archive', 'http://ports.ubuntu.com/ubuntu-ports'],
		['ntp_server', 'ntp.ubuntu.com'],
	] as const) {
		const answer = await bob.get('maas/', { op: 'get_config', name });
		assert.deepEqual(
			[answer.status, answer.type, answer.text],
			[200, 'application/json; charset=utf-8', JSON.stringify(value)],
			name,
		);
	}
	assert.match((await ann.get('maas/', { op: 'get_config', name: 'maas_name' })).text, /^".+"$/);
});

test('configuration: what is set is read back, in its own type, and told to the audit list', async (t) => {
	const { ann, store } = await startMaas(t);
	for (const [name, sent, value] of [
		['enable_http_proxy', 'False', false],
		['node_timeout', '45', 45],
		['kernel_opts', 'console=ttyS1,115200', 'console=ttyS1,115200'],
		['kernel_opts', '', null],
		['dnssec_validation', 'NO', 'no'],
		['main_archive', 'http://mirror.example.org/ubuntu', 'http://mirror.example.org/ubuntu'],
		['ntp_server', '192.0.2.1', '192.0.2.1'],
		['vcenter_password', 'geheim', 'geheim'],
	] as const) {
		const set = await ann.post('maas/', 'set_config', { name, value: sent });
		assert.deepEqual([set.status, set.text], [200, 'OK'], name);
		assert.deepEqual((await ann.get('maas/', { op: 'get_config', name })).json<unknown>(), value, name);
	}
	assert.equal(store.packageRepositories.byName('main_archive')?.url, 'http://mirror.example.org/ubuntu');
	const told = store.eventPages.page({ level: 'AUDIT', limit: 3, auditOf: null }).map((event) => event.text);
	assert.deepEqual(told, [
		'Configuration: vcenter_password is a new secret',
		'Configuration: ntp_servers is 192.0.2.1',
		'Configuration: main_archive is http://mirror.example.org/ubuntu',
	]);
});

test('configuration: what is refused, and in which words', async (t) => {
	const { ann, bob, nobody } = await startMaas(t);
	const get = (name: string) => ann.get('maas/', { op: 'get_config', name });
	const set = (name: string, value: string) => ann.post('maas/', 'set_config', { name, value });
	for (const [what, answer, status, body] of [
		['no name', await ann.get('maas/', { op: 'get_config' }), 400, /^No provided name!$/],
		[
			'a name that is none',
			await get('colour'),
			400,
			/^\{"name":\["colour is not a valid config setting \(valid settings are: active_/,
		],
		['a hidden name', await get('rpc_shared_secret'), 400, /not a valid config setting/],
		['a name of Object', await set('constructor', '1'), 400, /not a valid config setting/],
		['text for a number', await set('node_timeout', 'soon'), 400, { node_timeout: ['Enter a whole number.'] }],
		['too small', await set('node_timeout', '0'), 400, { node_timeout: ['Ensure this value is greater than or equal to 1.'] }],
		['text for a flag', await set('enable_http_proxy', 'maybe'), 400, { enable_http_proxy: ['Enter true or false.'] }],
		[
			'none of the choices',
			await set('dnssec_validation', 'maybe'),
			400,
			{ dnssec_validation: ['Choose one of auto, yes, no.'] },
		],
		['two lines', await set('kernel_opts', 'a\nb'), 400, { kernel_opts: ['Control characters are not allowed.'] }],
		['our own words', await set('kernel_opts', 'metaldesk.url=x'), 400, /is set by the boot itself/],
		['no URL', await set('main_archive', 'there'), 400, { main_archive: ['Enter a valid repository URL.'] }],
		['a user who sets', await bob.post('maas/', 'set_config', { name: 'theme', value: 'red' }), 403, /^User is not allowed/],
		['a user who asks for a secret', await bob.get('maas/', { op: 'get_config', name: 'vcenter_password' }), 403, /^User is not/],
		['nobody', await nobody.get('maas/', { op: 'get_config', name: 'theme' }), 401, /./],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (body instanceof RegExp) assert.match(answer.text, body, what);
		else assert.deepEqual(answer.json(), body, what);
	}
});
