import { resourceNameProblem } from '../../domain/dnsName.ts';
import { besideProblem, type RecordType, recordProblem } from '../../domain/dnsRecord.ts';
import { Refusal } from '../../domain/errors.ts';
import { canonicalIp, formatIp, parseIp } from '../../domain/network/ip.ts';
import type { DnsRecord, DnsResource } from '../../store/names/dnsResources.ts';
import { type Address, ALLOC } from '../../store/network/addresses.ts';
import type { Store } from '../../store/store.ts';
import type { User } from '../../store/users.ts';
import { planOf, subnetOf } from '../network/subnetFacts.ts';

/**
 * What happens when somebody gives a name to addresses, or a record to a name. Each is one transaction: a refused change leaves
 * everything as it was. Administrators may name everything; a user may name addresses of their own. Throws Refusal `bad-input` with the
 * field, or `not-allowed`.
 */

export function createResource(
	store: Store,
	given: { domainId: number; name: string; addressTtl: number | null; addresses: readonly string[] },
	user: User,
): DnsResource {
	return store.transaction(() => {
		const name = checkName(given.name);
		const known = store.dnsResources.find(given.domainId, name);
		// a name that has only records so far gets its addresses now
		if (known && (given.addresses.length === 0 || (store.dnsResources.addressesOf([known.id]).get(known.id) ?? []).length > 0))
			throw refuse('name', 'Labels must be unique in their zone.');
		const resource = known ?? store.dnsResources.create({ domainId: given.domainId, name, addressTtl: given.addressTtl });
		if (known && given.addressTtl !== null) store.dnsResources.update(known.id, { addressTtl: given.addressTtl });
		giveAddresses(store, resource, given.addresses, user);
		mayChange(store, resource, user);
		return store.dnsResources.byId(resource.id) as DnsResource;
	});
}

export function changeResource(
	store: Store,
	resource: DnsResource,
	change: {
		domainId?: number | undefined;
		name?: string | undefined;
		addressTtl?: number | null | undefined;
		addresses?: readonly string[] | undefined;
	},
	user: User,
): DnsResource {
	return store.transaction(() => {
		mayChange(store, resource, user);
		const name = change.name === undefined ? resource.name : checkName(change.name);
		const domainId = change.domainId ?? resource.domainId;
		const other = store.dnsResources.find(domainId, name);
		if (other && other.id !== resource.id) throw refuse('name', 'Labels must be unique in their zone.');
		const { addressTtl = resource.addressTtl } = change;
		const changed = store.dnsResources.update(resource.id, { domainId, name, addressTtl });
		if (change.addresses) {
			giveAddresses(store, changed, change.addresses, user);
			mayChange(store, changed, user);
		}
		if (store.dnsResources.records([resource.id]).some(({ type }) => type === 'CNAME')) notOfNode(store, changed);
		return changed;
	});
}

export function deleteResource(store: Store, resource: DnsResource, user: User): void {
	store.transaction(() => {
		mayChange(store, resource, user);
		store.dnsResources.delete(resource.id);
	});
}

/** The name is made where it is not there yet. */
export function createRecord(
	store: Store,
	given: { domainId: number; name: string; type: RecordType; data: string; ttl: number | null },
): DnsRecord {
	return store.transaction(() => {
		const name = checkName(given.name);
		const resource =
			store.dnsResources.find(given.domainId, name) ??
			store.dnsResources.create({ domainId: given.domainId, name, addressTtl: null });
		const data = checkRecord(store, resource, null, given.type, given.data);
		return store.dnsResources.createRecord({ resourceId: resource.id, type: given.type, data, ttl: given.ttl });
	});
}

export function changeRecord(
	store: Store,
	record: DnsRecord,
	change: { type?: RecordType | undefined; data?: string | undefined; ttl?: number | null | undefined },
): DnsRecord {
	return store.transaction(() => {
		const resource = store.dnsResources.byId(record.resourceId) as DnsResource;
		const { type = record.type, ttl = record.ttl } = change;
		const data = checkRecord(store, resource, record.id, type, change.data ?? record.data);
		return store.dnsResources.updateRecord(record.id, { type, data, ttl });
	});
}

/** With its last record a name that has no addresses goes too. */
export function deleteRecord(store: Store, { id, resourceId }: DnsRecord): void {
	store.transaction(() => {
		store.dnsResources.deleteRecord(id);
		const addresses = store.dnsResources.addressesOf([resourceId]).get(resourceId) ?? [];
		if (addresses.length === 0 && store.dnsResources.records([resourceId]).length === 0) store.dnsResources.delete(resourceId);
	});
}

const refuse = (field: string, text: string) => new Refusal('bad-input', text, { field });

function checkName(given: string): string {
	const name = given.trim().toLowerCase();
	const problem = resourceNameProblem(name);
	if (problem) throw refuse('name', problem);
	return name;
}

/** Answers the data as it is kept. */
function checkRecord(store: Store, resource: DnsResource, own: number | null, type: RecordType, given: string): string {
	const problem = recordProblem(type, given);
	if (problem) throw refuse('rrdata', problem);
	const others = store.dnsResources.records([resource.id]).filter(({ id }) => id !== own);
	const addresses = store.dnsResources.addressesOf([resource.id]).get(resource.id) ?? [];
	const beside = besideProblem(type, [...others.map((other) => other.type), ...addresses.map(() => 'A')]);
	if (beside) throw refuse('__all__', beside);
	if (type === 'CNAME') notOfNode(store, resource);
	const data = type === 'TXT' ? given : given.trim().split(/\s+/).join(' ');
	if (others.some((other) => other.type === type && other.data === data))
		throw refuse('__all__', 'This name has the same record already.');
	return data;
}

/** An alias of a name that a node has would hide the node. */
function notOfNode(store: Store, { domainId, name }: DnsResource): void {
	if (store.nodeAddresses.isNode(domainId, name))
		throw refuse('name', `${name} is the name of a node, which has address records.`);
}

/** Makes these the addresses of the name: known ones are linked, free ones reserved for it. */
function giveAddresses(store: Store, resource: DnsResource, words: readonly string[], user: User): void {
	const has = store.dnsResources.addressesOf([resource.id]).get(resource.id) ?? [];
	const wanted = words.map((word) => addressFor(store, word, user));
	for (const id of has) if (!wanted.some(({ address }) => address.id === id)) store.dnsResources.dropAddress(resource.id, id);
	for (const { address, made } of wanted) store.dnsResources.addAddress(resource.id, address.id, made);
	const records = store.dnsResources.records([resource.id]).map(({ type }) => type);
	const beside = wanted.length > 0 ? besideProblem('A', records) : null;
	if (beside) throw refuse('__all__', beside);
}

function addressFor(store: Store, word: string, user: User): { address: Address; made: boolean } {
	const byId = /^\d{1,15}$/.test(word) ? store.network.addresses.byId(Number(word)) : undefined;
	if (byId) return { address: byId, made: false };
	const ip = canonicalIp(word);
	if (ip === null) throw refuse('ip_addresses', `“${word.slice(0, 60)}” is no IP address.`);
	const known = store.network.addresses.byIp(ip);
	if (known) return { address: known, made: false };
	if (!user.isAdmin) throw new Refusal('not-allowed', `${ip} is not an address of yours: reserve it first.`);
	const subnet = subnetOf(store, ip);
	const value = parseIp(ip)?.value ?? 0n;
	const range =
		subnet && planOf(store, subnet).ranges.find((each) => each.type === 'dynamic' && each.first <= value && value <= each.last);
	if (subnet && range) {
		const family = ip.includes(':') ? 6 : 4;
		const span = [range.first, range.last].map((end) => formatIp({ family, value: end })).join('–');
		throw refuse('ip_addresses', `${ip} is in the dynamic range ${span}, whose addresses go to whoever asks.`);
	}
	const address = store.network.addresses.insert({
		ip,
		allocType: ALLOC.userReserved,
		subnetId: subnet?.id ?? null,
		userId: user.id,
	});
	return { address, made: true };
}

/** A user may change names of which every address is their own. */
function mayChange(store: Store, resource: DnsResource, user: User): void {
	if (user.isAdmin) return;
	const ids = store.dnsResources.addressesOf([resource.id]).get(resource.id) ?? [];
	const own = (id: number) => {
		const address = store.network.addresses.byId(id);
		if (address?.userId === user.id) return true;
		const nodeId = address?.interfaceId ? store.network.interfaces.byId(address.interfaceId)?.nodeId : undefined;
		return nodeId !== undefined && store.nodes.byId(nodeId)?.ownerId === user.id;
	};
	if (ids.length === 0 || !ids.every(own)) throw new Refusal('not-allowed', 'User is not allowed access to this API.');
}
