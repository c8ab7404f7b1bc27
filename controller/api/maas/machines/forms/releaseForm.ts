import { lifecycle, type Status } from '../../../../domain/lifecycle.ts';
import type { EraseMode } from '../../../../domain/machine.ts';
import type { Store } from '../../../../store/store.ts';
import { boolean, list, text, type Values } from '../../parameters.ts';

/** What release takes (facts §11.4). */
export const releaseFields = {
	comment: text('Goes into the machine’s history.', { max: 1000 }),
	erase: boolean('Erase its disks first; fully, unless quick_erase is given.'),
	secure_erase: boolean('Erase by the disk’s own command; where there is none, quickly if that is given too, else fully.'),
	quick_erase: boolean('Erase signatures and both ends of each disk.'),
	force: boolean('Taken for older clients; changes nothing.'),
	scripts: list('Release scripts to run, by name or tag; wipe-disks erases.'),
};

/** MAAS's list; our table has an edge for each. */
export const isReleasable = (status: Status): boolean => 'release' in lifecycle[status].moves;
/** Asking again does no harm. */
export const isFree = (status: Status): boolean => status === 'ready' || status === 'releasing';

const WIPE = 'wipe-disks';

/** How the disks are erased, and which scripts run beside it: what was asked for, and what the configuration demands of each release. */
export function readRelease(store: Store, input: Partial<Values<typeof releaseFields>>): { erase: EraseMode; scripts: string[] } {
	const { erase, secure_erase: secure, quick_erase: quick, scripts = [] } = input;
	const others = scripts.filter((word) => word !== WIPE);
	if (erase || secure || quick || others.length < scripts.length) return { erase: quick ? 'quick' : 'full', scripts: others };
	const { config } = store;
	if (!config.flag('enable_disk_erasing_on_release')) return { erase: 'none', scripts: others };
	return { erase: config.flag('disk_erase_with_quick_erase') ? 'quick' : 'full', scripts: others };
}
