import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createSecrets, readKeyFile } from '../../../controller/store/secrets.ts';
import { makeStore } from '../../support/makeStore.ts';

function keyFile(t: TestContext): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'metaldesk-key-'));
	t.after(() => rmSync(folder, { recursive: true }));
	return path.join(folder, 'secret.key');
}

test('what was sealed is opened by the same key alone, and each sealing looks different', () => {
	const secrets = createSecrets(randomBytes(32));
	const value = { power_pass: 'tops3cret ä', list: ['x'] };
	const sealed = secrets.seal(value);
	assert.deepEqual(secrets.unseal(sealed), value);
	assert.notDeepEqual(secrets.seal(value), sealed);
	assert.ok(!Buffer.from(sealed).includes('tops3cret'));
	assert.throws(() => createSecrets(randomBytes(32)).unseal(sealed));
});

test('a bit that was changed, or a byte that is missing, is noticed', () => {
	const secrets = createSecrets(randomBytes(32));
	const sealed = Buffer.from(secrets.seal('secret'));
	for (let at = 0; at < sealed.length; at++) {
		const changed = Buffer.from(sealed);
		changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
		assert.throws(() => secrets.unseal(changed), `byte ${at}`);
		assert.throws(() => secrets.unseal(sealed.subarray(0, at)), `cut at ${at}`);
	}
});

test('the key file is made once, for its owner alone', (t) => {
	const file = keyFile(t);
	const key = readKeyFile(file);
	assert.deepEqual([key.length, statSync(file).mode & 0o777], [32, 0o600]);
	assert.deepEqual(readKeyFile(file), key);
});

test('a key file that others may read, or of another length, is refused in a sentence', (t) => {
	const file = keyFile(t);
	readKeyFile(file);
	chmodSync(file, 0o640);
	assert.throws(() => readKeyFile(file), /may be read by other users: it must have mode 600/);
	chmodSync(file, 0o600);
	writeFileSync(file, 'short');
	assert.throws(() => readKeyFile(file), /must hold 32 bytes, it holds 5: restore it from a backup/);
});

test('a copy of the database gives no password away', (t) => {
	const { store, folder } = makeStore(t);
	store.bmcs.insert('ipmi', '192.168.77.20', { power_user: 'maas', power_pass: 'tops3cret' });
	for (const file of ['region.db', 'region.db-wal'])
		assert.ok(!readFileSync(path.join(folder, file)).includes('tops3cret'), file);
	assert.deepEqual(store.bmcs.parameters(1), { power_user: 'maas', power_pass: 'tops3cret' });
});
