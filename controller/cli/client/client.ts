import { setTimeout as pause } from 'node:timers/promises';
import { call } from './call.ts';
import { candidates, scripts } from './complete.ts';
import { describe, login, logout, profiles } from './login.ts';
import { findVerb, type Noun, nounsOf, verbOf } from './names.ts';
import { type Profile, readProfile, writeProfile } from './profiles.ts';
import { type Answer, ask, good } from './request.ts';
import { Stop } from './stop.ts';
import { forPeople } from './table.ts';
import { uploadImage } from './upload.ts';
import { newestEvent, waitFor } from './wait.ts';
import { help, readWords, type Words } from './words.ts';

/** `metaldesk login …`, `metaldesk PROFILE NOUN VERB key=value …`: a client of any MAAS API, generated from what the server describes. */
export async function client(args: readonly string[]): Promise<void> {
	const [first = '', ...rest] = args;
	switch (first) {
		case 'login':
			return login(rest);
		case 'logout':
			return logout(rest);
		case 'list':
			return profiles();
		case 'refresh':
			return refresh(rest[0]);
		case 'completion':
			process.stdout.write(scripts[rest[0] ?? ''] ?? usageError('usage: metaldesk completion bash|zsh'));
			return;
		case 'complete':
			process.stdout.write(
				candidates(rest.slice(1), rest[0] ?? '')
					.map((each) => `${each}\n`)
					.join(''),
			);
			return;
	}
	const profile = readProfile(first);
	if (!profile)
		throw new Stop(
			2,
			`there is no command and no profile “${first}”: metaldesk --help, or metaldesk login ${first || 'PROFILE'} URL KEY`,
		);
	return act(profile, rest);
}

async function act(profile: Profile, [nounName, verbName, ...rest]: readonly string[]): Promise<void> {
	const nouns = nounsOf(profile.description);
	const noun = nouns.find((each) => each.name === nounName);
	if (!noun)
		usageError(`usage: metaldesk ${profile.name} NOUN VERB [key=value…]\nnouns: ${nouns.map((each) => each.name).join(', ')}`);
	const explain = noun.name === 'machines' && verbName === 'explain';
	const action = explain ? EXPLAIN : findVerb(noun.handler, verbName ?? '');
	const command = `metaldesk ${profile.name} ${noun.name}`;
	if (!action) usageError(`usage: ${command} VERB [key=value…]\nverbs: ${verbsOf(noun).join(', ')}`);
	const words = readWords(rest, noun.handler, action, `${command} ${verbOf(action.name)}`);
	if (words.help) {
		process.stdout.write(`${help(noun.handler, action, `${command} ${verbOf(action.name)}`)}\n`);
		return;
	}
	const once = async () => {
		if (explain) return explained(profile, words);
		const content = words.files.find(([name]) => name === 'content');
		const answer =
			noun.name === 'boot-resources' && action.name === 'create' && content
				? await uploadImage(profile, words.form, content[1])
				: good(await call(profile, noun.handler, action, words));
		await noteNewApi(profile, answer);
		return answer;
	};
	if (words.watch) return watch(once, words);
	const systemId = noun.handler.params[0] === 'system_id' ? words.uri[0] : undefined;
	if (!words.wait || systemId === undefined) return show(await once(), words);
	const since = await newestEvent(profile, systemId);
	const answer = await once();
	await waitFor(profile, systemId, since, words.json ? () => undefined : (line) => process.stdout.write(`${line}\n`));
	// for a program: the object as it was answered, once all is done
	if (words.json) show(answer, words);
}

const EXPLAIN = {
	name: 'explain',
	doc: 'For each constraint of an allocation: how many machines it leaves, and which nearly fit.',
	method: 'GET',
	op: null,
	restful: false,
	parameters: [],
} as const;

async function explained(profile: Profile, words: Words): Promise<Answer> {
	const url = new URL(`${profile.url}/app/machines.explain`);
	for (const [name, value] of words.form) url.searchParams.append(name, value);
	return good(await ask({ method: 'GET', url: url.href, key: profile.key }));
}

const verbsOf = (noun: Noun) => [
	...noun.handler.actions.map((each) => verbOf(each.name)),
	...(noun.name === 'machines' ? ['explain'] : []),
];

function show(answer: Answer, words: Words): void {
	const text = answer.body.toString('utf8');
	if (!answer.type.includes('json')) {
		process.stdout.write(
			answer.type.startsWith('text/') ? `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}` : answer.body,
		);
		return;
	}
	const value: unknown = JSON.parse(text);
	if (!words.json && isSaid(value)) {
		process.stdout.write(value.text.map((line) => `${line}\n`).join(''));
		return;
	}
	process.stdout.write(
		words.json ? `${JSON.stringify(value, null, 4)}\n` : `${forPeople(value, process.stdout.columns ?? 120)}\n`,
	);
}

/** An answer that comes with its own sentences: an explanation. */
const isSaid = (value: unknown): value is { text: string[] } =>
	typeof value === 'object' && value !== null && 'text' in value && Array.isArray(value.text);

/** Shows the answer again whenever it has changed, until it is interrupted. */
async function watch(once: () => Promise<Answer>, words: Words): Promise<never> {
	let last = '';
	for (;;) {
		const answer = await once();
		const text = answer.body.toString('utf8');
		if (text !== last) {
			if (process.stdout.isTTY) process.stdout.write('\u001b[H\u001b[2J');
			show(answer, words);
		}
		last = text;
		await pause(2000);
	}
}

/** The server says with each answer which API it has: a newer one is described anew, for the next command. */
async function noteNewApi(profile: Profile, answer: Answer): Promise<void> {
	const hash = answer.headers['x-maas-api-hash'];
	if (hash === undefined || hash === profile.description.hash) return;
	writeProfile({ ...profile, description: await describe(profile.url) });
}

async function refresh(name: string | undefined): Promise<void> {
	const profile = readProfile(name ?? '');
	if (!profile) return usageError('usage: metaldesk refresh PROFILE');
	writeProfile({ ...profile, description: await describe(profile.url) });
}

function usageError(text: string): never {
	throw new Stop(2, text);
}
