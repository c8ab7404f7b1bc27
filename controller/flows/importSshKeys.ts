import { cleanLine } from '../domain/clean.ts';
import { Refusal } from '../domain/errors.ts';
import { type SshKey as ParsedKey, parseSshKey } from '../domain/sshKey.ts';
import type { Store } from '../store/store.ts';
import type { SshKey } from '../store/userKeys.ts';
import type { User } from '../store/users.ts';

/**
 * Fetches the public keys that somebody has published: `lp:NAME` from Launchpad (also without prefix), `gh:NAME` from GitHub; answers
 * those that the user has now. The addresses are settings (`sshImport`), so that a site without Internet can point them at a server of
 * its own. Throws Refusal `bad-input` with the reason; nothing is added then.
 */
export type ImportSshKeys = (user: User, source: string) => Promise<SshKey[]>;

const TIME_LIMIT_MS = 10_000;
const SIZE_LIMIT = 256 * 1024;
const MOST_KEYS = 200;

const services = {
	lp: { setting: 'launchpad', name: 'Launchpad', keysIn: (text: string) => text.split('\n') },
	gh: { setting: 'github', name: 'GitHub', keysIn: keysInJson },
} as const;

export function createImportSshKeys(store: Store, timeLimitMs = TIME_LIMIT_MS): ImportSshKeys {
	return async (user, source) => {
		const { service, name } = readSource(source);
		const { name: who, setting, keysIn } = services[service];
		const url = store.settings.get().sshImport[setting].replaceAll('{user}', encodeURIComponent(name));
		const lines = keysIn(await fetchText(url, who, name, timeLimitMs)).filter((line) => line.trim() !== '');
		if (lines.length > MOST_KEYS) throw refused(`${who} has ${lines.length} keys of ${name}; up to ${MOST_KEYS} are taken.`);
		const keys = lines.map((line) => parseSshKey(line));
		// DSA keys of long ago are still published; what sshd would pass over is passed over here
		const good = keys.filter((key): key is ParsedKey => !('problem' in key));
		const [bad] = keys.filter((key) => 'problem' in key);
		if (good.length === 0)
			throw refused(`${who} has no usable SSH key of ${name}${bad ? `: ${bad.problem}` : ', or no such user'}.`);

		return store.transaction(() => {
			for (const key of good)
				if (store.users.addSshKey(user.id, { ...key, source: `${service}:${name}` }))
					store.events.append({
						kind: 'security',
						text: `SSH key ${key.fingerprint} of ${service}:${name} was added`,
						by: user.username,
					});
			return store.users.sshKeys(user.id).filter((each) => good.some((key) => key.fingerprint === each.fingerprint));
		});
	};
}

function readSource(source: string): { service: keyof typeof services; name: string } {
	const [, prefix, name = ''] = /^(?:([a-z]*):)?(.*)$/s.exec(source.trim()) ?? [];
	const service = prefix === undefined || prefix === 'lp' ? 'lp' : prefix === 'gh' ? 'gh' : null;
	if (!service) throw refused(`The source of a key is lp:NAME or gh:NAME, not ${cleanLine(source)}.`);
	// Launchpad: a-z 0-9 + . -; GitHub: letters, digits, dashes, 39 at most
	if (!/^[A-Za-z0-9][A-Za-z0-9+._-]{0,99}$/.test(name)) throw refused(`“${cleanLine(name)}” is no user name.`);
	return { service, name };
}

/** The whole answer, within the limits of time and size. Redirects are not followed: they could lead anywhere, inside too. */
async function fetchText(url: string, who: string, name: string, timeLimitMs: number): Promise<string> {
	try {
		const answer = await fetch(url, {
			signal: AbortSignal.timeout(timeLimitMs),
			redirect: 'manual',
			headers: { accept: 'text/plain, application/json', 'user-agent': 'metaldesk' },
		});
		if (answer.status === 404) throw refused(`${who} knows no user ${name}.`);
		if (answer.status !== 200) throw refused(`${who} answered with status ${answer.status}.`);
		const chunks: Uint8Array[] = [];
		let size = 0;
		for await (const chunk of answer.body ?? []) {
			size += chunk.length;
			if (size > SIZE_LIMIT) throw refused(`${who} sent more than ${SIZE_LIMIT / 1024} kB; that is no list of keys.`);
			chunks.push(chunk);
		}
		return Buffer.concat(chunks).toString('utf8');
	} catch (error) {
		if (error instanceof Refusal) throw error;
		if (error instanceof Error && error.name === 'TimeoutError')
			throw refused(`${who} did not answer within ${timeLimitMs / 1000} s.`);
		const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
		throw refused(`${who} can’t be reached: ${cleanLine(cause, 200)}.`);
	}
}

function keysInJson(text: string): string[] {
	const list = parsed(text);
	if (!Array.isArray(list)) throw refused('GitHub sent something else than a list of keys.');
	return list.flatMap((each: unknown) =>
		typeof each === 'object' && each !== null && 'key' in each && typeof each.key === 'string' ? [each.key] : [],
	);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const refused = (text: string) => new Refusal('bad-input', text, { nextStep: 'Check the name, or paste the key itself.' });
