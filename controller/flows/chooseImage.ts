import { bootFiles, systemOf } from '../domain/bootFile.ts';
import { cleanLine } from '../domain/clean.ts';
import { Refusal } from '../domain/errors.ts';
import type { BootImage } from '../store/images.ts';
import type { BootResource, ResourceSet } from '../store/library/bootResourceRows.ts';
import type { Store } from '../store/store.ts';

/** What a client asks to be installed, as MAAS's `deploy` takes it. */
export interface WantedSystem {
	readonly osystem?: string | null | undefined;
	/** `jammy`, `ubuntu/jammy`, `custom/x`, `x`, the number of an image; empty: the default */
	readonly distroSeries?: string | null | undefined;
	/** the machine's, `amd64/generic`; `null`: any */
	readonly architecture?: string | null | undefined;
}

export interface ChosenImage {
	readonly image: BootImage;
	readonly osystem: string;
	readonly distroSeries: string;
	readonly resource: BootResource;
}

/**
 * The image that is installed for these words: the newest version of the resource that has this name and is for this architecture.
 * Nothing wanted means `fallback`, which is configured, or the only image there is. Throws Refusal `bad-input` with field distro_series: in MAAS's words and
 * with all choices for a name that is none, with the reason for a resource that can't be deployed.
 */
export function imageFor(
	store: Store,
	{ osystem, distroSeries, architecture }: WantedSystem,
	fallback: { osystem: string; distroSeries: string },
): ChosenImage {
	const fitting = store.bootResources.list().filter((each) => fits(each, architecture ?? null));
	const images = new Map(store.images.list().map((image) => [image.id, image]));
	const deployable = fitting.filter((each) => each.sets.some((set) => set.imageId !== null));
	const series = distroSeries?.trim() ?? '';
	const asked = series === '' ? [] : spellings(osystem?.trim() ?? '', series);
	const names = asked.length > 0 ? asked : spellings(fallback.osystem, fallback.distroSeries);

	const found =
		names.map((name) => fitting.find((each) => each.name === name)).find((each) => each !== undefined) ??
		fitting.find((each) => /^\d{1,15}$/.test(series) && each.sets.some((set) => set.imageId === Number(series))) ??
		// an operator with one image means this one
		(series === '' && deployable.length === 1 ? deployable[0] : undefined);
	if (!found) {
		const choices = deployable.map(({ name }) => `'${fullName(name)}'`).join(', ');
		const text = `'${cleanLine(names[0] ?? '')}' is not a valid distro_series.  It should be one of: ${choices || 'no image is here'}.`;
		throw new Refusal('bad-input', text, { field: 'distro_series' });
	}
	const byNumber = found.sets.find((set) => !asked.includes(found.name) && String(set.imageId) === series);
	const set = byNumber ?? found.sets.find((each) => each.imageId !== null);
	const image = set?.imageId == null ? undefined : images.get(set.imageId);
	if (!image) throw new Refusal('bad-input', `'${fullName(found.name)}' ${whyNot(found.sets)}`, { field: 'distro_series' });
	return { image, ...systemOf(found.name), resource: found };
}

/** Under which names a resource may be kept for what was written: first the most exact one. */
function spellings(osystem: string, series: string): string[] {
	const bare = series.replace(/^custom\//, '');
	if (series.includes('/') || osystem === 'custom') return [bare];
	return osystem !== '' ? [`${osystem}/${series}`] : [series, `ubuntu/${series}`];
}

/** As a client writes it. */
const fullName = (name: string) => Object.values(systemOf(name)).join('/');

const fits = (resource: BootResource, architecture: string | null): boolean =>
	architecture === null || resource.architecture.split('/')[0] === architecture.split('/')[0];

/** Why there is no image in any of these versions, of which the newest one is told. */
function whyNot(sets: readonly ResourceSet[]): string {
	const newest = sets.find((set) => set.complete) ?? sets[0];
	if (!newest?.complete) return 'has not been uploaded to its end.';
	if (newest.problem !== null) return `can’t be deployed: ${newest.problem}`;
	if (bootFiles[newest.filetype].holds === 'root')
		return 'is the root file system of a system (a tar archive), and this version of Metaldesk writes whole disks only: upload a disk image, with filetype ddraw, ddgz or ddxz.';
	return 'is still being checked and converted: try again in a moment.';
}
