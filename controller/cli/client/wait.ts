import { setTimeout as pause } from 'node:timers/promises';
import { cleanLine } from '../../domain/clean.ts';
import type { Profile } from './profiles.ts';
import { ask, good } from './request.ts';
import { Stop } from './stop.ts';

interface Event {
	readonly id: number;
	readonly at: string;
	readonly kind: string;
	readonly stage: string | null;
	readonly level: string;
	readonly text: string;
	readonly ms: number | null;
	readonly cause: string | null;
	readonly nextStep: string | null;
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
 * Waits until the machine rests again and says its timeline meanwhile, a line per step, from the event after `since`. Throws Stop 5
 * when it ended in a failed status. A server that has no timeline (MAAS itself) is asked for the status alone.
 */
export async function waitFor(profile: Profile, systemId: string, since: number, say: (line: string) => void): Promise<void> {
	let seen = since;
	let status = '';
	for (;;) {
		// the status first: whatever led to it is then among the events
		const machine = await read<{ status_name: string; status_message: string | null }>(profile, `/api/2.0/machines/${systemId}/`);
		const events = (await eventsOf(profile, systemId, 200)).filter((event) => event.id > seen).toSorted((a, b) => a.id - b.id);
		for (const event of events) say(lineOf(event));
		seen = events.at(-1)?.id ?? seen;
		if (machine.status_name !== status) say(`${clock(new Date().toISOString())}  ${machine.status_name}`);
		status = machine.status_name;
		if (!PASSING.includes(status)) {
			if (/fail/i.test(status))
				throw new Stop(5, `${systemId} is ${status}. ${cleanLine(machine.status_message ?? '', 300)}`.trim());
			return;
		}
		await pause(LOOK_MS);
	}
}

/** 0 where there is none, or no timeline at all. */
export async function newestEvent(profile: Profile, systemId: string): Promise<number> {
	return Math.max(0, ...(await eventsOf(profile, systemId, 1)).map((event) => event.id));
}

async function eventsOf(profile: Profile, systemId: string, limit: number): Promise<Event[]> {
	const url = `${profile.url}/app/machine.events?systemId=${encodeURIComponent(systemId)}&limit=${limit}`;
	const answer = await ask({ method: 'GET', url, key: profile.key });
	return answer.status === 200 && answer.type.includes('json') ? (JSON.parse(answer.body.toString('utf8')) as Event[]) : [];
}

async function read<Body>(profile: Profile, path: string): Promise<Body> {
	const answer = good(await ask({ method: 'GET', url: profile.url + path, key: profile.key }));
	return JSON.parse(answer.body.toString('utf8')) as Body;
}

/** `14:03:09  ✓ deploy:10-write-image 3.2 s`, and below it why and what to do where something went wrong. */
function lineOf(event: Event): string {
	const mark = event.level === 'error' ? '✗' : event.level === 'warning' ? '!' : event.kind === 'stage-start' ? '›' : '·';
	const text = cleanLine(event.text, 200);
	const what = event.stage && text !== '' && !event.stage.endsWith(text) ? `${event.stage}: ${text}` : (event.stage ?? text);
	const took = event.ms === null || event.ms < 100 ? '' : `, ${(event.ms / 1000).toFixed(1)} s`;
	const why = [event.cause, event.nextStep].filter(Boolean).map((each) => `\n            ${cleanLine(String(each), 300)}`);
	return `${clock(event.at)}  ${mark} ${what}${took}${why.join('')}`;
}

const clock = (at: string) => new Date(at).toTimeString().slice(0, 8);
