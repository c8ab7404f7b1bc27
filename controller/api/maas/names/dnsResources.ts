import { fqdnOf } from '../../../domain/dnsName.ts';
import { recordTypes } from '../../../domain/dnsRecord.ts';
import { changeResource, createResource, deleteResource } from '../../../flows/names/changeDns.ts';
import type { DnsRecord, DnsResource } from '../../../store/names/dnsResources.ts';
import type { Domain } from '../../../store/names/domains.ts';
import type { Store } from '../../../store/store.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { ipAddressObjects } from '../network/ipAddressObjects.ts';
import { boolean, choice, list, type Values } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';
import { recordObject } from './dnsRecordObject.ts';
import { ttl } from './domains.ts';
import { implicitResources } from './implicitResources.ts';
import { domainNamed, nameFields, placeOf, placeWanted } from './placeOfName.ts';

const fields = {
	...nameFields,
	address_ttl: ttl('its addresses'),
	ip_addresses: list('Its addresses: IP addresses, or ids of those that are known. What nobody has yet is reserved for it.'),
};

export const dnsResourcesResource = resource({
	name: 'DNSResourcesHandler',
	path: 'dnsresources/',
	doc: 'Names in domains, with their addresses and records.',
	actions: {
		read: {
			doc: 'List names.',
			who: 'user',
			parameters: {
				...nameFields,
				rrtype: choice('Only those with a record of this type.', ['A', 'AAAA', ...recordTypes]),
				all: boolean('The names that nodes have by themselves too, with id -1.'),
			},
		},
		create: { doc: 'Add a name. Users may name addresses of their own.', who: 'editor', parameters: fields },
	},
});

export const dnsResourceResource = resource({
	name: 'DNSResourceHandler',
	path: 'dnsresources/{id}/',
	doc: 'One name.',
	actions: {
		read: { doc: 'Show a name.', who: 'user' },
		update: { doc: 'Change a name, or its addresses.', who: 'editor', parameters: fields },
		delete: { doc: 'Delete a name with its records.', who: 'editor' },
	},
});

/** With a number of statements that does not grow with the list. */
function resourceObjects(store: Store, resources: readonly DnsResource[]) {
	const domains = new Map(store.domains.all().map((domain) => [domain.id, domain]));
	const ids = resources.map(({ id }) => id);
	const links = store.dnsResources.addressesOf(ids);
	const addresses = ipAddressObjects(store, [...new Set([...links.values()].flat())]);
	const records = Map.groupBy(store.dnsResources.records(ids), (record: DnsRecord) => record.resourceId);
	return resources.map((each) => {
		const domain = domains.get(each.domainId) as Domain;
		return {
			id: each.id,
			fqdn: fqdnOf(each.name, domain.name),
			address_ttl: each.addressTtl,
			ip_addresses: (links.get(each.id) ?? []).flatMap((id) => addresses.get(id) ?? []),
			resource_records: (records.get(each.id) ?? []).map((record) => recordObject(record, each, domain)),
			resource_uri: uriOf(dnsResourceResource.path, { id: each.id }),
		};
	});
}

export function dnsResourceHandlers({ store }: Parts): Implemented[] {
	const find = (id: string) => {
		const found = store.dnsResources.byId(idIn(id, 'DNSResource'));
		if (!found) throw notFound('DNSResource');
		return found;
	};
	const shown = (each: DnsResource) => resourceObjects(store, [each])[0];
	return [
		on(dnsResourcesResource, {
			read({ fqdn, domain, name, rrtype, all }) {
				const place = placeWanted(store, { fqdn, domain, name });
				if (place === 'nowhere') return [];
				const made = resourceObjects(store, store.dnsResources.all(place));
				const objects = all ? [...made, ...implicitResources(store, place)] : made;
				return rrtype === undefined ? objects : objects.filter((each) => hasType(each, rrtype));
			},
			create(input, { user }) {
				const { domainId, name } = placeOf(store, input);
				const { address_ttl: addressTtl = null, ip_addresses: addresses = [] } = input;
				return shown(createResource(store, { domainId, name, addressTtl, addresses }, user));
			},
		}),
		on(dnsResourceResource, {
			read: (_, { uri }) => shown(find(uri.id)),
			update: (input, { uri, user }) => shown(changeResource(store, find(uri.id), changeOf(store, input), user)),
			delete(_, { uri, user }) {
				deleteResource(store, find(uri.id), user);
				return Reply.nothing();
			},
		}),
	];
}

function changeOf(store: Store, input: Values<typeof fields>) {
	const place = input.fqdn
		? placeOf(store, input)
		: { name: input.name || undefined, domainId: input.domain ? domainNamed(store, input.domain).id : undefined };
	return { ...place, addressTtl: input.address_ttl, addresses: input.ip_addresses };
}

interface Shown {
	readonly ip_addresses: readonly { readonly ip: string | null }[] | null;
	readonly resource_records: readonly { readonly rrtype: string }[];
}
const hasType = ({ ip_addresses, resource_records }: Shown, type: string) =>
	resource_records.some(({ rrtype }) => rrtype === type) ||
	(ip_addresses ?? []).some(({ ip }) => ip !== null && type === (ip.includes(':') ? 'AAAA' : 'A'));
