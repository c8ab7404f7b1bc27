import { cleanText } from '../../domain/clean.ts';
import type { Store } from '../../store/store.ts';

/** Keeps in mind that a host was heard (its DHCP, its answer to a probe), unless the operator has switched `network_discovery` off. */
export function hearHost(store: Store, host: { ip: string; mac: string; hostname: string | null; interfaceName: string }): void {
	if (store.config.text('network_discovery') !== 'enabled') return;
	store.discoveries.heard({ ...host, hostname: cleanText(host.hostname, 63) });
}
