import type { Database } from '../database.ts';
import { withoutUndefined } from './vlans.ts';

/** How hosts of one subnet reach another one. */
export interface StaticRoute {
	readonly id: number;
	readonly sourceId: number;
	readonly destinationId: number;
	readonly gatewayIp: string;
	readonly metric: number;
}

export interface RouteStore {
	all(): StaticRoute[];
	byId(id: number): StaticRoute | undefined;
	from(sourceId: number): StaticRoute[];
	insert(route: Omit<StaticRoute, 'id'>): StaticRoute;
	update(id: number, change: Partial<Omit<StaticRoute, 'id'>>): void;
	delete(id: number): void;
}

export function createRouteStore(db: Database): RouteStore {
	const all = () =>
		db.sql
			.selectFrom('static_route')
			.select(['id', 'source_id as sourceId', 'destination_id as destinationId', 'gateway_ip as gatewayIp', 'metric'])
			.orderBy('id');
	const byId = (id: number) => db.first(all().where('id', '=', id));
	return {
		all: () => db.all(all()),
		byId,
		from: (sourceId) => db.all(all().where('source_id', '=', sourceId)),
		insert({ sourceId, destinationId, gatewayIp, metric }) {
			const row = { source_id: sourceId, destination_id: destinationId, gateway_ip: gatewayIp, metric };
			return byId(db.run(db.sql.insertInto('static_route').values(row)).id) as StaticRoute;
		},
		update(id, { sourceId, destinationId, gatewayIp, metric }) {
			const values = withoutUndefined({ source_id: sourceId, destination_id: destinationId, gateway_ip: gatewayIp, metric });
			if (Object.keys(values).length > 0) db.run(db.sql.updateTable('static_route').set(values).where('id', '=', id));
		},
		delete(id) {
			db.run(db.sql.deleteFrom('static_route').where('id', '=', id));
		},
	};
}
