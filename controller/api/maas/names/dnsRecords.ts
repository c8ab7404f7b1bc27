import { type RecordType, recordTypes } from '../../../domain/dnsRecord.ts';
import { changeRecord, createRecord, deleteRecord } from '../../../flows/names/changeDns.ts';
import type { DnsRecord, DnsResource } from '../../../store/names/dnsResources.ts';
import type { Domain } from '../../../store/names/domains.ts';
import type { Parts } from '../../parts.ts';
import { notFound, unfit } from '../failures.ts';
import { required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { idIn } from '../rights.ts';
import { recordObject } from './dnsRecordObject.ts';
import { ttl } from './domains.ts';
import { nameFields, placeOf, placeWanted } from './placeOfName.ts';

const rrtype = text(`The type: ${recordTypes.join(', ')}. Addresses (A, AAAA) go in through dnsresources.`, { max: 32 });
const rrdata = text('What the record says, as a zone file has it.', { max: 65_536 });

export const dnsRecordsResource = resource({
	name: 'DNSResourceRecordsHandler',
	path: 'dnsresourcerecords/',
	doc: 'Records of names, beside addresses.',
	actions: {
		read: { doc: 'List records.', who: 'user', parameters: { ...nameFields, rrtype } },
		create: {
			doc: 'Add a record; its name is made where it is not there yet.',
			who: 'admin',
			parameters: { ...nameFields, rrtype: required(rrtype), rrdata: required(rrdata), ttl: ttl('it') },
		},
	},
});

export const dnsRecordResource = resource({
	name: 'DNSResourceRecordHandler',
	path: 'dnsresourcerecords/{id}/',
	doc: 'One record.',
	actions: {
		read: { doc: 'Show a record.', who: 'user' },
		update: { doc: 'Change a record. It stays with its name.', who: 'admin', parameters: { rrtype, rrdata, ttl: ttl('it') } },
		delete: { doc: 'Delete a record; with the last one of a name that has no addresses the name goes too.', who: 'admin' },
	},
});

export function dnsRecordHandlers({ store }: Parts): Implemented[] {
	const find = (id: string) => {
		const record = store.dnsResources.record(idIn(id, 'DNSData'));
		if (!record) throw notFound('DNSData');
		return record;
	};
	const shown = (record: DnsRecord) => {
		const owner = store.dnsResources.byId(record.resourceId) as DnsResource;
		return recordObject(record, owner, store.domains.byId(owner.domainId) as Domain);
	};
	return [
		on(dnsRecordsResource, {
			read({ rrtype: type, ...wanted }) {
				const place = placeWanted(store, wanted);
				if (place === 'nowhere') return [];
				const domains = new Map(store.domains.all().map((domain) => [domain.id, domain]));
				const owners = new Map(store.dnsResources.all(place).map((owner) => [owner.id, owner]));
				return store.dnsResources.records([...owners.keys()]).flatMap((record) => {
					const owner = owners.get(record.resourceId);
					const domain = owner && domains.get(owner.domainId);
					if (!owner || !domain || (type && record.type !== type.toUpperCase())) return [];
					return [recordObject(record, owner, domain)];
				});
			},
			create({ rrtype: type, rrdata: data, ttl: seconds = null, ...given }) {
				const place = placeOf(store, given);
				return shown(createRecord(store, { ...place, type: typeOf(type), data, ttl: seconds }));
			},
		}),
		on(dnsRecordResource, {
			read: (_, { uri }) => shown(find(uri.id)),
			update: ({ rrtype: type, rrdata: data, ttl: seconds }, { uri }) =>
				shown(changeRecord(store, find(uri.id), { type: type ? typeOf(type) : undefined, data, ttl: seconds })),
			delete(_, { uri }) {
				deleteRecord(store, find(uri.id));
				return Reply.nothing();
			},
		}),
	];
}

function typeOf(word: string): RecordType {
	const upper = word.trim().toUpperCase();
	const type = recordTypes.find((each) => each === upper);
	if (type) return type;
	if (upper === 'A' || upper === 'AAAA')
		throw unfit('rrtype', 'Addresses belong to the name itself: send ip_addresses to dnsresources.');
	throw unfit('rrtype', `Use one of ${recordTypes.join(', ')}.`);
}
