import assert from 'node:assert/strict';
import { test } from 'node:test';
import { externalAddress, isOurAddress, keepsScriptsOut } from '../../../main/window/allowed.ts';

const controller = 'http://127.0.0.1:5240';

const addresses: { address: string; ours: boolean }[] = [
	{ address: 'http://127.0.0.1:5240/MAAS/r/#/machines', ours: true },
	{ address: 'ws://127.0.0.1:5240/MAAS/app/live', ours: true },
	{ address: 'blob:http://127.0.0.1:5240/7a7e5a3e', ours: true },
	{ address: 'metaldesk://local/starting', ours: true },
	{ address: 'metaldesk://elsewhere/', ours: false },
	{ address: 'http://127.0.0.1:5241/', ours: false },
	{ address: 'https://127.0.0.1:5240/', ours: false },
	{ address: 'http://localhost:5240/', ours: false },
	{ address: 'http://127.0.0.1:5240@192.0.2.7/', ours: false },
	{ address: 'http://127.0.0.1:5240.example.org/', ours: false },
	{ address: 'wss://127.0.0.1:5240/', ours: false },
	{ address: 'file:///etc/passwd', ours: false },
	{ address: 'data:text/html,hello', ours: false },
	{ address: 'javascript:alert(1)', ours: false },
	{ address: 'about:blank', ours: false },
	{ address: '', ours: false },
];
for (const { address, ours } of addresses) {
	test(`'${address}' is ${ours ? 'ours' : 'not ours'}`, () => assert.equal(isOurAddress(address, controller), ours));
}

const outside: { address: string; opens: string | undefined }[] = [
	{ address: 'https://bmc.example.org', opens: 'https://bmc.example.org/' },
	{ address: 'http://192.0.2.7:8080/a?b#c', opens: 'http://192.0.2.7:8080/a?b#c' },
	{ address: 'HTTPS://EXAMPLE.ORG/x', opens: 'https://example.org/x' },
	{ address: 'https://example.org@192.0.2.7/', opens: undefined },
	{ address: 'https://user:word@example.org/', opens: undefined },
	{ address: `https://example.org/${'x'.repeat(2_000)}`, opens: undefined },
	{ address: '\\\\192.0.2.7\\share', opens: undefined },
	{ address: 'file:///etc/passwd', opens: undefined },
	{ address: 'smb://192.0.2.7/share', opens: undefined },
	{ address: 'ms-settings:network', opens: undefined },
	{ address: 'javascript:alert(1)', opens: undefined },
	{ address: 'https:', opens: undefined },
];
for (const { address, opens } of outside) {
	test(`'${address.slice(0, 40)}' ${opens ? 'opens' : 'does not open'} in the system's browser`, () =>
		assert.equal(externalAddress(address), opens));
}

const policies: { policy: string; strict: boolean }[] = [
	{ policy: "default-src 'self'", strict: true },
	{ policy: "default-src 'none'; script-src 'self'", strict: true },
	{ policy: "SCRIPT-SRC 'SELF' 'sha256-abc='", strict: true },
	{ policy: "script-src 'none'", strict: true },
	{ policy: "script-src 'self' 'unsafe-inline'", strict: false },
	{ policy: "script-src 'self' 'unsafe-eval'", strict: false },
	{ policy: "script-src 'self' https://cdn.example.org", strict: false },
	{ policy: "script-src *; script-src 'self'", strict: false },
	{ policy: "default-src 'self'; script-src https:", strict: false },
	{ policy: "img-src 'self'", strict: false },
	{ policy: '', strict: false },
];
for (const { policy, strict } of policies) {
	test(`the policy "${policy}" ${strict ? 'keeps' : 'does not keep'} scripts out`, () =>
		assert.equal(keepsScriptsOut(policy), strict));
}
