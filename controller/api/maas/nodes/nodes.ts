import { parseMac } from '../../../domain/address.ts';
import { cleanLine } from '../../../domain/clean.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, MaasRefusal, unfit } from '../failures.ts';
import { hardwareDetails } from '../machines/hardwareDetails.ts';
import { machineObjects } from '../machines/machineObject.ts';
import { list, mandatory, required, text } from '../parameters.ts';
import { zoneNamed } from '../places/named.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { checkEdit, findNode } from '../rights.ts';
import { controllerObjects } from './controllerObject.ts';
import { deviceObjects } from './deviceObject.ts';
import { FILTERS, matchingNodes } from './filters.ts';

export const nodesResource = resource({
	name: 'NodesHandler',
	anonymous: 'AnonNodesHandler',
	path: 'nodes/',
	doc: 'Machines, devices and controllers together.',
	actions: {
		read: { doc: 'List nodes of all kinds, each as its own kind is shown.', who: 'user', rest: FILTERS },
		is_registered: {
			doc: 'Does any node have this MAC address?',
			who: 'anyone',
			get: true,
			parameters: { mac_address: mandatory(text('The MAC address.', { max: 64 })) },
		},
		set_zone: {
			doc: 'Put nodes into a zone.',
			who: 'admin',
			parameters: {
				zone: required(text('The zone, by name.', { max: 256 })),
				nodes: required(list('The nodes, by system_id.')),
			},
		},
	},
});

export const nodeResource = resource({
	name: 'NodeHandler',
	path: 'nodes/{system_id}/',
	doc: 'One node of any kind.',
	actions: {
		read: { doc: 'Show a node, as its own kind is shown.', who: 'user' },
		details: { doc: 'What lshw and lldpd found, as BSON.', who: 'user', get: true },
		power_parameters: { doc: 'Power settings with their secrets.', who: 'admin', get: true },
		delete: { doc: 'Delete a machine (administrators) or an own device.', who: 'editor' },
	},
});

export function nodeHandlers(parts: Parts): Implemented[] {
	const { store, actions, devices } = parts;
	/** In the given order, with as many statements for many as for one. */
	const shown = (nodes: readonly Node[]): object[] => {
		const of = (kind: Node['kind']) => nodes.filter((node) => node.kind === kind);
		const machines = store.machines.among(of('machine').map(({ id }) => id));
		const objects = new Map<string | undefined, object>(
			[
				...machineObjects(parts, machines),
				...deviceObjects(store, of('device')),
				...controllerObjects(parts, of('controller')),
			].map((object) => [object.system_id, object]),
		);
		return nodes.flatMap(({ systemId }) => objects.get(systemId) ?? []);
	};
	return [
		on(nodesResource, {
			read: (_, { rest, user }) =>
				Reply.list(
					matchingNodes(store, rest).filter((node) => node.kind !== 'device' || user.isAdmin || node.ownerId === user.id),
					(some) => shown(some).map((object) => JSON.stringify(object)),
				),
			is_registered({ mac_address: text }) {
				const mac = parseMac(text);
				return mac !== null && (store.network.interfaces.byMac(mac) ?? store.machines.byMac(mac)) !== undefined;
			},
			set_zone({ zone: name, nodes: systemIds }) {
				const zone = zoneNamed(store, name);
				const known = new Map(store.nodes.all().map((node) => [node.systemId, node]));
				const unknown = systemIds.find((systemId) => !known.has(systemId));
				if (unknown !== undefined) throw unfit('nodes', `There is no node ${cleanLine(unknown)}.`);
				store.transaction(() => {
					for (const systemId of systemIds) {
						const { id, kind } = known.get(systemId) as Node;
						if (kind === 'machine') store.machines.update(id, { zoneId: zone.id });
						else store.nodes.update(id, { zoneId: zone.id });
					}
				});
				return null;
			},
		}),
		on(nodeResource, {
			read(_, { uri, user }) {
				const node = findNode(store, uri.system_id);
				if (node.kind === 'device') checkEdit(user, node);
				return shown([node])[0];
			},
			details: (_, { uri }) => hardwareDetails(store, findNode(store, uri.system_id).id),
			power_parameters(_, { uri }) {
				const bmcId = store.machines.byId(findNode(store, uri.system_id).id)?.bmcId ?? null;
				return bmcId === null ? {} : store.bmcs.parameters(bmcId);
			},
			delete(_, { uri, user }) {
				const node = findNode(store, uri.system_id);
				if (node.kind === 'controller')
					throw new MaasRefusal(400, `${node.hostname} can’t be deleted: it is the controller that answers you.`);
				if (node.kind === 'machine' && !user.isAdmin) throw forbidden();
				checkEdit(user, node);
				const machine = store.machines.byId(node.id);
				if (machine) actions.delete(machine, user);
				else devices.delete(node, user);
				return Reply.nothing();
			},
		}),
	];
}
