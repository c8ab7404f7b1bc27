import { generateKeyPairSync } from 'node:crypto';

/** A new Ed25519 key in the one line that people paste (RFC 8709 §4). */
export function sshPublicKey(comment: string): string {
	const { publicKey } = generateKeyPairSync('ed25519');
	const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
	const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
	const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(raw)]);
	return `ssh-ed25519 ${blob.toString('base64')} ${comment}`;
}
