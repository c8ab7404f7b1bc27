import { isLoopback } from '../../domain/address.ts';
import { Refusal } from '../../domain/errors.ts';
import { parseSshKey } from '../../domain/sshKey.ts';
import type { User } from '../../store/users.ts';
import type { Auth } from '../auth.ts';
import type { Parts } from '../parts.ts';
import type { SessionView } from '../views.ts';
import type { Handlers, NamesOf } from './handlers.ts';

/** Sign-in, the first administrator, API keys, SSH keys. */
export function peopleHandlers(
	{ store, version, now }: Parts,
	auth: Auth,
): Handlers<NamesOf<'session' | 'setup' | 'apiKeys' | 'sshKeys'>> {
	const session = (user: User | undefined): SessionView => ({
		user: user ? { username: user.username, isAdmin: user.isAdmin } : null,
		firstRun: !store.users.any(),
		version,
	});
	return {
		'session.get': (_, { request }) => session(auth.who(request)),
		'session.login': async ({ username, password }, { request, reply }) => {
			const user = await auth.login(username, password, request.ip);
			auth.signIn(reply, user);
			return session(user);
		},
		'session.logout': (_, { request, reply }) => {
			auth.signOut(request, reply);
			return null;
		},
		'setup.createAdmin': async ({ username, password }, { request, reply }) => {
			// whoever comes first owns the rack: from another computer that could be anybody
			if (!isLoopback(request.ip))
				throw new Refusal('not-allowed', 'The first administrator is made on the controller’s own computer.', {
					nextStep: 'Run `metaldesk admin create` there.',
				});
			if (store.users.any()) throw new Refusal('conflict', 'There is an administrator already.', { nextStep: 'Sign in.' });
			const user = await store.users.create({ username, password, isAdmin: true, at: now().toISOString(), onlyFirst: true });
			if (!user)
				throw new Refusal('conflict', 'Somebody else was faster: there is an administrator now.', { nextStep: 'Sign in.' });
			store.events.append({ kind: 'security', text: `${username} became the first administrator`, by: username });
			auth.signIn(reply, user);
			return session(user);
		},
		'apiKeys.create': ({ name }, { user }) => {
			const key = store.users.createApiKey(user.id, name);
			store.events.append({ kind: 'security', text: `API key “${name}” was created`, by: user.username });
			return { key };
		},
		'sshKeys.list': (_, { user }) => store.users.sshKeys(user.id),
		'sshKeys.add': ({ key }, { user }) => {
			const parsed = parseSshKey(key);
			if ('problem' in parsed) throw new Refusal('bad-input', parsed.problem, { field: 'key' });
			const added = store.users.addSshKey(user.id, parsed);
			if (!added) throw new Refusal('conflict', `You have this key already (${parsed.fingerprint}).`, { field: 'key' });
			store.events.append({ kind: 'security', text: `SSH key ${parsed.fingerprint} was added`, by: user.username });
			return added;
		},
		'sshKeys.delete': ({ id }, { user }) => {
			if (!store.users.deleteSshKey(user.id, id)) throw new Refusal('not-found', 'You have no such key.');
			return null;
		},
	};
}
