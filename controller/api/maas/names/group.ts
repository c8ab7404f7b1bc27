import type { Group } from '../resource.ts';
import { dnsRecordHandlers, dnsRecordResource, dnsRecordsResource } from './dnsRecords.ts';
import { dnsResourceHandlers, dnsResourceResource, dnsResourcesResource } from './dnsResources.ts';
import { domainHandlers, domainResource, domainsResource } from './domains.ts';

export const nameGroup: Group = {
	resources: [domainsResource, domainResource, dnsResourcesResource, dnsResourceResource, dnsRecordsResource, dnsRecordResource],
	implement: (parts) => [...domainHandlers(parts), ...dnsResourceHandlers(parts), ...dnsRecordHandlers(parts)],
};
