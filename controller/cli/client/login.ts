import { text } from 'node:stream/consumers';
import type { Description } from '../../api/maas/describe.ts';
import { deleteProfile, profileNames, readProfile, writeProfile } from './profiles.ts';
import { ask, good } from './request.ts';
import { Stop } from './stop.ts';

/** `metaldesk login PROFILE URL KEY`; `-` as the key reads it from standard input, so that it stays out of the shell's history. */
export async function login([name, address, given]: readonly string[]): Promise<void> {
	if (!name || !address)
		throw new Stop(
			2,
			'usage: metaldesk login PROFILE URL KEY    (KEY: consumer:token:secret, or - to read it from standard input)',
		);
	const url = serverUrl(address);
	if (given === undefined && process.stdin.isTTY) process.stderr.write('API key (ends with Ctrl-D): ');
	const key = given === undefined || given === '-' ? (await text(process.stdin)).trim() : given;
	if (key.split(':').length !== 3 || key.split(':').some((part) => part === ''))
		throw new Stop(2, 'an API key has three parts: consumer:token:secret');
	const description = await describe(url);
	good(await ask({ method: 'GET', url: `${url}/api/2.0/users/?op=whoami`, key }));
	writeProfile({ name, url, key, description });
	process.stdout.write(`Signed in to ${url}. Try: metaldesk ${name} machines read\n`);
}

export function logout([name]: readonly string[]): void {
	if (!name) throw new Stop(2, 'usage: metaldesk logout PROFILE');
	deleteProfile(name);
}

/** The profiles; the key only when asked for. */
export function profiles(): void {
	for (const name of profileNames()) process.stdout.write(`${name} ${readProfile(name)?.url ?? ''}\n`);
}

export async function describe(url: string): Promise<Description> {
	const answer = good(await ask({ method: 'GET', url: `${url}/api/2.0/describe/`, key: null }));
	try {
		const value = JSON.parse(answer.body.toString('utf8')) as Description;
		if (Array.isArray(value.resources)) return value;
	} catch {
		// said below
	}
	throw new Stop(1, `${url} does not describe a MAAS API`);
}

/** `http://HOST:5240/MAAS/`, with or without the path to the API, as `maas login` takes it. */
function serverUrl(address: string): string {
	const complete = /^https?:\/\//.test(address) ? address : `http://${address}`;
	let url: URL;
	try {
		url = new URL(complete);
	} catch {
		throw new Stop(2, `“${address}” is no address of a server: http://HOST:5240/MAAS`);
	}
	const path = url.pathname.replace(/\/+$/, '').replace(/\/api\/2\.0$/, '');
	return `${url.origin}${path || '/MAAS'}`;
}
