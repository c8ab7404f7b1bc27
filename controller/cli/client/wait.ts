import { setTimeout as pause } from 'node:timers/promises';
import { cleanLine } from '../../domain/clean.ts';
import type { Profile } from './profiles.ts';
import { ask, good } from './request.ts';
import { Stop } from './stop.ts';

interface Step {
	readonly stage: string;
	readonly at: string;
	readonly text: string;
	readonly level: string;
	readonly nextStep?: string | null;
}

const PASSING = [
	'Commissioning',
	'Deploying',
	'Releasing',
	'Disk erasing',
	'Testing',
	'Entering rescue mode',
	'Exiting rescue mode',
];
const LOOK_MS = 1000;

/**
 * Waits until the machine rests again and shows its timeline meanwhile, a line per step. Throws Stop 5 when it ended in a failed status.
 * A server that has no timeline (MAAS itself) is asked for the status alone.
 */
export async function waitFor(profile: Profile, systemId: string): Promise<void> {
	let seen = await newestEvent(profile, systemId);
	let status = '';
	for (;;) {
		const machine = await read<{ status_name: string; status_message: string | null }>(profile, `/api/2.0/machines/${systemId}/`);
		const events = await newer(profile, systemId, seen);
		for (const event of events) say(event);
		seen = events.at(-1)?.id ?? seen;
		if (machine.status_name !== status) process.stdout.write(`${clock(new Date().toISOString())}  ${machine.status_name}\n`);
		status = machine.status_name;
		if (!PASSING.includes(status)) {
			if (/fail/i.test(status))
				throw new Stop(5, `${systemId} is ${status}. ${cleanLine(machine.status_message ?? '', 300)}`.trim());
			return;
		}
		await pause(LOOK_MS);
	}
}

type Event = Step & { readonly id: number; readonly cause?: string | null };

async function newestEvent(profile: Profile, systemId: string): Promise<number> {
	return Math.max(0, ...(await events(profile, systemId, 1)).map((event) => event.id));
}

async function newer(profile: Profile, systemId: string, than: number): Promise<Event[]> {
	return (await events(profile, systemId, 50)).filter((event) => event.id > than).toSorted((a, b) => a.id - b.id);
}

async function events(profile: Profile, systemId: string, limit: number): Promise<Event[]> {
	const url = `${profile.url}/app/machine.events?systemId=${encodeURIComponent(systemId)}&limit=${limit}`;
	const answer = await ask({ method: 'GET', url, key: profile.key });
	return answer.status === 200 && answer.type.includes('json') ? (JSON.parse(answer.body.toString('utf8')) as Event[]) : [];
}

async function read<Body>(profile: Profile, path: string): Promise<Body> {
	const answer = good(await ask({ method: 'GET', url: profile.url + path, key: profile.key }));
	return JSON.parse(answer.body.toString('utf8')) as Body;
}

function say(event: Event): void {
	const mark = event.level === 'error' ? '✗' : event.level === 'warning' ? '!' : '·';
	const why = [event.cause, event.nextStep].filter(Boolean).map((text) => `\n            ${cleanLine(String(text), 300)}`);
	process.stdout.write(
		`${clock(event.at)}  ${mark} ${event.stage ? `${event.stage}: ` : ''}${cleanLine(event.text, 200)}${why.join('')}\n`,
	);
}

const clock = (at: string) => new Date(at).toTimeString().slice(0, 8);
