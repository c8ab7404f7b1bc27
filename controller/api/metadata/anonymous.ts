import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback, type Mac } from '../../domain/address.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Machine } from '../../domain/machine.ts';
import { enlistPreseed, preseedOf } from '../../flows/preseed.ts';
import { readSent } from '../maas/sent.ts';
import type { Parts } from '../parts.ts';
import { baseOf, checkVersion, sendLines, sendText, type Version, withBytes } from './nodeKeys.ts';
import { unknownOperation } from './signal.ts';

type ById = { Params: { version: string; systemId: string }; Querystring: { op?: string | string[] } };
type Enlisting = { Params: { version: string; item: string }; Querystring: { op?: string | string[] } };

/**
 * What MAAS answers to machines that can't sign yet (facts §6.1): the preseed by which a system in memory learns its keys, and the
 * word that a disk holds a system. That is as much trust as there is on a network from which machines boot: a machine that has an
 * address of ours is asked for from there, or on this computer itself.
 */
export function registerAnonymous(app: FastifyInstance, { store, cloudInit, now }: Parts): void {
	const find = (request: FastifyRequest<ById>): Machine => {
		checkVersion(request);
		const machine = store.machines.bySystemId(request.params.systemId);
		if (!machine) throw new Refusal('not-found', 'No Node matches the given query.');
		if (!mayAskFor(addressesOf(machine), request.ip))
			throw new Refusal('not-allowed', `${machine.hostname} has another address than this.`);
		return machine;
	};
	const addressesOf = ({ id }: Machine): string[] => {
		const macs = store.network.interfaces.ofNodes([id]).flatMap(({ mac }) => (mac ? [mac as Mac] : []));
		return [...store.leases.addresses(now().toISOString(), macs).values()].flat();
	};
	const wants = (request: FastifyRequest<ById | Enlisting>, op: string) => {
		if (request.query.op !== op)
			throw new Refusal('bad-input', `Unrecognised signature: method=GET op=${String(request.query.op).slice(0, 60)}`);
	};

	app.get<ById>('/MAAS/metadata/:version/by-id/:systemId/', async (request, reply) => {
		const machine = find(request);
		wants(request, 'get_preseed');
		const preseed = preseedOf(store, machine, baseOf(request));
		if (preseed === null) throw new Refusal('not-found', `${machine.hostname} starts from its disk: there is no preseed.`);
		return reply.type('text/x-yaml; charset=utf-8').send(preseed);
	});
	withBytes(app, 64 * 1024, (posts) => {
		posts.post<ById>('/MAAS/metadata/:version/by-id/:systemId/', async (request, reply) => {
			const machine = find(request);
			const sent = await readSent(request as FastifyRequest, undefined, false);
			if (sent.op !== 'netboot_off' && sent.op !== 'netboot_on') throw unknownOperation(sent);
			// in any other status it is about a deployment that is over, or not begun
			if (machine.status === 'deploying') cloudInit.setNetboot(machine, sent.op === 'netboot_on');
			return sendText(reply, 'OK');
		});
	});
	app.get<Enlisting>('/MAAS/metadata/:version/enlist-preseed/', async (request, reply) => {
		checkVersion(request);
		wants(request, 'get_enlist_preseed');
		return reply.type('text/x-yaml; charset=utf-8').send(enlistPreseed(store, baseOf(request)));
	});
	app.all('/MAAS/metadata/:version/by-mac/*', async () => {
		throw new Refusal('not-allowed', 'Unauthenticated metadata access is not allowed on this MAAS.');
	});

	// ---- a machine that nobody knows, in MAAS's own image
	app.get<Version>('/MAAS/metadata/enlist/:version/', async (request, reply) => {
		checkVersion(request);
		return sendLines(reply, 'meta-data', 'user-data');
	});
	app.get<Version>('/MAAS/metadata/enlist/:version/meta-data/', async (request, reply) => {
		checkVersion(request);
		return sendLines(reply, ...enlistItems.keys());
	});
	app.get<Enlisting>('/MAAS/metadata/enlist/:version/meta-data/:item', async (request, reply) => {
		checkVersion(request);
		const value = enlistItems.get(request.params.item);
		if (value === undefined) throw new Refusal('not-found', `No such metadata item: ${request.params.item.slice(0, 50)}`);
		return sendText(reply, value);
	});
	app.get<Version>('/MAAS/metadata/enlist/:version/user-data', async (request) => {
		checkVersion(request);
		throw new Refusal('not-found', 'No user data here: machines introduce themselves by this controller’s own agent.');
	});
}

/** `own`: the addresses that the machine has of us; none where another DHCP server gives them. */
export const mayAskFor = (own: readonly string[], caller: string): boolean =>
	own.length === 0 || own.includes(caller.replace(/^::ffff:/, '')) || isLoopback(caller);

const enlistItems = new Map([
	['instance-id', 'i-maas-enlistment'],
	['local-hostname', 'maas-enlisting-node'],
]);
