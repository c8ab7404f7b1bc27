import { createHash, createHmac } from 'node:crypto';

/** Cipher suites of IPMI 2.0 table 22-20, those that sign and encrypt. Suites without (0, 1, 2, 6, 7, 11, 15, 16) are never proposed. */
export type CipherSuiteId = 3 | 8 | 12 | 17;

export interface CipherSuite {
	readonly id: CipherSuiteId;
	/** Algorithm numbers as they stand in the open-session exchange (IPMI 2.0 section 13.28). */
	readonly authentication: number;
	readonly integrity: number;
	readonly confidentiality: number;
	/** HMAC's hash in RAKP, and of the key derivation. */
	readonly hash: 'sha1' | 'sha256' | 'md5';
	/** Bytes of the RAKP 4 check value. */
	readonly checkLength: number;
	/** Bytes of the code at the end of each packet of the session. */
	readonly signatureLength: number;
	sign(keys: SessionKeys, bytes: Buffer): Buffer;
}

/** Derived at login; they live as long as the session. */
export interface SessionKeys {
	/** Signs packets. */
	readonly k1: Buffer;
	/** First 16 bytes of K2: the AES-128 key. */
	readonly aes: Buffer;
	/** Password; only suite 12 signs with it. */
	readonly password: Buffer;
}

export const hmac = (hash: string, key: Buffer, ...parts: Buffer[]): Buffer => {
	const mac = createHmac(hash, key);
	for (const part of parts) mac.update(part);
	return mac.digest();
};

const suites: readonly CipherSuite[] = [
	{
		id: 3,
		authentication: 1,
		integrity: 1,
		confidentiality: 1,
		hash: 'sha1',
		checkLength: 12,
		signatureLength: 12,
		sign: (keys, bytes) => hmac('sha1', keys.k1, bytes).subarray(0, 12),
	},
	{
		id: 8,
		authentication: 2,
		integrity: 2,
		confidentiality: 1,
		hash: 'md5',
		checkLength: 16,
		signatureLength: 16,
		sign: (keys, bytes) => hmac('md5', keys.k1, bytes),
	},
	{
		id: 12,
		authentication: 2,
		integrity: 3,
		confidentiality: 1,
		hash: 'md5',
		checkLength: 16,
		signatureLength: 16,
		// MD5-128 is keyed by the password around the bytes, not by K1 (IPMI 2.0 section 13.28.3); padded to 20 as it is stored.
		sign: (keys, bytes) => {
			const padded = Buffer.alloc(20);
			keys.password.copy(padded);
			return createHash('md5').update(padded).update(bytes).update(padded).digest();
		},
	},
	{
		id: 17,
		authentication: 3,
		integrity: 4,
		confidentiality: 1,
		hash: 'sha256',
		checkLength: 16,
		signatureLength: 16,
		sign: (keys, bytes) => hmac('sha256', keys.k1, bytes).subarray(0, 16),
	},
];

export const cipherSuite = (id: CipherSuiteId): CipherSuite => suites.find((suite) => suite.id === id) as CipherSuite;
