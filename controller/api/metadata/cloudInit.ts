import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import type { MetaDataItem } from '../../flows/cloudInit.ts';
import type { Parts } from '../parts.ts';
import { checkVersion, machineThatSigns, sendLines, sendText, signerOf, type Version, withBytes } from './nodeKeys.ts';

/**
 * MAAS's metadata service as cloud-init's DataSourceMAAS asks it, signing with its machine's keys (facts §6): paths, texts and status
 * codes are MAAS's. A `Date` header goes with every answer, for clocks that are wrong. Below `curtin/` stands what MAAS's installer
 * asks while Deploying: it ends no deployment.
 */
export function registerCloudInit(app: FastifyInstance, { cloudInit, store }: Parts): void {
	const itemsOf = (request: FastifyRequest<Version>) => {
		checkVersion(request);
		return cloudInit.metaData(machineThatSigns(store, request));
	};
	const get = <Params>(path: string, handler: (request: FastifyRequest<{ Params: Params }>, reply: FastifyReply) => unknown) =>
		app.get<{ Params: Params }>(`/MAAS/metadata/${path}`, async (request, reply) => handler(request, reply));
	type Item = { version: string; item: string };

	get('', (request, reply) => {
		machineThatSigns(store, request);
		return sendLines(reply, '2012-03-01', 'latest');
	});
	for (const base of ['', 'curtin/']) {
		get<Version['Params']>(`${base}:version/`, (request, reply) => {
			checkVersion(request);
			machineThatSigns(store, request);
			return sendLines(reply, 'maas-commissioning-scripts', 'meta-data', 'user-data');
		});
		get<Version['Params']>(`${base}:version/meta-data/`, (request, reply) => {
			const items = itemsOf(request);
			return sendLines(reply, ...order.filter((name) => items[name] !== null));
		});
		get<Item>(`${base}:version/meta-data/:item`, (request, reply) => {
			const items = itemsOf(request);
			const name = order.find((each) => each === request.params.item);
			const value = name ? items[name] : null;
			// cloud-init tolerates 404 alone for what is optional
			if (value === null) throw new Refusal('not-found', `No such metadata item: ${request.params.item.slice(0, 50)}`);
			return name === 'vendor-data' ? reply.type('application/x-yaml').send(value) : sendText(reply, value);
		});
		// our own agent runs the scripts: a system of MAAS's in memory has nothing to do, and says so in its own way
		for (const scripts of ['maas-scripts', 'maas-commissioning-scripts'])
			get<Version['Params']>(`${base}:version/${scripts}`, (request, reply) => {
				itemsOf(request);
				return reply.code(204).send();
			});
	}
	get<Version['Params']>(':version/user-data', (request, reply) => {
		checkVersion(request);
		const data = cloudInit.userData(machineThatSigns(store, request));
		if (!data || data.length === 0) throw new Refusal('not-found', 'No user data available for this node.');
		return reply.type('application/octet-stream').send(Buffer.from(data));
	});
	for (const own of ['user-data', 'curtin-installer'])
		get<Version['Params']>(`curtin/:version/${own}`, (request) => {
			itemsOf(request);
			throw new Refusal('not-found', `No ${own} here: this controller installs with its own agent.`);
		});

	withBytes(app, REPORT_LIMIT, (posts) => {
		// The machine is the one whose keys these are; a stale token is dropped without a word, as MAAS does.
		posts.post('/MAAS/metadata/status/:systemId', async (request, reply) => {
			if (signerOf(store, request) !== 'unknown') cloudInit.status(machineThatSigns(store, request), parseJson(request.body));
			return reply.code(204).send();
		});
	});
}

/** A report may carry the installer's log. */
const REPORT_LIMIT = 8 << 20;

/** As MAAS lists them. */
const order: readonly MetaDataItem[] = ['instance-id', 'local-hostname', 'public-keys', 'vendor-data', 'x509'];

/** `undefined` for what is no JSON; `cloudInit.status` says what it wants instead. */
function parseJson(body: unknown): unknown {
	try {
		return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '');
	} catch {
		return undefined;
	}
}
