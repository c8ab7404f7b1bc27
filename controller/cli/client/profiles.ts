import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Description } from '../../api/maas/describe.ts';
import { Stop } from './stop.ts';

/** A server that one has signed in to: where it is, with which key, and what its API offers (so that commands need no extra question). */
export interface Profile {
	readonly name: string;
	/** ends in `/MAAS` */
	readonly url: string;
	/** `consumer:token:secret` */
	readonly key: string;
	readonly description: Description;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** One file per profile, readable by its owner alone. */
export function profileFolder(environment: NodeJS.ProcessEnv = process.env): string {
	if (process.platform === 'win32')
		return path.join(environment.APPDATA ?? path.join(homedir(), 'AppData', 'Roaming'), 'metaldesk', 'profiles');
	return path.join(environment.XDG_CONFIG_HOME || path.join(homedir(), '.config'), 'metaldesk', 'profiles');
}

export function profileNames(): string[] {
	try {
		return readdirSync(profileFolder())
			.filter((file) => file.endsWith('.json'))
			.map((file) => file.slice(0, -5))
			.toSorted();
	} catch {
		return [];
	}
}

/** `undefined` when there is no such profile. */
export function readProfile(name: string): Profile | undefined {
	if (!NAME.test(name)) return undefined;
	let text: string;
	try {
		text = readFileSync(fileOf(name), 'utf8');
	} catch {
		return undefined;
	}
	try {
		return JSON.parse(text) as Profile;
	} catch {
		throw new Stop(1, `the profile ${name} is damaged: type metaldesk login ${name} URL KEY again`);
	}
}

export function writeProfile(profile: Profile): void {
	if (!NAME.test(profile.name)) throw new Stop(2, `“${profile.name}” is no profile name: up to 64 letters, digits, and . _ -`);
	mkdirSync(profileFolder(), { recursive: true, mode: 0o700 });
	const unfinished = `${fileOf(profile.name)}.${process.pid}`;
	writeFileSync(unfinished, JSON.stringify(profile), { mode: 0o600 });
	chmodSync(unfinished, 0o600);
	renameSync(unfinished, fileOf(profile.name));
}

export function deleteProfile(name: string): void {
	if (!readProfile(name)) throw new Stop(2, `there is no profile ${name}`);
	rmSync(fileOf(name));
}

const fileOf = (name: string) => path.join(profileFolder(), `${name}.json`);
