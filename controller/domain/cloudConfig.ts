import { parseIp } from './network/ip.ts';

/** The OAuth keys of one machine, as its cloud-init signs with them; the consumer secret is always empty. */
export interface DatasourceKeys {
	readonly consumerKey: string;
	readonly tokenKey: string;
	readonly tokenSecret: string;
}

/** What the site offers to the systems on its machines. */
export interface SiteServices {
	/** a proxy for packages */
	readonly proxy: string | null;
	/** time servers: addresses and names */
	readonly ntp: readonly string[];
	/** addresses of log servers */
	readonly syslog: readonly string[];
	/** Ubuntu's package archive */
	readonly archive: string | null;
}

/** JSON is YAML too (YAML 1.2 §1.3), and needs no rules for what has to be quoted. */
export const cloudConfig = (value: Readonly<Record<string, unknown>>): string =>
	`#cloud-config\n${JSON.stringify(value, null, 1)}\n`;

/**
 * MAAS's vendor-data: what its owner's user-data may still override. `ephemeral`: a system in memory, in which netplan's state of the
 * initramfs has to go before another network can be set up.
 */
export function vendorData({ proxy, ntp }: SiteServices, ephemeral: boolean): string {
	const config = cloudConfig({
		...snapProxy(proxy),
		...timeServers(ntp),
		...(ephemeral ? { runcmd: ['rm -rf /run/netplan'] } : {}),
	});
	return `${JSON.stringify({ 'cloud-init': config })}\n`;
}

export interface Preseed {
	/** base of the metadata service: `http://host:port/MAAS/metadata/` */
	readonly metadataUrl: string;
	/** where stages are reported; `null`: nowhere (a machine that is not known yet) */
	readonly statusUrl: string | null;
	readonly keys: DatasourceKeys | null;
	readonly packages: readonly string[];
	/** what the system in memory does when it has done everything; `null`: it stays */
	readonly end: { readonly mode: 'poweroff' | 'reboot'; readonly timeout: number } | null;
}

/** What a system in memory is told by `cloud-config-url` on its kernel command line, before it looks for any datasource (facts §6.7). */
export function preseed({ metadataUrl, statusUrl, keys, packages, end }: Preseed, site: SiteServices): string {
	const signed = keys && { consumer_key: keys.consumerKey, token_key: keys.tokenKey, token_secret: keys.tokenSecret };
	return cloudConfig({
		datasource: { MAAS: { metadata_url: metadataUrl, ...signed } },
		manage_etc_hosts: true,
		packages,
		...(site.syslog.length > 0 ? { rsyslog: { remotes: { maas: site.syslog[0] } } } : {}),
		...(statusUrl && signed ? { reporting: { maas: { type: 'webhook', endpoint: statusUrl, ...signed } } } : {}),
		apt: {
			preserve_sources_list: false,
			...(site.archive ? { primary: [{ arches: ['default'], uri: site.archive }] } : {}),
			...(site.proxy ? { proxy: site.proxy } : {}),
		},
		...snapProxy(site.proxy),
		...timeServers(site.ntp),
		...(end ? { power_state: { delay: 'now', ...end, condition: `test ! -e /tmp/block-${end.mode}` } } : {}),
	});
}

/** A machine that has nothing to do in memory switches itself off. */
export const switchOffPreseed = (): string => cloudConfig({ power_state: { delay: 'now', mode: 'poweroff', timeout: 3600 } });

const snapProxy = (proxy: string | null) =>
	proxy === null ? {} : { snap: { commands: [['snap', 'set', 'system', `proxy.http=${proxy}`, `proxy.https=${proxy}`]] } };

/** cloud-init's module takes addresses as servers, and names, behind which there may be many, as pools. */
const timeServers = (ntp: readonly string[]) =>
	ntp.length === 0 ? {} : { ntp: { servers: ntp.filter(isAddress), pools: ntp.filter((each) => !isAddress(each)) } };

const isAddress = (text: string): boolean => parseIp(text) !== null;
