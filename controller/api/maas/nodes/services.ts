import type { ServiceState } from '../../../flows/serveInterface.ts';

export interface ServiceObject {
	readonly name: string;
	readonly status: 'running' | 'degraded' | 'dead' | 'off';
	readonly status_info: string;
}

/** MAAS's names for what the rack side of this program opens. */
const names = { dhcp: 'dhcpd', tftp: 'tftp', 'http-boot': 'http' } as const;

/** Services of MAAS that do not run here as programs of their own. */
const absent = ['dhcpd6', 'ntp_rack', 'dns_rack', 'proxy_rack', 'syslog_rack', 'bind9', 'ntp_region', 'proxy', 'syslog_region'];

/** How the services stand, each over all interfaces that are served (facts §2.7): what answers this runs. */
export function servicesOf(open: readonly ServiceState[]): ServiceObject[] {
	return [
		...(['rackd', 'regiond'] as const).map((name) => ({ name, status: 'running' as const, status_info: '' })),
		...Object.entries(names).map(([kind, name]) => ({ name, ...standing(open.filter((each) => each.name === kind)) })),
		...absent.map((name) => ({ name, status: 'off' as const, status_info: '' })),
	];
}

function standing(places: readonly ServiceState[]): Omit<ServiceObject, 'name'> {
	const broken = places.filter((place) => place.problem !== null);
	const status =
		places.length === 0 ? 'off' : broken.length === 0 ? 'running' : broken.length < places.length ? 'degraded' : 'dead';
	return { status, status_info: broken.map(({ where, problem }) => `${where}: ${problem?.text}`).join(' ') };
}
