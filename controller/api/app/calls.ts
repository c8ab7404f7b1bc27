import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import type { Auth } from '../auth.ts';
import { type CallName, contract, openCalls } from '../contract.ts';
import type { Parts } from '../parts.ts';
import type { Caller, Handlers } from './handlers.ts';
import { imageViews, libraryHandlers } from './library.ts';
import { machineHandlers } from './machines.ts';
import { peopleHandlers } from './people.ts';
import { rackHandlers } from './rack.ts';

/** Every call of the contract as a route; one that has no handler does not compile. */
export function registerCalls(app: FastifyInstance, parts: Parts, auth: Auth): void {
	const handlers: Handlers<CallName> = {
		...peopleHandlers(parts, auth),
		...machineHandlers(parts),
		...rackHandlers(parts),
		...libraryHandlers(parts),
	};

	const caller = (request: FastifyRequest, reply: FastifyReply, open: boolean): Caller => {
		const user = auth.who(request);
		if (!user && !open) throw new Refusal('not-signed-in', 'Sign in first.');
		return { user: user as Caller['user'], request, reply };
	};
	/** Other sites can make a browser send a form, but not this header. */
	const notFromElsewhere = (request: FastifyRequest) => {
		if (request.headers['x-metaldesk'] !== '1')
			throw new Refusal('not-allowed', 'Commands carry the header “X-Metaldesk: 1”, which a page of another site can’t send.');
	};

	for (const name of Object.keys(contract) as CallName[]) {
		const { kind, input } = contract[name];
		const handle = handlers[name] as (input: unknown, caller: Caller) => unknown;
		const open = openCalls.includes(name);
		app.route({
			method: kind === 'query' ? 'GET' : 'POST',
			url: `/MAAS/app/${name}`,
			handler: async (request, reply) => {
				if (kind === 'command') notFromElsewhere(request);
				const who = caller(request, reply, open);
				const result = await handle(input.parse((kind === 'query' ? request.query : request.body) ?? {}), who);
				return reply.header('cache-control', 'no-store').type('application/json').send(JSON.stringify(result));
			},
		});
	}

	// the one call with a file: its body is the image, streamed
	app.register(async (uploads) => {
		uploads.removeAllContentTypeParsers();
		uploads.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
		uploads.put<{ Querystring: { name?: string; filename?: string; sha256?: string } }>(
			'/MAAS/app/images.upload',
			{ bodyLimit: Number.MAX_SAFE_INTEGER },
			async (request, reply) => {
				notFromElsewhere(request);
				const { user } = caller(request, reply, false);
				if (!user.isAdmin) throw new Refusal('not-allowed', 'Only administrators may add images.');
				const abort = new AbortController();
				request.raw.on('aborted', () => abort.abort(new Refusal('bad-input', 'The upload was broken off.')));
				const length = Number(request.headers['content-length']);
				const { name = '', filename, sha256 } = request.query;
				const image = await parts.store.images.import({
					name,
					filename,
					sha256: sha256 || undefined,
					bytes: request.raw,
					length: Number.isSafeInteger(length) ? length : null,
					signal: abort.signal,
				});
				parts.store.events.append({ kind: 'user', text: `Image ${image.name} was added`, by: user.username });
				parts.imagesChanged();
				return reply.send(imageViews(parts).find((view) => view.id === image.id));
			},
		);
	});
}
