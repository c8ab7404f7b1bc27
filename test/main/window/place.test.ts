import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OpeningPlace, openingPlace } from '../../../main/window/place.ts';

const laptop = { x: 0, y: 28, width: 1440, height: 872 };
const left = { x: -1920, y: 0, width: 1920, height: 1080 };
const saved = { x: -1800, y: 40, width: 1000, height: 700, maximised: false };

const starts: { name: string; from: typeof saved | undefined; screens: (typeof laptop)[]; place: OpeningPlace }[] = [
	{ name: 'the first time', from: undefined, screens: [laptop], place: { width: 1280, height: 800, maximised: false } },
	{
		name: 'where it was',
		from: saved,
		screens: [laptop, left],
		place: { x: -1800, y: 40, width: 1000, height: 700, maximised: false },
	},
	{
		name: 'maximised where it was',
		from: { ...saved, maximised: true },
		screens: [laptop, left],
		place: { x: -1800, y: 40, width: 1000, height: 700, maximised: true },
	},
	{ name: 'without the screen it was on', from: saved, screens: [laptop], place: { width: 1000, height: 700, maximised: false } },
	{
		name: 'with less than a grip on the screen',
		from: { ...saved, x: 1440 - 119 },
		screens: [laptop],
		place: { width: 1000, height: 700, maximised: false },
	},
	{
		name: 'with its title above the screen',
		from: { ...saved, x: 100, y: -40 },
		screens: [laptop],
		place: { width: 1000, height: 700, maximised: false },
	},
	{
		name: 'larger than the screen of today',
		from: { x: 0, y: 28, width: 3840, height: 2160, maximised: false },
		screens: [laptop],
		place: { x: 0, y: 28, width: 1440, height: 872, maximised: false },
	},
	{
		name: 'smaller than is usable',
		from: { x: 10, y: 30, width: 1, height: 1, maximised: false },
		screens: [{ ...laptop, x: -200 }],
		place: { width: 760, height: 520, maximised: false },
	},
];
for (const { name, from, screens, place } of starts) {
	test(`the window opens ${name}`, () => assert.deepEqual(openingPlace(from, screens), place));
}
