import { parseSshKey } from '../../../domain/sshKey.ts';
import type { SshKey } from '../../../store/userKeys.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, notFound, unfit } from '../failures.ts';
import { mandatory, required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';

export const sshKeysResource = resource({
	name: 'SSHKeysHandler',
	path: 'account/prefs/sshkeys/',
	doc: 'The SSH keys that the machines of the user who asks are given.',
	actions: {
		read: { doc: 'List the own keys.', who: 'user' },
		create: {
			doc: 'Add a key.',
			who: 'user',
			parameters: {
				key: required(text('The public key, in one line.', { max: 65536 })),
				user: text('Administrators only: whose key this is.', { max: 1000 }),
			},
		},
		import: {
			doc: 'Add the keys that somebody has published.',
			who: 'user',
			parameters: { keysource: mandatory(text('lp:NAME for Launchpad, gh:NAME for GitHub.', { max: 1000 })) },
		},
	},
});

export const sshKeyResource = resource({
	name: 'SSHKeyHandler',
	path: 'account/prefs/sshkeys/{id}/',
	doc: 'One SSH key.',
	actions: {
		read: { doc: 'Show a key.', who: 'user' },
		delete: { doc: 'Delete an own key.', who: 'user' },
	},
});

export const sshKeyObject = (key: SshKey) => ({
	id: key.id,
	key: key.key,
	keysource: key.source ?? null,
	resource_uri: uriOf(sshKeyResource.path, { id: key.id }),
});

export function sshKeyHandlers({ store, importSshKeys }: Parts): Implemented[] {
	const find = (text: string) => {
		const key = store.users.sshKey(idIn(text, 'SSHKey'));
		if (!key) throw notFound('SSHKey');
		return key;
	};
	const whose = (by: User, name: string | undefined): User => {
		if (!name || name === by.username) return by;
		if (!by.isAdmin) throw forbidden('Only administrators may add keys for others.');
		const user = store.users.byName(name);
		if (!user) throw unfit('user', `There is no user ${name}.`);
		return user;
	};
	return [
		on(sshKeysResource, {
			read: (_, { user }) => store.users.sshKeys(user.id).map(sshKeyObject),
			create({ key, user: name }, { user: by }) {
				const user = whose(by, name);
				const parsed = parseSshKey(key);
				if ('problem' in parsed) throw unfit('key', `This is no SSH public key: ${parsed.problem}.`);
				const added = store.users.addSshKey(user.id, parsed);
				if (!added) throw unfit('key', 'This key has already been added for this user.');
				store.events.append({
					kind: 'security',
					text: `SSH key ${parsed.fingerprint} was added for ${user.username}`,
					by: by.username,
				});
				return Reply.created(sshKeyObject(added));
			},
			import: async ({ keysource }, { user }) => (await importSshKeys(user, keysource)).map(sshKeyObject),
		}),
		on(sshKeyResource, {
			read: (_, { uri }) => sshKeyObject(find(uri.id)),
			delete(_, { uri, user }) {
				const { id, userId } = find(uri.id);
				if (userId !== user.id) throw forbidden('This key is somebody else’s.');
				store.users.deleteSshKey(user.id, id);
				return Reply.nothing();
			},
		}),
	];
}
