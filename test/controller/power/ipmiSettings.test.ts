import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ipmiFields, parseAddress, readBmc } from '../../../controller/power/ipmiSettings.ts';

test('the fields are those of MAAS, with its scopes and defaults', () => {
	const table = ipmiFields.map(({ name, fieldType, scope, default: value }) => [name, fieldType, scope, value]);
	assert.deepEqual(table, [
		['power_driver', 'choice', 'bmc', 'LAN_2_0'],
		['power_boot_type', 'choice', 'bmc', 'auto'],
		['power_address', 'string', 'bmc', ''],
		['power_user', 'string', 'bmc', ''],
		['power_pass', 'password', 'bmc', ''],
		['k_g', 'password', 'bmc', ''],
		['cipher_suite_id', 'choice', 'bmc', '3'],
		['privilege_level', 'choice', 'bmc', 'OPERATOR'],
		['workaround_flags', 'multiple_choice', 'bmc', ['opensesspriv']],
		['mac_address', 'mac_address', 'node', ''],
		['power_off_mode', 'choice', 'bmc', 'hard'],
	]);
	assert.deepEqual(
		ipmiFields.filter((field) => field.required).map((field) => field.name),
		['power_address'],
	);
});

test('an address alone is enough', () => {
	assert.deepEqual(readBmc({ power_address: '192.0.2.7' }), {
		ok: true,
		value: {
			bmc: {
				...{
					host: '192.0.2.7',
					port: 623,
					userName: '',
					password: '',
					kg: null,
					cipherSuite: 3,
					privilege: 'operator',
					version: '2.0',
				},
				workarounds: new Set(['opensesspriv']),
			},
			efi: null,
			softOff: false,
		},
	});
});

test('every setting arrives at the client', () => {
	const result = readBmc({
		...{ power_address: 'bmc7.example.org:6230', power_user: 'maas', power_pass: 'x', k_g: '0x00ff', cipher_suite_id: '' },
		...{ privilege_level: 'ADMIN', power_driver: 'LAN', power_boot_type: 'efi', power_off_mode: 'soft' },
		...{ workaround_flags: ['nochecksumcheck', 'ipmiping', ''], mac_address: '52:54:00:4c:00:11' },
	});
	assert.deepEqual(result, {
		ok: true,
		value: {
			bmc: {
				...{
					host: 'bmc7.example.org',
					port: 6230,
					userName: 'maas',
					password: 'x',
					kg: Buffer.from([0, 255]),
					cipherSuite: 'auto',
				},
				...{ privilege: 'administrator', version: '1.5', workarounds: new Set(['nochecksumcheck']) },
			},
			efi: true,
			softOff: true,
		},
	});
});

for (const [name, parameters, text] of [
	['no address', {}, 'IP address (power_address) is missing.'],
	[
		'an address that is none',
		{ power_address: '192.0.2' },
		'IP address (power_address) is no host name or IPv4 address with or without :port.',
	],
	['a suite that is not offered', { cipher_suite_id: '0' }, 'Cipher Suite ID (cipher_suite_id) has no choice "0".'],
	['a flag that does not exist', { workaround_flags: ['magic'] }, 'Workaround Flags (workaround_flags) has no choice "magic".'],
	['a list where a text belongs', { power_user: ['a', 'b'] }, 'Power user (power_user) must be one text.'],
	['odd hex', { k_g: '0xabc' }, 'K_g BMC key (k_g) is longer than 20 characters, or no hex number after 0x.'],
	['a long K_g', { k_g: 'x'.repeat(21) }, 'K_g BMC key (k_g) is longer than 20 characters, or no hex number after 0x.'],
] as const) {
	test(`${name} is refused by name`, () => {
		const result = readBmc(name === 'no address' ? parameters : { power_address: '192.0.2.7', ...parameters });
		assert.equal(result.ok ? 'accepted' : result.text, text);
		assert.equal(result.ok ? '' : result.code, 'bad-parameters');
	});
}

test('addresses with and without port; nothing that another program could take for an option', () => {
	const rows: [string, ReturnType<typeof parseAddress>][] = [
		['192.0.2.7', { host: '192.0.2.7', port: 623 }],
		[' 192.0.2.7:1 ', { host: '192.0.2.7', port: 1 }],
		['bmc', { host: 'bmc', port: 623 }],
		['192.0.2.7:0', null],
		['192.0.2.7:65536', null],
		['192.0.2.256', null],
		['-h', null],
		['bmc.example.org;reboot', null],
		['2001:db8::1', null],
		['', null],
	];
	for (const [text, wanted] of rows) assert.deepEqual(parseAddress(text), wanted, text);
});

test('any text in any field is read or refused, never thrown at', () => {
	const names = ipmiFields.map((field) => field.name);
	fc.assert(
		fc.property(fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.array(fc.string()))), (parameters) => {
			const result = readBmc(parameters);
			assert.equal(typeof result.ok, 'boolean');
		}),
	);
});
