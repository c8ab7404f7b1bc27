import { createRange, deleteRange, updateRange } from '../../../flows/network/changeRange.ts';
import type { IpRange } from '../../../store/network/ranges.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, notFound } from '../failures.ts';
import { choice, required, text } from '../parameters.ts';
import { userObject } from '../people/users.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';
import { findSubnet, inField } from './find.ts';
import { networkObjects } from './networkObjects.ts';

const fields = {
	start_ip: text('The first address.', { max: 64 }),
	end_ip: text('The last address.', { max: 64 }),
	comment: text('What the range is for.', { max: 255 }),
};

export const rangesResource = resource({
	name: 'IPRangesHandler',
	path: 'ipranges/',
	doc: 'Ranges of addresses that DHCP hands out (dynamic), or that are given to nobody by themselves (reserved).',
	actions: {
		read: { doc: 'List all ranges.', who: 'user' },
		create: {
			doc: 'Add a range. Only administrators make dynamic ones.',
			who: 'user',
			parameters: {
				...fields,
				start_ip: required(fields.start_ip),
				end_ip: required(fields.end_ip),
				type: required(choice('dynamic or reserved.', ['dynamic', 'reserved'])),
				subnet: text('The subnet, by id or specifier; without one the subnet that the addresses are in.', { max: 256 }),
			},
		},
	},
});

export const rangeResource = resource({
	name: 'IPRangeHandler',
	path: 'ipranges/{id}/',
	doc: 'One range.',
	actions: {
		read: { doc: 'Show a range.', who: 'user' },
		update: { doc: 'Change a range: its owner or an administrator.', who: 'user', parameters: fields },
		delete: { doc: 'Delete a range: its owner or an administrator.', who: 'user' },
	},
});

export function rangeHandlers({ store }: Parts): Implemented[] {
	const { ranges } = store.network;
	const showAll = (rows: readonly IpRange[]) => {
		const { subnets } = networkObjects(store);
		const users = new Map(store.users.all().map((user) => [user.id, user]));
		return rows.map((range) => {
			const user = users.get(range.userId ?? -1);
			return {
				id: range.id,
				type: range.type,
				start_ip: range.startIp,
				end_ip: range.endIp,
				comment: range.comment,
				user: user ? userObject(user) : null,
				subnet: subnets.get(range.subnetId),
				resource_uri: uriOf(rangeResource.path, { id: range.id }),
			};
		});
	};
	const show = (range: IpRange) => showAll([range])[0];
	const find = (id: string) => {
		const range = ranges.byId(idIn(id, 'IPRange'));
		if (!range) throw notFound('IPRange');
		return range;
	};
	const own = (user: User, range: IpRange) => {
		if (!user.isAdmin && range.userId !== user.id) throw forbidden("Unable to modify IP range. You don't own the IP range.");
		return range;
	};
	return [
		on(rangesResource, {
			read: () => showAll(ranges.all()),
			create({ type, start_ip, end_ip, subnet, comment = '' }, { user }) {
				if (type === 'dynamic' && !user.isAdmin)
					throw forbidden("Unable to create dynamic IP range. You don't have sufficient privileges.");
				const home = subnet ? inField('subnet', () => findSubnet(store, subnet)) : null;
				return show(createRange(store, { type, startIp: start_ip, endIp: end_ip, subnet: home, comment, userId: user.id }));
			},
		}),
		on(rangeResource, {
			read: (_, { uri }) => show(find(uri.id)),
			update: ({ start_ip, end_ip, comment }, { uri, user }) =>
				show(updateRange(store, own(user, find(uri.id)), { startIp: start_ip, endIp: end_ip, comment })),
			delete(_, { uri, user }) {
				deleteRange(store, own(user, find(uri.id)));
				return Reply.nothing();
			},
		}),
	];
}
