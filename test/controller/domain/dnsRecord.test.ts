import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { besideProblem, recordProblem, recordTypes } from '../../../controller/domain/dnsRecord.ts';

const SHA1 = '0123456789abcdef0123456789ABCDEF01234567';

test('data that a zone can hold', () => {
	for (const [type, data] of [
		['CNAME', 'www.example.org'],
		['CNAME', 'www'],
		['NS', 'ns1.example.org.'],
		['MX', '10 mail.example.org'],
		['MX', '0  mail'],
		['SRV', '0 5 5060 sip.example.org'],
		['SRV', '0 0 0 .'],
		['SSHFP', `1 1 ${SHA1}`],
		['SSHFP', `4 2 ${SHA1}${SHA1.slice(0, 24)}`],
		['TXT', 'v=spf1 -all; "quoted" ünïcode'],
	] as const)
		assert.equal(recordProblem(type, data), null, `${type} ${data}`);
});

test('data that it can’t, and why', () => {
	for (const [type, data, problem] of [
		['CNAME', '', 'This field is required.'],
		['CNAME', 'two names', "Invalid CNAME: Should be '<server>'."],
		['NS', 'a..b', "Invalid NS: Should be '<server>'."],
		['MX', 'mail.example.org', "Invalid MX: Should be '<preference> <server>'. Range for preference is 0-65535."],
		['MX', '65536 mail', "Invalid MX: Should be '<preference> <server>'. Range for preference is 0-65535."],
		['SRV', '0 5 sip.example.org', "Invalid SRV: Should be '<priority> <weight> <port> <server>'."],
		['SRV', '0 5 70000 sip', "Invalid SRV: Should be '<priority> <weight> <port> <server>'."],
		['SSHFP', 'rsa', "Invalid SSHFP: Should be '<algorithm> <fptype> <fingerprint>'."],
		['SSHFP', `5 1 ${SHA1}`, 'Invalid SSHFP: the algorithm is 1, 2, 3, 4 or 6.'],
		['SSHFP', `1 3 ${SHA1}`, 'Invalid SSHFP: the type of a fingerprint is 1 (SHA-1) or 2 (SHA-256).'],
		['SSHFP', `1 2 ${SHA1}`, 'Invalid SSHFP: the fingerprint has 64 hexadecimal digits.'],
		['TXT', 'two\nlines', 'Control characters are not allowed.'],
		['TXT', 'x'.repeat(60_001), 'A text has at most 60000 bytes.'],
	] as const)
		assert.equal(recordProblem(type, data), problem, `${type} ${data.slice(0, 30)}`);
});

test('an alias stands alone', () => {
	for (const [type, others, problem] of [
		['CNAME', [], null],
		['CNAME', ['CNAME'], 'Only one CNAME can be associated with a name.'],
		['CNAME', ['A'], 'CNAME records for a name cannot coexist with non-CNAME records.'],
		['A', ['CNAME'], 'CNAME records for a name cannot coexist with non-CNAME records.'],
		['TXT', ['CNAME'], 'CNAME records for a name cannot coexist with non-CNAME records.'],
		['TXT', ['TXT', 'A', 'MX'], null],
	] as const)
		assert.equal(besideProblem(type, others), problem, `${type} beside ${others}`);
});

test('whatever is sent, the answer is a sentence or nothing', () => {
	fc.assert(
		fc.property(fc.constantFrom(...recordTypes), fc.oneof(fc.string(), fc.string({ unit: 'binary-ascii' })), (type, data) => {
			const problem = recordProblem(type, data);
			return problem === null || problem.endsWith('.');
		}),
	);
});
