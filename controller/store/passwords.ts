import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** 64 MiB and some 100 ms for each guess (RFC 7914; OWASP's advice for scrypt is N = 2^17, or 2^16 with r = 8). */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };

/** The hash of no password: checked when the user does not exist, so that this takes as long. */
export const nobodysHash = `scrypt:${Buffer.alloc(16).toString('base64')}:${Buffer.alloc(32).toString('base64')}`;

export async function hashPassword(password: string): Promise<string> {
	const salt = randomBytes(16);
	return `scrypt:${salt.toString('base64')}:${(await derive(password, salt)).toString('base64')}`;
}

export async function isPassword(password: string, stored: string): Promise<boolean> {
	const [, salt = '', hash = ''] = stored.split(':');
	return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64')), Buffer.from(hash, 'base64'));
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
	return new Promise((resolve, reject) =>
		scrypt(password.normalize('NFKC'), salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key))),
	);
}
