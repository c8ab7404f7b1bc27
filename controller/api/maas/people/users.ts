import { Refusal } from '../../../domain/errors.ts';
import { parseSshKey } from '../../../domain/sshKey.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { MaasRefusal, notFound, unfit } from '../failures.ts';
import { mandatory, type Parameter, text, Unfit } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';

/** MAAS takes 0 and 1 here and, unlike everywhere else, no other word for them. */
const zeroOrOne = (doc: string): Parameter<boolean | undefined> => ({
	kind: 'boolean',
	doc,
	required: false,
	choices: ['0', '1'],
	read(sent) {
		const word = sent.at(-1) ?? '';
		if (word !== '0' && word !== '1') throw new Unfit('Enter 0 or 1.');
		return word === '1';
	},
});

export const usersResource = resource({
	name: 'UsersHandler',
	path: 'users/',
	doc: 'The people who use this controller.',
	actions: {
		read: { doc: 'List all users, by name.', who: 'user' },
		whoami: { doc: 'Show the user who asks.', who: 'user', get: true },
		create: {
			doc: 'Add a user.',
			who: 'admin',
			parameters: {
				username: mandatory(text('The name: up to 150 letters, digits, and @ . + - _', { max: 1000 })),
				email: mandatory(text('The e-mail address.', { max: 1000 })),
				password: mandatory(text('The password.', { max: 4096 })),
				is_superuser: mandatory(zeroOrOne('1 for an administrator, 0 for a user.')),
				key: text('An SSH public key, for the machines that the user deploys.', { max: 65536 }),
			},
		},
	},
});

export const userResource = resource({
	name: 'UserHandler',
	path: 'users/{username}/',
	doc: 'One user.',
	actions: {
		read: { doc: 'Show a user.', who: 'user' },
		delete: {
			doc: 'Delete a user who has nothing any more.',
			who: 'admin',
			parameters: { transfer_resources_to: text('Who gets the machines, addresses and ranges of this user.', { max: 1000 }) },
		},
	},
});

/** Also the owner of ranges and addresses, and who a notification is for. */
export const userObject = (user: User) => ({
	username: user.username,
	email: user.email,
	is_superuser: user.isAdmin,
	is_local: true,
	resource_uri: uriOf(userResource.path, { username: user.username }),
});

export function userHandlers({ store, now }: Parts): Implemented[] {
	const find = (username: string) => {
		const user = store.users.byName(username);
		if (!user) throw notFound('User');
		return user;
	};
	const giveAway = (user: User, newOwner: string) => {
		const heir = find(newOwner);
		for (const id of store.users.giveTo(user.id, heir.id)) store.machines.touched(id);
	};
	return [
		on(usersResource, {
			read: () => store.users.all().map(userObject),
			whoami: (_, { user }) => userObject(user),
			async create({ username, email, password, is_superuser: isAdmin, key }, { user: by }) {
				if (!/^[\w.@+-]{1,150}$/.test(username)) throw unfit('username', 'Up to 150 letters, digits, and @ . + - _');
				if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) throw unfit('email', 'Enter a valid email address.');
				const sshKey = key ? parseSshKey(key) : null;
				if (sshKey && 'problem' in sshKey) throw unfit('key', `This is no SSH public key: ${sshKey.problem}.`);
				const user = await store.users.create({ username, email, password, isAdmin, at: now().toISOString() });
				if (!user) throw unfit('username', 'A user with that username already exists.');
				if (sshKey) store.users.addSshKey(user.id, sshKey);
				store.events.append({
					kind: 'security',
					text: `${username} was added as ${isAdmin ? 'an administrator' : 'a user'}`,
					by: by.username,
				});
				return userObject(user);
			},
		}),
		on(userResource, {
			read: (_, { uri }) => userObject(find(uri.username)),
			delete({ transfer_resources_to: newOwner }, { uri, user: by }) {
				const user = find(uri.username);
				if (user.id === by.id) throw new MaasRefusal(400, 'An administrator can’t delete the own account.');
				store.transaction(() => {
					if (newOwner) giveAway(user, newOwner);
					refuseWhileOwning(user, store.users.belongings(user.id));
					store.users.delete(user.id);
					store.events.append({ kind: 'security', text: `${user.username} was deleted`, by: by.username });
				});
				return Reply.nothing();
			},
		}),
	];
}

function refuseWhileOwning({ username }: User, { nodes, addresses, ranges }: Record<'nodes' | 'addresses' | 'ranges', number>) {
	const owned = [
		[nodes, 'node'],
		[addresses, 'static IP address'],
		[ranges, 'IP range'],
	] as const;
	const left = owned.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}(s)`);
	if (left.length > 0)
		throw new Refusal('bad-input', `${username} can’t be deleted: ${left.join(', ')} still belong to this user.`, {
			nextStep: 'Name somebody who gets them with transfer_resources_to.',
		});
}
