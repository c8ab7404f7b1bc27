import type { DhcpRequest } from '../../domain/bootRequest.ts';
import { readSnippet, type SnippetSettings } from '../../domain/dhcpSnippet.ts';
import { compareIp, parseIp } from '../../domain/network/ip.ts';
import type { Store } from '../../store/store.ts';
import { subnetOf } from '../network/subnetFacts.ts';

/** What DHCP snippets say for this client: those of the rack, of its subnet, of the range of its address, and of itself. */
export function snippetSettings(store: Store, server: string, { mac, requestedIp, ciaddr }: DhcpRequest): SnippetSettings {
	if (!store.dhcpSnippets.anyEnabled()) return {};
	const subnet = subnetOf(store, server);
	const nodeId = store.network.interfaces.byMac(mac)?.nodeId ?? store.machines.byMac(mac)?.id ?? null;
	const address = requestedIp ?? ciaddr ?? store.leases.lastOf(mac);
	const rangeId = subnet && address ? rangeOf(store, subnet.id, address) : null;
	let settings: SnippetSettings = {};
	for (const value of store.dhcpSnippets.valuesFor({ nodeId, subnetId: subnet?.id ?? null, rangeId })) {
		const snippet = readSnippet(value);
		if (!('problem' in snippet)) settings = { ...settings, ...snippet.settings };
	}
	return settings;
}

function rangeOf(store: Store, subnetId: number, address: string): number | null {
	const ip = parseIp(address);
	if (!ip) return null;
	const holds = ({ startIp, endIp }: { startIp: string; endIp: string }) => {
		const [start, end] = [parseIp(startIp), parseIp(endIp)];
		return start !== null && end !== null && compareIp(start, ip) <= 0 && compareIp(ip, end) <= 0;
	};
	return store.network.ranges.inSubnet(subnetId).find(holds)?.id ?? null;
}
