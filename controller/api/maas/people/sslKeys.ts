import { X509Certificate } from 'node:crypto';
import type { SslKey } from '../../../store/userKeys.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, notFound, unfit } from '../failures.ts';
import { required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';

export const sslKeysResource = resource({
	name: 'SSLKeysHandler',
	path: 'account/prefs/sslkeys/',
	doc: 'The certificates that Windows machines of the user who asks are given.',
	actions: {
		read: { doc: 'List the own certificates.', who: 'user' },
		create: {
			doc: 'Add a certificate.',
			who: 'user',
			parameters: { key: required(text('An X.509 certificate in PEM.', { max: 65536 })) },
		},
	},
});

export const sslKeyResource = resource({
	name: 'SSLKeyHandler',
	path: 'account/prefs/sslkeys/{id}/',
	doc: 'One certificate.',
	actions: {
		read: { doc: 'Show an own certificate.', who: 'user' },
		delete: { doc: 'Delete an own certificate.', who: 'user' },
	},
});

export const sslKeyObject = (key: SslKey) => ({
	id: key.id,
	key: key.key,
	resource_uri: uriOf(sslKeyResource.path, { id: key.id }),
});

export function sslKeyHandlers({ store }: Parts): Implemented[] {
	const own = (text: string, user: User) => {
		const key = store.users.sslKey(idIn(text, 'SSLKey'));
		if (!key) throw notFound('SSLKey');
		if (key.userId !== user.id) throw forbidden('This key is somebody else’s.');
		return key;
	};
	return [
		on(sslKeysResource, {
			read: (_, { user }) => store.users.sslKeys(user.id).map(sslKeyObject),
			create({ key }, { user }) {
				const pem = key.trim();
				checkCertificate(pem);
				const added = store.users.addSslKey(user.id, pem);
				store.events.append({ kind: 'security', text: 'An SSL key was added', by: user.username });
				return Reply.created(sslKeyObject(added));
			},
		}),
		on(sslKeyResource, {
			read: (_, { uri, user }) => sslKeyObject(own(uri.id, user)),
			delete(_, { uri, user }) {
				store.users.deleteSslKey(user.id, own(uri.id, user).id);
				return Reply.nothing();
			},
		}),
	];
}

function checkCertificate(pem: string): void {
	if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
		throw unfit('key', 'This holds a private key, which nobody but you should have: paste the certificate alone.');
	// node:crypto would take DER too, and PEM of other kinds
	if (!/^-----BEGIN CERTIFICATE-----\s/.test(pem))
		throw unfit('key', 'This is no certificate: it begins with -----BEGIN CERTIFICATE-----.');
	try {
		new X509Certificate(pem);
	} catch {
		throw unfit('key', 'This certificate can’t be read: was a part of it lost while copying?');
	}
}
