import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';

/** Seals BMC passwords and node keys, so that a copy of the database alone gives none away. */
export interface Secrets {
	seal(value: unknown): Uint8Array;
	/** Throws when the bytes were sealed under another key or changed since. */
	unseal(bytes: Uint8Array): unknown;
}

/** AES-256-GCM (NIST SP 800-38D): 12 bytes nonce, 16 bytes tag, then the ciphertext. */
export function createSecrets(key: Buffer): Secrets {
	return {
		seal(value) {
			const nonce = randomBytes(12);
			const cipher = createCipheriv('aes-256-gcm', key, nonce);
			const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
			return Buffer.concat([nonce, cipher.getAuthTag(), body]);
		},
		unseal(bytes) {
			const sealed = Buffer.from(bytes);
			const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 });
			decipher.setAuthTag(sealed.subarray(12, 28));
			return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8'));
		},
	};
}

/** The key file beside the database: made at the first start, readable by its owner alone. Throws when others may read it. */
export function readKeyFile(file: string): Buffer {
	try {
		writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	}
	if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0)
		throw new Error(`${file} may be read by other users: it must have mode 600 (chmod 600)`);
	const key = readFileSync(file);
	if (key.length !== 32) throw new Error(`${file} must hold 32 bytes, it holds ${key.length}: restore it from a backup`);
	return key;
}
