/** The desktop's own preferences, those of this person on this computer. What the controller does is kept by the controller. */
export interface Settings {
	/** `undefined` until the window was closed once. */
	readonly window: WindowPlace | undefined;
	/** What closing the window does while machines are being served. */
	readonly onCloseWhileServing: CloseChoice | 'ask';
}

/** In the screen's device-independent pixels; x and y may be negative on a second screen. */
export interface WindowPlace {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly maximised: boolean;
}

export type CloseChoice = 'quit' | 'keepServing';

export const defaultSettings: Settings = { window: undefined, onCloseWhileServing: 'ask' };

/** Reads settings out of parsed JSON. Throws an Error that names the field; unknown fields are left out. */
export function readSettings(value: unknown): Settings {
	const settings = readRecord(value, 'the file');
	return {
		window: settings.window === undefined ? undefined : readPlace(settings.window),
		onCloseWhileServing: readCloseChoice(settings.onCloseWhileServing ?? defaultSettings.onCloseWhileServing),
	};
}

function readPlace(value: unknown): WindowPlace {
	const place = readRecord(value, 'window');
	if (typeof place.maximised !== 'boolean') throw new Error('window.maximised is not true or false');
	return {
		x: readPixels(place.x, 'window.x'),
		y: readPixels(place.y, 'window.y'),
		width: readPixels(place.width, 'window.width'),
		height: readPixels(place.height, 'window.height'),
		maximised: place.maximised,
	};
}

function readCloseChoice(value: unknown): Settings['onCloseWhileServing'] {
	if (value === 'ask' || value === 'quit' || value === 'keepServing') return value;
	throw new Error('onCloseWhileServing is not ask, quit or keepServing');
}

function readPixels(value: unknown, field: string): number {
	if (Number.isInteger(value) && Math.abs(value as number) <= 100_000) return value as number;
	throw new Error(`${field} is not a whole number of pixels`);
}

function readRecord(value: unknown, field: string): Record<string, unknown> {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	throw new Error(`${field} is not an object`);
}
