import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import type { Machine } from '../../domain/machine.ts';
import { parseOauthHeader } from '../../domain/oauth.ts';
import type { Store } from '../../store/store.ts';

export type Version = { Params: { version: string } };

/** The machine whose keys sign a request. */
export function signerOf(store: Store, request: FastifyRequest): Machine | 'unsigned' | 'unknown' {
	const keys = parseOauthHeader(request.headers.authorization ?? '');
	if (!keys) return 'unsigned';
	const id = store.metadataKeys.nodeOf(keys);
	return (id === undefined ? undefined : store.machines.byId(id)) ?? 'unknown';
}

/** The same; throws Refusal: 401 without a signature, 403 for keys of nobody, both in MAAS's words. */
export function machineThatSigns(store: Store, request: FastifyRequest): Machine {
	const signer = signerOf(store, request);
	if (signer === 'unsigned') throw new Refusal('not-signed-in', 'Unauthorized');
	if (signer === 'unknown') throw new Refusal('not-allowed', 'Not authenticated as a known node.');
	return signer;
}

/** cloud-init asks for 2012-03-01; `latest` is the same. Throws Refusal `not-found` for any other. */
export function checkVersion(request: FastifyRequest<Version>): void {
	const { version } = request.params;
	if (version !== '2012-03-01' && version !== 'latest')
		throw new Refusal('not-found', `Unknown metadata version: ${version.slice(0, 50)}`);
}

export const sendText = (reply: FastifyReply, body: string) => reply.type('text/plain; charset=utf-8').send(body);
export const sendLines = (reply: FastifyReply, ...all: string[]) => sendText(reply, all.join('\n'));

/** The metadata service as the machine has reached it: `http://host:port/MAAS/metadata/`. */
export const baseOf = (request: FastifyRequest): string => `${request.protocol}://${request.host}/MAAS/metadata/`;

/** cloud-init's reporter names no content type, MAAS's helpers send forms of both kinds: up to `bodyLimit` bytes of anything are taken. */
export function withBytes(app: FastifyInstance, bodyLimit: number, routes: (scope: FastifyInstance) => void): void {
	app.register(async (scope) => {
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
		routes(scope);
	});
}
