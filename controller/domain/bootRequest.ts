import type { Ipv4, Mac } from './address.ts';

/** What a booting machine asks and what it is answered, in the words of the domain: nobody behind the services sees option numbers. */

export type FirmwareName = 'bios' | 'uefi-x64' | 'uefi-arm64' | 'uefi-http-x64' | 'uefi-http-arm64' | 'other' | 'none';

/** What asks. An installed system's DHCP client is `none`: it says no architecture. */
export interface Firmware {
	/** IANA's number of the processor architecture type (option 93); the first when several are given. */
	readonly arch: number | null;
	readonly name: FirmwareName;
	/** It is iPXE, in a ROM or chain-loaded; it must be given a script, never a loader again. */
	readonly ipxe: boolean;
	/** It wants to boot by TFTP, and takes only offers that say `PXEClient`. */
	readonly pxe: boolean;
	/** It wants to boot by HTTP, and takes only offers that say `HTTPClient`. */
	readonly http: boolean;
}

/** RFC 2131 4.3.2 tells four kinds of REQUEST apart: select, init-reboot, renew, rebind. */
export type DhcpRequestKind = 'discover' | 'select' | 'init-reboot' | 'renew' | 'rebind' | 'decline' | 'release' | 'inform';

export interface DhcpRequest {
	readonly kind: DhcpRequestKind;
	readonly mac: Mac;
	readonly xid: number;
	/** The address the client already uses, or null. */
	readonly ciaddr: Ipv4 | null;
	/** The address it wants; for renew and rebind, the one it uses. */
	readonly requestedIp?: Ipv4;
	/** The server it chose. */
	readonly serverId?: Ipv4;
	/** The relay that forwarded the request: its address tells the subnet. */
	readonly giaddr?: Ipv4;
	readonly relay?: RelayInfo;
	/** Printable ASCII, at most 63 characters. */
	readonly hostname?: string;
	/** Hex digits. */
	readonly clientId?: string;
	/** The machine's UUID as `dmidecode` prints it, lower case. */
	readonly uuid?: string;
	readonly firmware: Firmware;
	/** Printable ASCII, at most 255 characters. */
	readonly vendorClass?: string;
	/** The controller's interface that heard it. */
	readonly interface: string;
	/** Milliseconds since 1970. */
	readonly receivedAt: number;
}

/** RFC 3046: where a relay says the client is plugged in. Printable text where it is text, else hex digits. */
export interface RelayInfo {
	readonly circuitId?: string;
	readonly remoteId?: string;
}

export type DhcpAnswer =
	| ({ readonly kind: 'offer' | 'ack'; readonly address: Ipv4; readonly leaseSeconds: number } & DhcpSettings)
	/** To INFORM: settings without an address. */
	| ({ readonly kind: 'inform-ack' } & DhcpSettings)
	/** The client must start again; `message` says why, in words. */
	| { readonly kind: 'nak'; readonly message: string };

export interface DhcpSettings {
	readonly subnetMask: Ipv4;
	readonly routers?: readonly Ipv4[];
	readonly dnsServers?: readonly Ipv4[];
	readonly domain?: string;
	readonly hostname?: string;
	readonly boot?: BootTarget;
}

export interface BootTarget {
	/** A TFTP file name or a URL. */
	readonly file: string;
	/** The TFTP server when it is not this controller. */
	readonly nextServer?: Ipv4;
}

/** IANA "Processor Architecture Types". 9 is in use for x64 because RFC 4578 and its erratum differ. */
const ARCHITECTURES = new Map<number, FirmwareName>([
	[0, 'bios'],
	[7, 'uefi-x64'],
	[9, 'uefi-x64'],
	[11, 'uefi-arm64'],
	[16, 'uefi-http-x64'],
	[19, 'uefi-http-arm64'],
]);

/** `hasIpxeOptions` is the presence of option 175, iPXE's own space, by which it is known even when its user class was changed. */
export function recognizeFirmware(said: {
	arch: number | null;
	vendorClass: string;
	userClasses: readonly string[];
	hasIpxeOptions: boolean;
}): Firmware {
	return {
		arch: said.arch,
		name: said.arch === null ? 'none' : (ARCHITECTURES.get(said.arch) ?? 'other'),
		ipxe: said.hasIpxeOptions || said.userClasses.includes('iPXE'),
		pxe: said.vendorClass.startsWith('PXEClient'),
		http: said.vendorClass.startsWith('HTTPClient'),
	};
}
