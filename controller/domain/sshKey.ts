import { createHash, ECDH } from 'node:crypto';
import { cleanText } from './clean.ts';

export interface SshKey {
	readonly type: string;
	/** `type base64 comment`, ready for authorized_keys */
	readonly key: string;
	readonly comment: string;
	/** `SHA256:…`, as `ssh-keygen -lf` prints it */
	readonly fingerprint: string;
}

const MAX_TEXT = 16 * 1024;
/** OpenSSL's limit (OPENSSL_RSA_MAX_MODULUS_BITS), with which sshd reads them; a line of that is 2.8 kB. */
const MAX_RSA_BITS = 16384;

/**
 * One public key as people paste it. The blob is taken apart as its type says (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4, OpenSSH
 * PROTOCOL.u2f), so that a key which sshd would pass over in silence is refused here, with the reason.
 */
export function parseSshKey(text: string): SshKey | { problem: string } {
	if (text.length > MAX_TEXT) return { problem: `the text is ${text.length} characters long; no public key is` };
	const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
	const line = lines[0]?.trim();
	if (line === undefined) return { problem: 'the key is empty' };
	const pasted = lines.find((each) => /^\s*(-{4,5} ?BEGIN|PuTTY-User-Key-File)/.test(each));
	if (pasted !== undefined) return { problem: whatFile(pasted) };
	if (lines.length > 1) return { problem: `there are ${lines.length} lines; add one key at a time, each on a single line` };

	const [type = '', base64 = '', ...comment] = line.split(/[ \t]+/);
	const read = readers.get(type);
	if (!read) return { problem: whatType(type, line) };
	if (base64 === '') return { problem: `after ${type} the key itself is missing` };
	const blob = Buffer.from(base64, 'base64');
	if (blob.toString('base64') !== base64) return { problem: 'the key is not valid base64: was a part of it lost while copying?' };
	const problem = readBlob(blob, type, read);
	if (problem !== null) return { problem };

	const cleanComment = cleanText(comment.join(' '), 200) ?? '';
	return {
		type,
		key: [type, base64, cleanComment].join(' ').trimEnd(),
		comment: cleanComment,
		fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
	};
}

/** Reads `string`s (RFC 4251 5) one after another. */
interface Fields {
	next(): Buffer;
}

/** Reads what follows the type's name; answers what is wrong with it. */
type KeyReader = (fields: Fields) => string | null;

class Truncated extends Error {}

function readBlob(blob: Buffer, type: string, read: KeyReader): string | null {
	let at = 0;
	const fields: Fields = {
		next() {
			const start = at + 4;
			if (start > blob.length) throw new Truncated();
			const end = start + blob.readUInt32BE(at);
			if (end > blob.length) throw new Truncated();
			at = end;
			return blob.subarray(start, end);
		},
	};
	try {
		const inner = fields.next().toString('latin1');
		if (inner !== type) return `the line says ${type}, but the key in it is ${cleanText(inner, 60) ?? 'of no type'}`;
		const problem = read(fields);
		if (problem !== null) return problem;
		return at === blob.length ? null : `the key has ${blob.length - at} bytes too many`;
	} catch (error) {
		if (error instanceof Truncated) return 'the key ends too early: was a part of it lost while copying?';
		throw error;
	}
}

const rsa: KeyReader = (fields) => {
	const exponent = fields.next();
	const modulus = fields.next();
	if (!isPositive(exponent) || !isPositive(modulus)) return 'the RSA key has a number that is not positive or badly written';
	const digits = modulus[0] === 0 ? modulus.subarray(1) : modulus;
	const bits = digits.length * 8 - (Math.clz32(digits.readUInt8(0)) - 24);
	if (bits < 1024) return `the RSA key has ${bits} bits; at least 1024 are needed, and 3072 recommended`;
	if (bits > MAX_RSA_BITS) return `the RSA key has ${bits} bits; sshd takes up to ${MAX_RSA_BITS}`;
	if ((exponent.at(-1) as number) % 2 === 0 || (modulus.at(-1) as number) % 2 === 0)
		return 'the RSA key is made of even numbers and is none';
	return null;
};

/** An mpint (RFC 4251 5) above zero without needless zeros in front. */
function isPositive(number: Buffer): boolean {
	const [first, second] = number;
	if (first === undefined || first >= 0x80) return false;
	return first !== 0 || (second !== undefined && second >= 0x80);
}

const curves: Record<string, string> = { nistp256: 'prime256v1', nistp384: 'secp384r1', nistp521: 'secp521r1' };

const ecdsa =
	(curve: string): KeyReader =>
	(fields) => {
		const name = fields.next().toString('latin1');
		if (name !== curve) return `the key is for the curve ${cleanText(name, 40) ?? 'of no name'} instead of ${curve}`;
		const point = fields.next();
		try {
			ECDH.convertKey(point, curves[curve] as string);
			return point[0] === 4 ? null : 'the key is in the compressed form, which SSH does not allow';
		} catch {
			return `the key is no point of the curve ${curve}`;
		}
	};

const edwards =
	(length: number): KeyReader =>
	(fields) => {
		const key = fields.next();
		return key.length === length ? null : `the key has ${key.length} bytes instead of ${length}`;
	};

/** Keys that live in a FIDO token carry the name of the application behind the key. */
const inToken =
	(read: KeyReader): KeyReader =>
	(fields) => {
		const problem = read(fields);
		return problem ?? (fields.next().length > 0 ? null : 'the security key names no application');
	};

const readers = new Map<string, KeyReader>([
	['ssh-rsa', rsa],
	['ecdsa-sha2-nistp256', ecdsa('nistp256')],
	['ecdsa-sha2-nistp384', ecdsa('nistp384')],
	['ecdsa-sha2-nistp521', ecdsa('nistp521')],
	['ssh-ed25519', edwards(32)],
	['ssh-ed448', edwards(57)],
	['sk-ssh-ed25519@openssh.com', inToken(edwards(32))],
	['sk-ecdsa-sha2-nistp256@openssh.com', inToken(ecdsa('nistp256'))],
]);

function whatFile(line: string): string {
	if (/PRIVATE KEY|PuTTY-User-Key-File/.test(line))
		return 'this is a private key, which nobody but you should have: paste the public one, from the file that ends in .pub';
	if (/SSH2 PUBLIC KEY/.test(line)) return 'this is the SSH2 form of a key; turn it into one line with ssh-keygen -i -f FILE';
	return 'this is a PEM file; turn it into one line with ssh-keygen -i -m PKCS8 -f FILE';
}

function whatType(type: string, line: string): string {
	if (type === 'ssh-dss')
		return 'this is a DSA key, which sshd has refused since OpenSSH 7.0: make one with ssh-keygen -t ed25519';
	if (/-cert-v\d\d@openssh\.com$/.test(type)) return 'this is a certificate; paste the public key that it was made for';
	if (/[\s",](ssh-|ecdsa-|sk-)[\w@.-]+\s/.test(line)) return 'there are options in front of the key; paste it from its type on';
	if (/^[A-Za-z0-9+/=]{40,}$/.test(type)) return 'the type is missing in front of the key, for example ssh-ed25519';
	if (type.startsWith('#')) return 'this is a comment, not a key';
	return `${cleanText(type, 40) ?? 'this'} is no type of public key; ssh-ed25519, ecdsa-sha2-nistp256 and ssh-rsa are some`;
}
