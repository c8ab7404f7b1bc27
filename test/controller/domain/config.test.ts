import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ConfigItem, configItems, configNames, isConfigName, readConfig } from '../../../controller/domain/config.ts';

test('every default passes the check of its own name', () => {
	for (const name of configNames) {
		const item: ConfigItem = configItems[name];
		assert.deepEqual(readConfig(name, item.default === null ? '' : String(item.default)), { value: item.default }, name);
	}
});

test('a value is read as the type of its name, or refused in a sentence', () => {
	for (const [name, sent, expected] of [
		['enable_http_proxy', 'on', { value: true }],
		['enable_http_proxy', '', { value: false }],
		['enable_http_proxy', '2', { problem: 'Enter true or false.' }],
		['session_length', ' 3600 ', { value: 3600 }],
		['session_length', '1e3', { problem: 'Enter a whole number.' }],
		['session_length', '9'.repeat(15), { problem: 'Ensure this value is less than or equal to 1209600.' }],
		['http_proxy', 'None', { value: null }],
		['http_proxy', 'proxy:3128', { problem: 'Enter a valid URL.' }],
		['http_proxy', 'http://proxy.example.org:3128', { value: 'http://proxy.example.org:3128' }],
		['upstream_dns', '192.0.2.1 2001:db8::1', { value: '192.0.2.1 2001:db8::1' }],
		['upstream_dns', '192.0.2.1; evil', { problem: 'Enter addresses or host names, parted by blanks or commas.' }],
		['maas_auto_ipmi_k_g_bmc_key', 'short', { problem: 'A K_g key has 20 characters, or 0x and 40 hexadecimal digits.' }],
		['maas_internal_domain', 'a..b', { problem: 'This field may not be empty.' }],
		['network_discovery', 'DISABLED', { value: 'disabled' }],
		['theme', 'x'.repeat(5000), { problem: 'Ensure this value has at most 4096 characters.' }],
	] as const)
		assert.deepEqual(readConfig(name, sent), expected, `${name}=${sent.slice(0, 20)}`);
});

test('whatever is sent for whatever name, the answer is a value of its type or a sentence', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...configNames),
			fc.oneof(fc.string(), fc.string({ unit: 'binary-ascii' }), fc.integer().map(String)),
			(name, sent) => {
				const answer = readConfig(name, sent);
				if ('problem' in answer) return answer.problem.length > 5;
				const item: ConfigItem = configItems[name];
				if (answer.value === null) return item.nullable === true;
				return typeof answer.value === { text: 'string', choice: 'string', boolean: 'boolean', integer: 'number' }[item.kind];
			},
		),
	);
	assert.equal(isConfigName('__proto__'), false);
});

test('what is said to take effect is asked for somewhere, and the rest is not', () => {
	const code = globSync('controller/**/*.ts').filter((file) => !/(domain|store).config\.ts$/.test(file));
	const quoted = new Set(code.flatMap((file) => readFileSync(file, 'utf8').match(/(?<=')\w+(?=')/g) ?? []));
	const acting = configNames.filter((name) => (configItems[name] as ConfigItem).acts !== undefined);
	assert.deepEqual(
		acting,
		configNames.filter((name) => quoted.has(name)),
	);
});
