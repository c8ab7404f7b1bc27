import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readSnippet } from '../../../controller/domain/dhcpSnippet.ts';

test('statements that our server can act by are read, all others are told of', () => {
	const text = `# the lab's own
		option domain-name-servers 192.0.2.1, 192.0.2.2; option routers 192.0.2.254;
		option domain-name "lab.example.org";
		option ntp-servers 192.0.2.3; # not here
		class "voip" { match if substring(option vendor-class-identifier, 0, 5) = "phone;{"; }
		if exists user-class { filename "x"; } else { filename "y"; }
		ignore declines;`;
	assert.deepEqual(readSnippet(text), {
		settings: {
			dnsServers: ['192.0.2.1', '192.0.2.2'],
			routers: ['192.0.2.254'],
			domain: 'lab.example.org',
		},
		ignored: [
			'option ntp-servers 192.0.2.3',
			'class "voip" { match if substring(option vendor-class-identi',
			'if exists user-class { filename "x"; }',
			'else { filename "y"; }',
			'ignore declines',
		],
	});
});

test('what dhcpd would not take is refused, and why', () => {
	for (const [text, problem] of [
		['', 'The snippet has no statement.'],
		['# nothing', 'The snippet has no statement.'],
		['option routers 192.0.2.1', '“option routers 192.0.2.1”: semicolon expected.'],
		['subnet x {\n option y z;', 'A block is not closed: } expected.'],
		['a b;\n}', 'Line 2: unexpected }.'],
		['a b;\n\n;', 'Line 3: a semicolon ends nothing.'],
		['{ a b; }', 'Line 1: a block belongs to nothing.'],
		['option domain-name "x;\n', 'Line 1: a double quote is not closed.'],
		['option routers 300.0.0.1;', 'option routers: “300.0.0.1” is no IPv4 address.'],
		['option domain-name-servers 192.0.2.1,;', 'option domain-name-servers: “” is no IPv4 address.'],
		[
			`option routers ${Array.from({ length: 9 }, (_, at) => `192.0.2.${at}`).join(',')};`,
			'option routers: at most 8 addresses fit into an answer.',
		],
		['option domain-name lab;', 'option domain-name: a text in double quotes is expected.'],
		[
			'option domain-name "a b";',
			'option domain-name: A domain name has labels of letters, digits and inner dashes, parted by dots.',
		],
		['a\0b;', 'Control characters are not allowed.'],
		['x'.repeat(16_385), 'A snippet has at most 16384 characters.'],
	] as const)
		assert.deepEqual(readSnippet(text), { problem }, text.slice(0, 40));
});

test('whatever is sent, it is read or refused', () => {
	const part = fc.constantFrom('option', ' ', 'routers', '192.0.2.1', ';', '{', '}', '"', '\\', '#', '\n', ',', 'domain-name');
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.array(part).map((parts) => parts.join('')),
			),
			(text) => {
				const read = readSnippet(text);
				return 'problem' in read ? read.problem.length > 5 : Object.keys(read.settings).length + read.ignored.length > 0;
			},
		),
	);
});
