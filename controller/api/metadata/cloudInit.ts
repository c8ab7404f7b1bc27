import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import type { Machine } from '../../domain/machine.ts';
import { parseOauthHeader } from '../../domain/oauth.ts';
import type { Parts } from '../parts.ts';

/** MAAS's metadata service for installed systems: paths, texts and status codes as cloud-init's DataSourceMAAS expects them (facts §6). */
export function registerCloudInit(app: FastifyInstance, { cloudInit, store }: Parts): void {
	/** 401 without a signature, 403 for keys of nobody; a `Date` header goes with every answer, for clocks that are wrong. */
	const machineOf = (request: FastifyRequest): Machine => {
		const keys = parseOauthHeader(request.headers.authorization ?? '');
		if (!keys) throw new Refusal('not-signed-in', 'Unauthorized');
		const id = store.metadataKeys.nodeOf(keys);
		const machine = id === undefined ? undefined : store.machines.byId(id);
		if (!machine) throw new Refusal('not-allowed', 'Not authenticated as a known node.');
		return machine;
	};
	const text = (reply: FastifyReply, body: string) => reply.type('text/plain; charset=utf-8').send(body);
	const lines = (...all: string[]) => all.join('\n');
	const versionOf = (request: FastifyRequest<{ Params: { version: string } }>) => {
		const { version } = request.params;
		if (version !== '2012-03-01' && version !== 'latest') throw new Refusal('not-found', `Unknown metadata version: ${version}`);
	};
	type Version = { Params: { version: string } };

	app.get('/MAAS/metadata/', async (request, reply) => {
		machineOf(request);
		return text(reply, lines('2012-03-01', 'latest'));
	});
	app.get<Version>('/MAAS/metadata/:version/', async (request, reply) => {
		versionOf(request);
		machineOf(request);
		return text(reply, lines('maas-commissioning-scripts', 'meta-data', 'user-data'));
	});
	app.get<Version>('/MAAS/metadata/:version/meta-data/', async (request, reply) => {
		versionOf(request);
		const items = cloudInit.metaData(machineOf(request));
		return text(reply, lines('instance-id', 'local-hostname', ...(items['public-keys'] ? ['public-keys'] : []), 'vendor-data'));
	});
	app.get<{ Params: { version: string; item: string } }>('/MAAS/metadata/:version/meta-data/:item', async (request, reply) => {
		versionOf(request);
		const items: Record<string, string | null> = { ...cloudInit.metaData(machineOf(request)) };
		if (request.params.item === 'vendor-data')
			return reply.type('application/x-yaml').send('cloud-init: |\n  #cloud-config\n  {}\n');
		const value = Object.hasOwn(items, request.params.item) ? items[request.params.item] : null;
		// cloud-init tolerates 404 alone for what is optional
		if (!value) throw new Refusal('not-found', `No ${request.params.item} here.`);
		return text(reply, value);
	});
	app.get<Version>('/MAAS/metadata/:version/user-data', async (request, reply) => {
		versionOf(request);
		const data = cloudInit.userData(machineOf(request));
		if (!data || data.length === 0) throw new Refusal('not-found', 'No user data available for this node.');
		return reply.type('application/octet-stream').send(Buffer.from(data));
	});
	// cloud-init's reporter says no content type, MAAS's own helpers send forms of both kinds: everything is taken as text
	app.register(async (posts) => {
		posts.removeAllContentTypeParsers();
		posts.addContentTypeParser<string>('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

		posts.post<Version>('/MAAS/metadata/:version/', async (request, reply) => {
			versionOf(request);
			const op = operationOf(request);
			const machine = machineOf(request);
			if (op === 'netboot_off') cloudInit.netbootOff(machine);
			else if (op !== 'signal' && op !== 'netboot_on')
				throw new Refusal('bad-input', `Unrecognised signature: method=POST op=${op}`, { field: 'op' });
			return text(reply, 'OK');
		});
		// The machine is the one whose keys these are; a stale token is dropped without a word, as MAAS does.
		posts.post('/MAAS/metadata/status/:systemId', { bodyLimit: 1 << 20 }, async (request, reply) => {
			if (!parseOauthHeader(request.headers.authorization ?? '')) throw new Refusal('not-signed-in', 'Unauthorized');
			const id = store.metadataKeys.nodeOf(parseOauthHeader(request.headers.authorization ?? '') ?? noKeys);
			const machine = id === undefined ? undefined : store.machines.byId(id);
			if (machine) cloudInit.status(machine, parseJson(request.body));
			return reply.code(204).send();
		});
	});
}

const noKeys = { consumerKey: '', tokenKey: '', tokenSecret: '' };

/** `undefined` for what is no JSON; `cloudInit.status` says what it wants instead. */
function parseJson(body: unknown): unknown {
	try {
		return JSON.parse(String(body));
	} catch {
		return undefined;
	}
}

/** From the query, a form, or a part of a multipart body. */
function operationOf(request: FastifyRequest): string {
	const inQuery = (request.query as { op?: unknown }).op;
	const body = typeof request.body === 'string' ? request.body : '';
	const inBody = /\bname="op"\r?\n\r?\n(\w+)/.exec(body)?.[1] ?? new URLSearchParams(body).get('op');
	return String(inQuery ?? inBody ?? '').slice(0, 60);
}
