import { parseMac } from '../../../domain/address.ts';
import { canonicalIp } from '../../../domain/network/ip.ts';
import type { Discovery } from '../../../store/names/discoveries.ts';
import type { Store } from '../../../store/store.ts';
import type { Parts } from '../../parts.ts';
import { modelTime } from '../dates.ts';
import { MaasRefusal, notFound } from '../failures.ts';
import { networkObjects } from '../network/networkObjects.ts';
import { boolean, integer, list, mandatory, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';

const listOp = (doc: string) => ({ doc, who: 'user', get: true }) as const;

export const discoveriesResource = resource({
	name: 'DiscoveriesHandler',
	path: 'discovery/',
	doc: 'Hosts that were heard on the served networks, by their DHCP or by their answer to a probe.',
	actions: {
		read: { doc: 'List all, the latest first.', who: 'user' },
		by_unknown_mac: listOp('List those whose MAC address belongs to no node.'),
		by_unknown_ip: listOp('List those whose address was not given out here.'),
		by_unknown_ip_and_mac: listOp('List those of which neither is known.'),
		clear: {
			doc: 'Forget what was heard.',
			who: 'admin',
			parameters: {
				mdns: boolean('Forget what hosts call themselves.'),
				neighbours: boolean('Forget the hosts.'),
				all: boolean('Forget both.'),
			},
		},
		clear_by_mac_and_ip: {
			doc: 'Forget one host.',
			who: 'admin',
			parameters: { ip: mandatory(text('Its address.', { max: 64 })), mac: mandatory(text('Its MAC address.', { max: 64 })) },
		},
		scan: {
			doc: 'Look for hosts by asking every address.',
			who: 'admin',
			parameters: {
				cidr: list('The networks.'),
				force: boolean('All networks, where none is named.'),
				always_use_ping: boolean('Ask by ping.'),
				slow: boolean('Slowly.'),
				threads: integer('How many at once.'),
			},
			later:
				'Scanning networks is not built yet. Hosts are noted when they ask for an address or answer to the probe of a pool: turn an interface on, or probe it, to hear of those in its pool.',
		},
	},
});

export const discoveryResource = resource({
	name: 'DiscoveryHandler',
	path: 'discovery/{discovery_id}/',
	doc: 'One host that was heard.',
	actions: { read: { doc: 'Show a host.', who: 'user' } },
});

/** With a number of statements that does not grow with the list. */
function discoveryObjects(store: Store, discoveries: readonly Discovery[]) {
	const { vlans } = networkObjects(store);
	const observer = store.nodes.all('controller')[0];
	const cards = new Map(observer ? store.network.interfaces.ofNodes([observer.id]).map((card) => [card.name, card]) : []);
	return discoveries.map((each) => {
		const card = cards.get(each.interfaceName);
		const vlan = vlans.get(card?.vlanId ?? -1);
		const id = idOf(each);
		return {
			discovery_id: id,
			ip: each.ip,
			mac_address: each.mac,
			mac_organization: null,
			last_seen: modelTime(each.lastSeen),
			hostname: each.hostname,
			fabric_name: vlan?.fabric ?? null,
			// text, and nothing for an untagged network: gomaasclient takes no number here
			vid: vlan && vlan.vid > 0 ? String(vlan.vid) : null,
			observer: {
				system_id: observer?.systemId ?? null,
				hostname: observer?.hostname ?? null,
				interface_id: card?.id ?? null,
				interface_name: each.interfaceName,
			},
			resource_uri: uriOf(discoveryResource.path, { discovery_id: id }),
		};
	});
}

/** Address and MAC in base64 (RFC 4648 §5), as MAAS makes it. */
const idOf = ({ ip, mac }: Discovery) => Buffer.from(`${ip},${mac}`).toString('base64url');

export function discoveryHandlers({ store }: Parts): Implemented[] {
	const some = (wanted: (discovery: Discovery) => boolean) => discoveryObjects(store, store.discoveries.all().filter(wanted));
	return [
		on(discoveriesResource, {
			read: () => some(() => true),
			by_unknown_mac: () => some(({ macKnown }) => !macKnown),
			by_unknown_ip: () => some(({ ipKnown }) => !ipKnown),
			by_unknown_ip_and_mac: () => some(({ ipKnown, macKnown }) => !ipKnown && !macKnown),
			clear({ mdns, neighbours, all }) {
				if (!mdns && !neighbours && !all)
					throw new MaasRefusal(400, 'Must specify what to clear: mdns=true, neighbours=true or all=true.');
				if (neighbours || all) store.discoveries.clear();
				else store.discoveries.clearHostnames();
				return Reply.nothing();
			},
			clear_by_mac_and_ip({ ip, mac }) {
				const known = store.discoveries.delete(canonicalIp(ip) ?? '', parseMac(mac) ?? '');
				if (!known) throw notFound('Discovery');
				return Reply.nothing();
			},
		}),
		on(discoveryResource, {
			read(_, { uri }) {
				const [ip = '', mac = ''] = Buffer.from(uri.discovery_id, 'base64url').toString('utf8').split(',');
				const found = store.discoveries.find(ip, mac);
				if (!found) throw notFound('Discovery');
				return discoveryObjects(store, [found])[0];
			},
		}),
	];
}
