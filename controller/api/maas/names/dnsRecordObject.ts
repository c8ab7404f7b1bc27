import { fqdnOf } from '../../../domain/dnsName.ts';
import type { DnsRecord, DnsResource } from '../../../store/names/dnsResources.ts';
import type { Domain } from '../../../store/names/domains.ts';
import { uriOf } from '../resource.ts';

/** A record by itself, and within the name that it belongs to. */
export const recordObject = (record: DnsRecord, resource: DnsResource, domain: Domain) => ({
	id: record.id,
	fqdn: fqdnOf(resource.name, domain.name),
	ttl: record.ttl,
	rrtype: record.type as string,
	rrdata: record.data,
	resource_uri: uriOf('dnsresourcerecords/{id}/', { id: record.id }),
});
