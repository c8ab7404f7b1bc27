import { mkdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { defaultData } from '../config.ts';
import { dataPaths } from '../store/dataDirectory.ts';
import { openStore, type Store } from '../store/store.ts';

/** Both work beside a controller that serves the same folder: the database takes writers one after the other. */
async function withStore<Result>(data: string | undefined, work: (store: Store) => Promise<Result>): Promise<Result> {
	const folder = data ?? defaultData(process.env);
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const store = openStore(dataPaths(folder));
	try {
		return await work(store);
	} finally {
		store.close();
	}
}

/** `metaldesk admin create --username U --password-stdin` */
export async function adminCreate(options: { data?: string; username: string }): Promise<void> {
	if (!/^[\w.@+-]{1,150}$/.test(options.username)) throw new Error('--username: up to 150 letters, digits, and @ . + - _');
	if (process.stdin.isTTY) process.stderr.write('Password (ends with Ctrl-D): ');
	const password = (await text(process.stdin)).replace(/\r?\n$/, '');
	if (password.length < 8) throw new Error('the password has at least 8 characters');
	await withStore(options.data, async (store) => {
		const user = await store.users.create({ username: options.username, password, isAdmin: true, at: new Date().toISOString() });
		if (!user) throw new Error(`there is a user ${options.username} already`);
		store.events.append({ kind: 'security', text: `${user.username} was made administrator on the command line` });
		process.stdout.write(`${user.username} is an administrator.\n`);
	});
}

/** `metaldesk apikey --username U`: the key alone on the last line. */
export async function apiKey(options: { data?: string; username: string }): Promise<void> {
	await withStore(options.data, async (store) => {
		const user = store.users.byName(options.username);
		if (!user) throw new Error(`there is no user ${options.username}`);
		const key = store.users.createApiKey(user.id, 'command line');
		store.events.append({ kind: 'security', text: `An API key of ${user.username} was created on the command line` });
		process.stdout.write(`${key}\n`);
	});
}

/** `metaldesk admin disable|enable --username U`: a user who is switched off keeps what is theirs, and is refused everywhere. */
export const adminSetActive =
	(active: boolean) =>
	async (options: { data?: string; username: string }): Promise<void> => {
		await withStore(options.data, async (store) => {
			const user = store.users.byName(options.username);
			if (!user) throw new Error(`there is no user ${options.username}`);
			store.users.setActive(user.id, active);
			const what = active ? 'may sign in again' : 'may not sign in any more';
			store.events.append({ kind: 'security', text: `${user.username} ${what} (said on the command line)` });
			process.stdout.write(`${user.username} ${what}.\n`);
		});
	};
