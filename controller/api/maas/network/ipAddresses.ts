import { cleanLine } from '../../../domain/clean.ts';
import { canonicalIp } from '../../../domain/network/ip.ts';
import { releaseAddress, reserveAddress } from '../../../flows/network/reserveAddress.ts';
import { ALLOC } from '../../../store/network/addresses.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, MaasRefusal, unfit } from '../failures.ts';
import { boolean, mandatory, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { findSubnet } from './find.ts';
import { ipAddressObjects } from './ipAddressObjects.ts';

const ip = text('The address.', { max: 64 });

export const ipAddressesResource = resource({
	name: 'IPAddressesHandler',
	path: 'ipaddresses/',
	doc: 'Addresses that users hold.',
	actions: {
		read: {
			doc: 'List one’s own addresses; administrators may ask for all, or for those of another user.',
			who: 'user',
			parameters: {
				ip,
				all: boolean('All addresses, those of machines too: administrators only.'),
				owner: text('The user whose addresses are listed: administrators only.', { max: 150 }),
			},
		},
		reserve: {
			doc: 'Reserve an address: a given one, or the lowest free one of a subnet.',
			who: 'user',
			parameters: {
				subnet: text('The subnet, by id, CIDR or specifier.', { max: 256 }),
				ip,
				ip_address: text('The same, under its older name.', { max: 64 }),
				hostname: text('What it is for.', { max: 253 }),
				mac: text('The MAC address of the card that gets it from DHCP.', { max: 64 }),
				mac_address: text('The same, under its older name.', { max: 64 }),
			},
		},
		release: {
			doc: 'Give an address back.',
			who: 'user',
			parameters: {
				ip: mandatory(ip),
				force: boolean('Whoever has it: administrators only.'),
				discovered: boolean('One that was only heard of: administrators only.'),
			},
		},
	},
});

export function ipAddressHandlers({ store }: Parts): Implemented[] {
	const { addresses } = store.network;
	return [
		on(ipAddressesResource, {
			read({ ip: asked, all = false, owner }, { user }) {
				if (all && !user.isAdmin) throw forbidden('Listing all IP addresses requires admin privileges.');
				if (owner !== undefined && owner !== user.username && !user.isAdmin)
					throw forbidden("Listing another user's IP addresses requires admin privileges.");
				if (all && owner !== undefined) throw new MaasRefusal(400, "Cannot specify both 'all' and 'owner'.");
				const whose = owner === undefined ? user : store.users.byName(owner);
				const wanted = asked === undefined || asked === '' ? null : canonicalIp(asked);
				if (asked && wanted === null) throw unfit('ip', 'Enter a valid IPv4 or IPv6 address.');
				const ids = addresses
					.all()
					.filter((row) => row.ip !== null && (wanted === null || row.ip === wanted))
					.filter((row) => all || (row.allocType === ALLOC.userReserved && row.userId === whose?.id));
				return [
					...ipAddressObjects(
						store,
						ids.map(({ id }) => id),
					).values(),
				];
			},
			reserve({ subnet, hostname, ...input }, { user }) {
				const made = reserveAddress(store, user, {
					subnet: subnet ? findSubnet(store, subnet) : null,
					ip: input.ip || input.ip_address || null,
					hostname: hostname || null,
					mac: input.mac || input.mac_address || null,
				});
				return ipAddressObjects(store, [made.id]).get(made.id);
			},
			release({ ip: given, force = false, discovered = false }, { user }) {
				if (force && !user.isAdmin) throw forbidden('Force-releasing an IP address requires admin privileges.');
				if (discovered && !user.isAdmin) throw forbidden('Releasing a discovered IP address requires admin privileges.');
				// Terraform's provider takes “does not exist” for done: the address went with the name that it was reserved for
				if (!releaseAddress(store, user, given, force))
					throw new MaasRefusal(
						400,
						`IP address ${cleanLine(given, 64)} does not exist${force ? '' : ', or is not one that you have reserved'}.`,
					);
				return Reply.nothing();
			},
		}),
	];
}
