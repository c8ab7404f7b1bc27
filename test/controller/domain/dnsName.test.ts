import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
	domainNameProblem,
	fqdnOf,
	hostnameProblem,
	resourceNameProblem,
	splitFqdn,
	targetProblem,
} from '../../../controller/domain/dnsName.ts';

const LONG = 'a'.repeat(63);

test('what names may be', () => {
	for (const [check, good, bad] of [
		[hostnameProblem, ['a', 'node-1', 'X1', LONG], ['', '-a', 'a-', 'a.b', 'a_b', 'é', `${LONG}a`, 'a b', 'a\n']],
		[
			domainNameProblem,
			['maas', 'example.org', `${LONG}.org`, 'xn--bcher-kva.example'],
			['', '.', 'a..b', 'a.', '_tcp.a', `${LONG}a.org`, `${'a.'.repeat(127)}org`],
		],
		[
			resourceNameProblem,
			['@', '*', 'www', '*.apps', '_ldap._tcp', 'a.b.c'],
			['', '@.a', 'a.*', 'a b', '-', 'a/b', 'x'.repeat(192)],
		],
		[targetProblem, ['example.org', 'example.org.', 'a', '_x.example.org'], ['', '.', 'a b', 'a..b', '"']],
	] as const) {
		for (const name of good) assert.equal(check(name), null, `${check.name} ${name}`);
		for (const name of bad) assert.ok(check(name), `${check.name} ${JSON.stringify(name)}`);
	}
});

test('a whole name belongs to the longest domain that it is in', () => {
	const domains = [{ name: 'maas' }, { name: 'example.org' }, { name: 'lab.example.org' }];
	for (const [fqdn, expected] of [
		['www.example.org', ['www', 'example.org']],
		['a.b.Lab.Example.org.', ['a.b', 'lab.example.org']],
		['example.org', ['@', 'example.org']],
		['notexample.org', null],
		['org', null],
	] as const) {
		const split = splitFqdn(fqdn, domains);
		assert.deepEqual(split && [split.name, split.domain.name], expected, fqdn);
	}
});

test('a name put together and taken apart is the same', () => {
	const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
	fc.assert(
		fc.property(fc.array(label, { minLength: 1, maxLength: 3 }), label, (labels, top) => {
			const name = labels.join('.');
			assert.deepEqual(splitFqdn(fqdnOf(name, top), [{ name: top }]), { name, domain: { name: top } });
			assert.deepEqual(splitFqdn(fqdnOf('@', top), [{ name: top }]), { name: '@', domain: { name: top } });
		}),
	);
});
