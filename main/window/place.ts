import type { Rectangle } from 'electron';
import type { WindowPlace } from '../settings/settings.ts';

/** Where the window opens; without `x` and `y` the system centres it. */
export interface OpeningPlace {
	readonly width: number;
	readonly height: number;
	readonly x?: number;
	readonly y?: number;
	readonly maximised: boolean;
}

export const smallest = { width: 760, height: 520 };
const usual = { width: 1280, height: 800, maximised: false };

/** As much of the top edge as a hand needs to drag the window back. */
const grip = { width: 120, height: 32 };

/**
 * The place from last time if it can still be seen and reached on the screens of today (`workAreas`, at least one), otherwise the usual
 * size in the middle. A window that has become larger than its screen is cut to it.
 */
export function openingPlace(saved: WindowPlace | undefined, workAreas: readonly Rectangle[]): OpeningPlace {
	const place = saved ?? usual;
	const home = saved && workAreas.find((area) => canBeGripped(saved, area));
	const { width, height } = home ?? workAreas[0] ?? usual;
	const size = {
		width: Math.min(Math.max(place.width, smallest.width), width),
		height: Math.min(Math.max(place.height, smallest.height), height),
		maximised: place.maximised,
	};
	return home ? { ...size, x: saved.x, y: saved.y } : size;
}

function canBeGripped(place: WindowPlace, area: Rectangle): boolean {
	const visible = Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x);
	return visible >= grip.width && place.y >= area.y - grip.height && place.y <= area.y + area.height - grip.height;
}
