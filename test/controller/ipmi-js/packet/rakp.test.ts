import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cipherSuite } from '../../../../controller/ipmi-js/packet/cipherSuites.ts';
import * as rakp from '../../../../controller/ipmi-js/packet/rakp.ts';
import { rakpRefusal } from '../../../../controller/ipmi-js/packet/rakpStatus.ts';

const login: rakp.Login = {
	...{ suite: cipherSuite(17), userName: Buffer.from('admin'), password: Buffer.from('secret'), kg: null, role: 0x14 },
	...{ consoleId: 0x01020304, consoleRandom: Buffer.alloc(16, 7) },
};

test('the open-session request proposes exactly one suite', () => {
	assert.equal(
		rakp.encodeOpenSession(1, 4, 0x01020304, cipherSuite(17)).toString('hex'),
		'01040000' + '04030201' + '0000000803000000' + '0100000804000000' + '0200000801000000',
	);
});

test('RAKP 1 and RAKP 3 are these bytes', () => {
	assert.equal(
		rakp.encodeRakp1(2, login, 0xaabbccdd).toString('hex'),
		`02000000ddccbbaa${'07'.repeat(16)}14000005${Buffer.from('admin').toString('hex')}`,
	);
	assert.equal(rakp.encodeRakp3(3, 0xaabbccdd, Buffer.from([1, 2])).toString('hex'), '03000000ddccbbaa0102');
});

test('a K_g key changes the keys and not the proof of the password', () => {
	const challenge = { bmcId: 1, bmcRandom: Buffer.alloc(16, 1), bmcGuid: Buffer.alloc(16, 2) };
	const withKg = { ...login, kg: Buffer.from('key') };
	assert.deepEqual(rakp.rakp2Code(withKg, challenge), rakp.rakp2Code(login, challenge));
	assert.notDeepEqual(rakp.deriveKeys(withKg, challenge), rakp.deriveKeys(login, challenge));
});

test('each status has a code; one that is not in the table too', () => {
	const codes = [1, 4, 9, 10, 11, 12, 13, 15, 17, 18, 99].map((status) => rakpRefusal('the user', status).code);
	assert.deepEqual(codes, [
		...['session-limit', 'cipher-refused', 'privilege-too-low', 'privilege-too-low', 'session-limit', 'wrong-credentials'],
		...['wrong-credentials', 'wrong-credentials', 'cipher-refused', 'rejected', 'rejected'],
	]);
});
