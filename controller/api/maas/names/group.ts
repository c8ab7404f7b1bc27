import type { Group } from '../resource.ts';
import { domainHandlers, domainResource, domainsResource } from './domains.ts';

export const nameGroup: Group = {
	resources: [domainsResource, domainResource],
	implement: (parts) => [...domainHandlers(parts)],
};
