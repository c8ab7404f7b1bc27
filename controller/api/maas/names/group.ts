import type { Group } from '../resource.ts';
import { dhcpSnippetHandlers, dhcpSnippetResource, dhcpSnippetsResource } from './dhcpSnippets.ts';
import { discoveriesResource, discoveryHandlers, discoveryResource } from './discoveries.ts';
import { dnsRecordHandlers, dnsRecordResource, dnsRecordsResource } from './dnsRecords.ts';
import { dnsResourceHandlers, dnsResourceResource, dnsResourcesResource } from './dnsResources.ts';
import { domainHandlers, domainResource, domainsResource } from './domains.ts';

export const nameGroup: Group = {
	resources: [
		domainsResource,
		domainResource,
		dnsResourcesResource,
		dnsResourceResource,
		dnsRecordsResource,
		dnsRecordResource,
		dhcpSnippetsResource,
		dhcpSnippetResource,
		discoveriesResource,
		discoveryResource,
	],
	implement: (parts) => [
		...domainHandlers(parts),
		...dnsResourceHandlers(parts),
		...dnsRecordHandlers(parts),
		...dhcpSnippetHandlers(parts),
		...discoveryHandlers(parts),
	],
};
