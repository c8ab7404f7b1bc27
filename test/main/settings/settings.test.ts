import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSettings, readSettings, type Settings } from '../../../main/settings/settings.ts';

const place = { x: -1200, y: 20, width: 1280, height: 800, maximised: false };

const readable: { name: string; json: unknown; settings: Settings }[] = [
	{ name: 'an empty object', json: {}, settings: defaultSettings },
	{
		name: 'everything',
		json: { window: place, onCloseWhileServing: 'keepServing' },
		settings: { window: place, onCloseWhileServing: 'keepServing' },
	},
	{ name: 'a field of a later version', json: { theme: 'dark' }, settings: defaultSettings },
];
for (const { name, json, settings } of readable) {
	test(`settings are read from ${name}`, () => assert.deepEqual(readSettings(json), settings));
}

const broken: { json: unknown; error: string }[] = [
	{ json: [], error: 'the file is not an object' },
	{ json: null, error: 'the file is not an object' },
	{ json: { window: 7 }, error: 'window is not an object' },
	{ json: { window: { ...place, width: '1280' } }, error: 'window.width is not a whole number of pixels' },
	{ json: { window: { ...place, x: 1e9 } }, error: 'window.x is not a whole number of pixels' },
	{ json: { window: { ...place, maximised: 1 } }, error: 'window.maximised is not true or false' },
	{ json: { onCloseWhileServing: 'never' }, error: 'onCloseWhileServing is not ask, quit or keepServing' },
];
for (const { json, error } of broken) {
	test(`${JSON.stringify(json)} is refused: ${error}`, () => assert.throws(() => readSettings(json), { message: error }));
}
