import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSshKey } from '../../../controller/domain/sshKey.ts';
import { temporaryFolder } from '../../support/diskFile.ts';

/** A key as ssh-keygen makes it, and the fingerprint that it prints. */
function make(folder: string, ...options: string[]) {
	const file = path.join(folder, options.join('').replaceAll('-', ''));
	execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'ops@example.org', '-f', file, ...options]);
	return {
		line: readFileSync(`${file}.pub`, 'utf8'),
		secret: readFileSync(file, 'utf8'),
		fingerprint: fingerprintOf(`${file}.pub`),
	};
}

const fingerprintOf = (file: string) => execFileSync('ssh-keygen', ['-lf', file]).toString().split(' ')[1];

for (const [type, ...options] of [
	['ssh-ed25519', '-t', 'ed25519'],
	['ecdsa-sha2-nistp256', '-t', 'ecdsa', '-b', '256'],
	['ecdsa-sha2-nistp384', '-t', 'ecdsa', '-b', '384'],
	['ecdsa-sha2-nistp521', '-t', 'ecdsa', '-b', '521'],
	['ssh-rsa', '-t', 'rsa', '-b', '1024'],
	['ssh-rsa', '-t', 'rsa', '-b', '2048'],
	['ssh-rsa', '-t', 'rsa', '-b', '3072'],
] as [string, ...string[]][])
	test(`a key made by ssh-keygen ${options.join(' ')} has ssh-keygen's fingerprint`, (t) => {
		const { line, fingerprint } = make(temporaryFolder(t), ...options);
		assert.deepEqual(parseSshKey(`\n  ${line.replaceAll(' ', ' \t')}\r\n`), {
			type,
			key: line.trim(),
			comment: 'ops@example.org',
			fingerprint,
		});
	});

const field = (bytes: string | Uint8Array) => {
	const content = Buffer.from(bytes as string, 'latin1');
	const length = Buffer.alloc(4);
	length.writeUInt32BE(content.length);
	return Buffer.concat([length, content]);
};
const encode = (type: string, ...fields: (string | Uint8Array)[]) =>
	`${type} ${Buffer.concat([field(type), ...fields.map(field)]).toString('base64')}`;

/** A point of P-256: the last 65 bytes of its SubjectPublicKeyInfo. */
const point = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
	.publicKey.export({ type: 'spki', format: 'der' })
	.subarray(-65);

for (const [name, line] of [
	['sk-ssh-ed25519@openssh.com', encode('sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 9), 'ssh:')],
	['sk-ecdsa-sha2-nistp256@openssh.com', encode('sk-ecdsa-sha2-nistp256@openssh.com', 'nistp256', point, 'ssh:')],
] as const)
	test(`a key in a token has ssh-keygen's fingerprint: ${name}`, (t) => {
		const file = path.join(temporaryFolder(t), 'token.pub');
		writeFileSync(file, line);
		assert.deepEqual(parseSshKey(line), { type: name, key: line, comment: '', fingerprint: fingerprintOf(file) });
	});

test('Ed448 is read as RFC 8709 says', () => {
	const line = encode('ssh-ed448', Buffer.alloc(57, 3));
	const blob = Buffer.from(line.split(' ')[1] as string, 'base64');
	const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').slice(0, 43)}`;
	assert.deepEqual(parseSshKey(`${line} me`), { type: 'ssh-ed448', key: `${line} me`, comment: 'me', fingerprint });
});

const good = encode('ssh-ed25519', Buffer.alloc(32, 1));
const blob = good.split(' ')[1] as string;
const modulus = (bytes: number) => Buffer.concat([Buffer.from([0]), Buffer.alloc(bytes, 0xff)]);
const e = Buffer.from([1, 0, 1]);
const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 5)]);
const compressed = Buffer.concat([Buffer.from([2 + ((point.at(-1) as number) & 1)]), point.subarray(1, 33)]);

const refused: [name: string, text: string, problem: RegExp][] = [
	['nothing', ' \n\t', /is empty/],
	['a megabyte', good.repeat(10_000), /characters long/],
	['two keys', `${good}\n${good}`, /2 lines; add one key at a time/],
	['a type that is none', `ssh-foo ${blob}`, /ssh-foo is no type of public key/],
	['a type from the prototype', `constructor ${blob}`, /constructor is no type/],
	['escapes for a type', `\u001b[2J ${blob}`, /^\[2J is no type/],
	['no type', blob.repeat(2), /type is missing/],
	['a comment', `# ${good}`, /comment, not a key|options/],
	['only a type', 'ssh-ed25519', /key itself is missing/],
	['broken base64', `ssh-ed25519 ${blob.slice(0, 30)}*${blob.slice(31)}`, /not valid base64/],
	['base64 without its end', `ssh-ed25519 ${blob.slice(0, -1)}`, /not valid base64/],
	['half a key', `ssh-ed25519 ${blob.slice(0, 40)}`, /ends too early/],
	['another key inside', `ssh-rsa ${blob}`, /the line says ssh-rsa, but the key in it is ssh-ed25519/],
	['options', `no-pty,command="/bin/true x" ${good}`, /options in front/],
	['from=', `from="192.0.2.0/24" ${good}`, /options in front/],
	['DSA', 'ssh-dss AAAAB3NzaC1kc3M= me', /DSA key/],
	['a certificate', `ssh-ed25519-cert-v01@openssh.com ${blob}`, /certificate/],
	['SSH2 form', `---- BEGIN SSH2 PUBLIC KEY ----\n${blob}\n---- END SSH2 PUBLIC KEY ----`, /ssh-keygen -i -f/],
	['PEM', `-----BEGIN PUBLIC KEY-----\n${blob}\n-----END PUBLIC KEY-----`, /ssh-keygen -i -m PKCS8/],
	['PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', /private key/],
	['RSA of 512 bits', encode('ssh-rsa', e, modulus(64)), /has 512 bits; at least 1024/],
	['RSA of 1016 bits', encode('ssh-rsa', e, modulus(127)), /has 1016 bits/],
	['RSA of 32768 bits', encode('ssh-rsa', e, modulus(4096)), /has 32768 bits; sshd takes up to 16384/],
	['negative RSA', encode('ssh-rsa', e, Buffer.alloc(256, 0xff)), /not positive/],
	['padded RSA', encode('ssh-rsa', e, Buffer.concat([Buffer.alloc(2), Buffer.alloc(256, 0x7f)])), /badly written/],
	['RSA of nothing', encode('ssh-rsa', '', ''), /not positive/],
	['even RSA', encode('ssh-rsa', Buffer.from([2]), modulus(256)), /even numbers/],
	['Ed25519 too short', encode('ssh-ed25519', Buffer.alloc(31)), /31 bytes instead of 32/],
	['bytes behind', encode('ssh-ed25519', Buffer.alloc(32), 'more'), /8 bytes too many/],
	['another curve', encode('ecdsa-sha2-nistp256', 'nistp384', point), /for the curve nistp384 instead of nistp256/],
	['off the curve', encode('ecdsa-sha2-nistp256', 'nistp256', offCurve), /no point of the curve/],
	['a compressed point', encode('ecdsa-sha2-nistp256', 'nistp256', compressed), /compressed form/],
	['a token without application', encode('sk-ssh-ed25519@openssh.com', Buffer.alloc(32), ''), /names no application/],
	['a length of 4 GiB', `ssh-ed25519 ${Buffer.from('ffffffff00', 'hex').toString('base64')}`, /ends too early/],
];
for (const [name, text, problem] of refused)
	test(`refused: ${name}`, () => {
		const read = parseSshKey(text);
		assert.ok('problem' in read, 'it was taken');
		assert.match(read.problem, problem);
		assert.doesNotMatch(read.problem, /[\u0000-\u001f]/);
	});

test('a private key is refused with a sentence that does not repeat it', (t) => {
	const { secret } = make(temporaryFolder(t), '-t', 'ed25519');
	assert.deepEqual(parseSshKey(secret), {
		problem: 'this is a private key, which nobody but you should have: paste the public one, from the file that ends in .pub',
	});
});

test('a comment is one clean line', () => {
	const read = parseSshKey(`${good} me\u001b[31m at\u202e home`);
	assert.deepEqual('problem' in read ? read : [read.comment, read.key], ['me [31m at home', `${good} me [31m at home`]);
});

test('any text is a key or a problem', () => {
	const types = fc.constantFrom('ssh-rsa', 'ssh-ed25519', 'ecdsa-sha2-nistp256', 'sk-ssh-ed25519@openssh.com');
	const lines = fc
		.tuple(types, fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 4 }))
		.map(([type, fields]) => encode(type, ...fields));
	fc.assert(
		fc.property(fc.oneof(fc.string(), lines), (text) => {
			const read = parseSshKey(text);
			assert.ok('problem' in read ? read.problem.length > 0 : read.fingerprint.length === 50);
		}),
	);
});
