import { changeRoute } from '../../../flows/network/changeRoute.ts';
import type { StaticRoute } from '../../../store/network/routes.ts';
import type { Store } from '../../../store/store.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { integer, required, text, type Values } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';
import { findSubnet, inField } from './find.ts';
import { networkObjects } from './networkObjects.ts';

const fields = {
	source: text('The subnet whose hosts use the route, by id or specifier.', { max: 256 }),
	destination: text('The subnet that it leads to, by id or specifier.', { max: 256 }),
	gateway_ip: text('The router’s address in the source subnet.', { max: 64 }),
	metric: integer('What it costs: of several routes the cheapest is taken.', { max: 4_294_967_295 }),
};

export const staticRoutesResource = resource({
	name: 'StaticRoutesHandler',
	path: 'static-routes/',
	doc: 'Routes that hosts of one subnet use to reach another one.',
	actions: {
		read: { doc: 'List all routes.', who: 'user' },
		create: {
			doc: 'Add a route.',
			who: 'admin',
			parameters: {
				...fields,
				source: required(fields.source),
				destination: required(fields.destination),
				gateway_ip: required(fields.gateway_ip),
			},
		},
	},
});

export const staticRouteResource = resource({
	name: 'StaticRouteHandler',
	path: 'static-routes/{id}/',
	doc: 'One route.',
	actions: {
		read: { doc: 'Show a route.', who: 'user' },
		update: { doc: 'Change a route.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a route.', who: 'admin' },
	},
});

export function staticRouteHandlers({ store }: Parts): Implemented[] {
	const { routes } = store.network;
	const showAll = (rows: readonly StaticRoute[]) => {
		const { subnets } = networkObjects(store);
		return rows.map(({ id, sourceId, destinationId, gatewayIp, metric }) => ({
			id,
			source: subnets.get(sourceId),
			destination: subnets.get(destinationId),
			gateway_ip: gatewayIp,
			metric,
			resource_uri: uriOf(staticRouteResource.path, { id }),
		}));
	};
	const find = (id: string) => {
		const found = routes.byId(idIn(id, 'StaticRoute'));
		if (!found) throw notFound('StaticRoute');
		return found;
	};
	const show = (id: number) => showAll([routes.byId(id) as StaticRoute])[0];
	return [
		on(staticRoutesResource, {
			read: () => showAll(routes.all()),
			create: (input) => show(changeRoute(store, null, changeOf(store, input))),
		}),
		on(staticRouteResource, {
			read: (_, { uri }) => show(find(uri.id).id),
			update: (input, { uri }) => show(changeRoute(store, find(uri.id).id, changeOf(store, input))),
			delete(_, { uri }) {
				routes.delete(find(uri.id).id);
				return Reply.nothing();
			},
		}),
	];
}

const changeOf = (store: Store, { source, destination, gateway_ip, metric }: Partial<Values<typeof fields>>) => ({
	source: source ? inField('source', () => findSubnet(store, source)) : undefined,
	destination: destination ? inField('destination', () => findSubnet(store, destination)) : undefined,
	gatewayIp: gateway_ip || undefined,
	metric,
});
