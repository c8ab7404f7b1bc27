import type { ApiToken } from '../../../store/userKeys.ts';
import type { Parts } from '../../parts.ts';
import { MaasRefusal } from '../failures.ts';
import { mandatory, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';

/** MAAS's name for a key that nobody has named. */
export const DEFAULT_CONSUMER = 'MAAS consumer';

const name = text('What the key is for.', { max: 255 });

export const accountResource = resource({
	name: 'AccountHandler',
	path: 'account/',
	doc: 'The API keys of the user who asks.',
	actions: {
		create_authorisation_token: { doc: 'Make an API key.', who: 'user', parameters: { name } },
		delete_authorisation_token: {
			doc: 'Revoke an API key.',
			who: 'user',
			parameters: { token_key: mandatory(text('The second part of the key.', { max: 255 })) },
		},
		update_token_name: {
			doc: 'Rename an API key.',
			who: 'user',
			parameters: {
				token: mandatory(text('The second part of the key, or the whole of it.', { max: 255 })),
				name: mandatory(name),
			},
		},
		list_authorisation_tokens: { doc: 'List the API keys.', who: 'user', get: true },
	},
});

export const tokenObject = (token: ApiToken) => ({
	token_key: token.tokenKey,
	token_secret: token.tokenSecret,
	consumer_key: token.consumerKey,
	name: token.name,
});

export function accountHandlers({ store }: Parts): Implemented[] {
	return [
		on(accountResource, {
			create_authorisation_token({ name: wanted }, { user }) {
				const token = store.users.createApiToken(user.id, wanted || DEFAULT_CONSUMER);
				store.events.append({ kind: 'security', text: `API key “${token.name}” was created`, by: user.username });
				return tokenObject(token);
			},
			delete_authorisation_token({ token_key: key }, { user }) {
				if (store.users.deleteApiToken(user.id, key))
					store.events.append({ kind: 'security', text: 'An API key was revoked', by: user.username });
				return Reply.nothing();
			},
			update_token_name({ token, name: wanted }, { user }) {
				const parts = token.split(':');
				const key = parts.length === 3 ? parts[1] : token;
				if (!key || !store.users.renameApiToken(user.id, key, wanted))
					throw new MaasRefusal(404, 'No Token matches the given query.');
				return Reply.text('Accepted', 202);
			},
			list_authorisation_tokens: (_, { user }) =>
				store.users.apiTokens(user.id).map(({ name, consumerKey, tokenKey, tokenSecret }) => ({
					name,
					token: `${consumerKey}:${tokenKey}:${tokenSecret}`,
				})),
		}),
	];
}
