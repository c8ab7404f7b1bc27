import { fqdnOf } from '../../../domain/dnsName.ts';
import { nodeRecords } from '../../../domain/nodeRecords.ts';
import type { Domain } from '../../../store/names/domains.ts';
import type { NodeAddress } from '../../../store/names/nodeAddresses.ts';
import type { Store } from '../../../store/store.ts';

/** The names that nodes have by themselves, in the form of those that people have made: id -1, and no addresses but records. */
export function implicitResources(store: Store, place: { domainId?: number; name?: string }) {
	const domains = new Map(store.domains.all().map((domain) => [domain.id, domain]));
	const defaultTtl = store.config.count('default_dns_ttl');
	// `eth1.swift-otter` is a name of the host swift-otter
	const ofHost = store.nodeAddresses.all({ domainId: place.domainId, hostname: place.name?.split('.').at(-1) });
	const nodes = Map.groupBy(ofHost, (address: NodeAddress) => address.nodeId);
	return [...nodes.values()].flatMap((addresses) => {
		const { hostname, domainId, addressTtl } = addresses[0] as NodeAddress;
		const domain = domains.get(domainId) as Domain;
		const names = Map.groupBy(nodeRecords(hostname, addresses), ({ name }) => name);
		return [...names]
			.filter(([name]) => place.name === undefined || name === place.name)
			.map(([name, records]) => {
				const fqdn = fqdnOf(name, domain.name);
				const ttl = addressTtl ?? domain.ttl ?? defaultTtl;
				return {
					id: -1,
					fqdn,
					address_ttl: ttl,
					ip_addresses: null,
					resource_records: records.map(({ type, ip }) => ({
						id: -1,
						fqdn,
						ttl,
						rrtype: type as string,
						rrdata: ip,
						resource_uri: '',
					})),
					resource_uri: '',
				};
			});
	});
}
