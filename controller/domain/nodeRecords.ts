/** An address of one of a node's interfaces. */
export interface NamedAddress {
	readonly interface: string;
	/** the node boots from this card, or this stands on it */
	readonly boots: boolean;
	readonly kind: 'physical' | 'bond' | 'bridge' | 'vlan';
	readonly ip: string;
}

/**
 * The names that a node has in its domain without anybody making them (facts §10.3): its host name is one IPv4 and one IPv6 address,
 * of the interface that it boots from where that has some, and of a bridge or bond upon it rather; all others are called
 * `<interface>.<host name>`.
 */
export function nodeRecords(
	hostname: string,
	addresses: readonly NamedAddress[],
): { name: string; type: 'A' | 'AAAA'; ip: string }[] {
	const typeOf = (ip: string) => (ip.includes(':') ? 'AAAA' : 'A');
	const rank = ({ boots, kind }: NamedAddress) => (boots ? (kind === 'bridge' ? 0 : kind === 'bond' ? 1 : 2) : 3);
	const main = new Map<string, NamedAddress>();
	for (const address of addresses.toSorted((a, b) => rank(a) - rank(b))) {
		const type = typeOf(address.ip);
		if (!main.has(type)) main.set(type, address);
	}
	return addresses.map((address) => {
		const type = typeOf(address.ip);
		return { name: main.get(type) === address ? hostname : `${address.interface}.${hostname}`, type, ip: address.ip };
	});
}
