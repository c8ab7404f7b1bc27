import { isIP } from 'node:net';
import { cleanLine } from '../../../domain/clean.ts';
import type { Domain } from '../../../store/names/domains.ts';
import type { Store } from '../../../store/store.ts';
import type { Parts } from '../../parts.ts';
import { notFound, unfit } from '../failures.ts';
import { boolean, clearable, list, mandatory, required, text, type Values } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';

const ttlText = (of: string) => `Seconds that others may remember ${of}; empty for the default.`;

/** RFC 2181 §8: a TTL has 31 bits. Zero is “never”, and what Terraform's provider sends for names that were given none. */
export const ttl = (of: string) => clearable(ttlText(of), { max: 2 ** 31 - 1 });

const fields = {
	name: text('The domain’s name.', { max: 253 }),
	authoritative: boolean('Whether this region answers for the domain; if not, its own servers do.'),
	ttl: clearable(ttlText('its records'), { min: 1, max: 604_800 }),
	forward_dns_servers: list(
		'Addresses of the servers that know a domain that is not authoritative, each with an optional :port.',
	),
};

export const domainsResource = resource({
	name: 'DomainsHandler',
	path: 'domains/',
	doc: 'Domains: every node is in exactly one, which with its host name makes its full name.',
	actions: {
		read: { doc: 'List all domains.', who: 'user' },
		create: { doc: 'Add a domain.', who: 'admin', parameters: { ...fields, name: required(fields.name) } },
		set_serial: {
			doc: 'Set the serial number of the zones.',
			who: 'admin',
			parameters: { serial: mandatory(text('A number from 1 to 4294967295.')) },
			later:
				'No DNS server of Metaldesk’s own runs yet, so there are no zones whose serial number could be set. Your records are kept, and domains, dnsresources and dnsresourcerecords show them; publish them with the DNS server you have.',
		},
	},
});

export const domainResource = resource({
	name: 'DomainHandler',
	path: 'domains/{id}/',
	doc: 'One domain, by id or name.',
	actions: {
		read: { doc: 'Show a domain.', who: 'user' },
		update: { doc: 'Change a domain.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a domain that nothing is in.', who: 'admin' },
		set_default: { doc: 'Make this the domain of new nodes.', who: 'admin' },
	},
});

/** Also part of every node's own object. */
export const domainObject = (domain: Domain, recordCount: number) => ({
	id: domain.id,
	name: domain.name,
	ttl: domain.ttl,
	authoritative: domain.authoritative,
	is_default: domain.isDefault,
	resource_record_count: recordCount,
	resource_uri: uriOf(domainResource.path, { id: domain.id }),
});
export type DomainObject = ReturnType<typeof domainObject>;

/** Of all domains, by id: with two statements, however many nodes are shown with them. */
export function domainObjects(store: Store): Map<number, DomainObject> {
	const counts = store.domains.recordCounts();
	return new Map(store.domains.all().map((domain) => [domain.id, domainObject(domain, counts.get(domain.id) ?? 0)]));
}

export function domainHandlers({ store }: Parts): Implemented[] {
	const find = (id: string) => {
		const domain = (/^\d{1,15}$/.test(id) ? store.domains.byId(Number(id)) : undefined) ?? store.domains.byName(id);
		if (!domain) throw notFound('Domain');
		return domain;
	};
	const shown = (domain: Domain) => domainObject(domain, store.domains.recordCounts().get(domain.id) ?? 0);
	const changeOf = ({ name, authoritative, ttl, forward_dns_servers: forwardDnsServers }: DomainInput) => {
		for (const server of forwardDnsServers ?? [])
			if (!isDnsServer(server))
				throw unfit('forward_dns_servers', `“${cleanLine(server)}” is no IP address with an optional :port.`);
		return { name, authoritative, ttl, forwardDnsServers };
	};
	return [
		on(domainsResource, {
			read: () => [...domainObjects(store).values()],
			create: (input) => shown(store.domains.create({ ...changeOf(input), name: input.name })),
		}),
		on(domainResource, {
			read: (_, { uri }) => shown(find(uri.id)),
			update: (input, { uri }) => shown(store.domains.update(find(uri.id).id, changeOf(input))),
			delete(_, { uri }) {
				store.domains.delete(find(uri.id).id);
				return Reply.nothing();
			},
			set_default: (_, { uri }) => shown(store.domains.setDefault(find(uri.id).id)),
		}),
	];
}

type DomainInput = Values<typeof fields>;

/** `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1` or `[2001:db8::1]:5353`. */
function isDnsServer(text: string): boolean {
	if (isIP(text) !== 0) return true;
	const match = /^(?:\[(?<six>[^\]]{2,45})\]|(?<four>[\d.]{7,15})):(?<port>\d{1,5})$/.exec(text)?.groups;
	if (!match) return false;
	return (
		(match.six ? isIP(match.six) === 6 : isIP(match.four ?? '') === 4) && Number(match.port) >= 1 && Number(match.port) <= 65535
	);
}
