import { type Preseed, preseed, type SiteServices, switchOffPreseed } from '../domain/cloudConfig.ts';
import { type BootPurpose, lifecycle } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import type { Store } from '../store/store.ts';

/** Errands that a machine does in memory: MAAS's images sign with its keys on them. */
const inMemory: readonly BootPurpose[] = ['enlist', 'commission', 'test', 'erase', 'rescue'];

export const isInMemory = ({ status }: Pick<Machine, 'status'>): boolean => inMemory.includes(lifecycle[status].boot);

/**
 * MAAS's preseed for its own images in memory. `base`: `http://host:port/MAAS/metadata/`, as the machine reached it. Keys are given
 * only while the machine has an errand: whoever asks is not known yet. A deployed machine has none, it starts from its disk.
 */
export function preseedOf(store: Store, machine: Machine, base: string): string | null {
	const purpose = lifecycle[machine.status].boot;
	if (purpose === 'local') return null;
	if (purpose === 'power-off') return switchOffPreseed();
	const keys = store.metadataKeys.current(machine.id) ?? store.metadataKeys.renew(machine.id);
	const deploying = purpose === 'deploy';
	return preseed(
		{
			metadataUrl: deploying ? `${base}curtin` : base,
			statusUrl: `${base}status/${machine.systemId}`,
			keys,
			packages: deploying ? ['python3-packaging'] : [...HELPERS, ...(purpose === 'erase' ? ['nvme-cli'] : [])],
			end: endOf(store, machine, purpose),
		},
		siteServices(store),
	);
}

/** For a machine that nobody knows yet. */
export const enlistPreseed = (store: Store, base: string): string =>
	preseed(
		{
			metadataUrl: `${base}enlist`,
			statusUrl: null,
			keys: null,
			packages: HELPERS,
			end: { mode: 'poweroff', timeout: 1800 },
		},
		siteServices(store),
	);

/** Time servers only where machines are to ask them themselves: this controller is none. */
export function siteServices(store: Store): SiteServices {
	const { config } = store;
	const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');
	return {
		proxy: config.flag('enable_http_proxy') && !config.flag('use_peer_proxy') ? config.text('http_proxy') || null : null,
		ntp: config.flag('ntp_external_only') ? words(config.text('ntp_servers')) : [],
		syslog: words(config.text('remote_syslog')),
		archive: store.packageRepositories.byName('main_archive')?.url ?? null,
	};
}

const HELPERS = ['python3-yaml', 'python3-oauthlib'];

/** A week for an erasure, an hour for all else, as MAAS. */
function endOf(store: Store, machine: Machine, purpose: BootPurpose): Preseed['end'] {
	const staysOn = store.results.openJob(machine.id)?.options.stayOn === true;
	if (purpose === 'rescue' || staysOn) return null;
	if (purpose === 'deploy') return { mode: 'reboot', timeout: 1800 };
	// its own system is to come up again after the tests
	if (machine.status === 'testing' && machine.previousStatus === 'deployed') return { mode: 'reboot', timeout: 1800 };
	return { mode: 'poweroff', timeout: purpose === 'erase' ? 604_800 : 3600 };
}
