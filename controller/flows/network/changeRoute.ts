import { Refusal } from '../../domain/errors.ts';
import { canonicalIp } from '../../domain/network/ip.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import type { Store } from '../../store/store.ts';
import { networkOf, subnetOf } from './subnetFacts.ts';

export interface RouteChange {
	readonly source?: Subnet | undefined;
	readonly destination?: Subnet | undefined;
	readonly gatewayIp?: string | undefined;
	readonly metric?: number | undefined;
}

/** A static route: `id` null makes a new one. Throws Refusal `bad-input` with its field. */
export function changeRoute(store: Store, id: number | null, change: RouteChange): number {
	return store.transaction(() => {
		const { routes, subnets } = store.network;
		const before = id === null ? undefined : routes.byId(id);
		const source = change.source ?? subnets.byId(before?.sourceId ?? -1);
		const destination = change.destination ?? subnets.byId(before?.destinationId ?? -1);
		const gateway = change.gatewayIp === undefined ? before?.gatewayIp : canonicalIp(change.gatewayIp);
		if (!source) return refuse('source', 'This field is required.');
		if (!destination) return refuse('destination', 'This field is required.');
		if (!gateway)
			return refuse(
				'gateway_ip',
				change.gatewayIp === undefined ? 'This field is required.' : 'Enter a valid IPv4 or IPv6 address.',
			);
		if (source.id === destination.id) refuse('destination', 'source and destination cannot be the same subnet.');
		if (networkOf(source).family !== networkOf(destination).family)
			refuse('destination', 'source and destination must be the same IP version.');
		if (subnetOf(store, gateway)?.id !== source.id) refuse('gateway_ip', 'gateway_ip must be with in the source subnet.');
		const same = routes
			.from(source.id)
			.some((each) => each.destinationId === destination.id && each.gatewayIp === gateway && each.id !== id);
		if (same) refuse('__all__', 'Static route with this Source, Destination and Gateway IP already exists.');
		const row = {
			sourceId: source.id,
			destinationId: destination.id,
			gatewayIp: gateway,
			metric: change.metric ?? before?.metric ?? 0,
		};
		if (id === null) return routes.insert(row).id;
		routes.update(id, row);
		return id;
	});
}

function refuse(field: string, text: string): never {
	throw new Refusal('bad-input', text, { field });
}
