/** What names in constraints may stand for. Read once per question; names that are not in it are refused, as MAAS does. */
export interface Known {
	readonly zones: ReadonlySet<string>;
	readonly pools: ReadonlySet<string>;
	readonly tags: ReadonlySet<string>;
	/** user names */
	readonly owners: ReadonlySet<string>;
	/** `amd64/generic` */
	readonly architectures: ReadonlySet<string>;
	readonly fabrics: readonly { readonly id: number; readonly name: string; readonly classType: string | null }[];
	readonly vlans: readonly {
		readonly id: number;
		readonly vid: number;
		readonly name: string | null;
		readonly fabricId: number;
		readonly spaceId: number | null;
	}[];
	readonly subnets: readonly { readonly id: number; readonly cidr: string; readonly name: string; readonly vlanId: number }[];
	readonly spaces: readonly { readonly id: number; readonly name: string }[];
	/** The subnets that an interface has links to; empty for an id of no interface. */
	subnetsOfInterface(interfaceId: number): readonly number[];
}

/** Recognised even where no machine and no image has them yet. */
export const usualArchitectures: readonly string[] = [
	'amd64/generic',
	'arm64/generic',
	'armhf/generic',
	'i386/generic',
	'ppc64el/generic',
	's390x/generic',
];
