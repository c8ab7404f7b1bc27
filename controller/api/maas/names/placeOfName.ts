import { cleanLine } from '../../../domain/clean.ts';
import { splitFqdn } from '../../../domain/dnsName.ts';
import type { Domain } from '../../../store/names/domains.ts';
import type { Store } from '../../../store/store.ts';
import { notFound, unfit } from '../failures.ts';
import { text } from '../parameters.ts';

/** A name is given whole (`fqdn`), or as a name and a domain (by id or name). */
export const nameFields = {
	fqdn: text('The whole name: host.example.org', { max: 256 }),
	name: text('The name without its domain; @ for the domain itself.', { max: 256 }),
	domain: text('The domain, by id or name.', { max: 256 }),
};
interface Given {
	readonly fqdn?: string | undefined;
	readonly name?: string | undefined;
	readonly domain?: string | undefined;
}

/** Throws 404 for a domain that is not there. */
export function domainNamed(store: Store, word: string): Domain {
	const domain = (/^\d{1,15}$/.test(word) ? store.domains.byId(Number(word)) : undefined) ?? store.domains.byName(word);
	if (!domain) throw notFound('Domain');
	return domain;
}

/** Where a new name is to be. Throws Invalid when that is not said, 404 for an unknown domain. */
export function placeOf(store: Store, { fqdn, name, domain }: Given): { domainId: number; name: string } {
	if (fqdn && domain) {
		const { id, name: suffix } = domainNamed(store, domain);
		return { domainId: id, name: name || (splitFqdn(fqdn, [{ name: suffix }])?.name ?? fqdn) };
	}
	if (fqdn) {
		const split = splitFqdn(fqdn, store.domains.all());
		if (!split) throw unfit('fqdn', `${cleanLine(fqdn)} is in no domain of this region.`);
		return { domainId: split.domain.id, name: split.name };
	}
	if (!name) throw unfit('name', 'This field is required.');
	if (!domain) throw unfit('domain', 'This field is required.');
	return { domainId: domainNamed(store, domain).id, name };
}

/** What a list is to be cut down to; `nowhere`: no name can be meant. */
export function placeWanted(store: Store, { fqdn, name, domain }: Given): { domainId?: number; name?: string } | 'nowhere' {
	const within = domain ? domainNamed(store, domain) : undefined;
	if (fqdn) {
		const split = splitFqdn(fqdn, within ? [within] : store.domains.all());
		return split ? { domainId: split.domain.id, name: split.name } : 'nowhere';
	}
	return { ...(within ? { domainId: within.id } : {}), ...(name ? { name: name.toLowerCase() } : {}) };
}
