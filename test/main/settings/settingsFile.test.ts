import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { defaultSettings } from '../../../main/settings/settings.ts';
import { openSettingsFile } from '../../../main/settings/settingsFile.ts';

test('a first start has the defaults and leaves no file', (t) => {
	const { file, folder, warnings, open } = place(t);
	assert.deepEqual(open().current(), defaultSettings);
	assert.deepEqual([readdirSync(folder), warnings], [[], []]);
	assert.equal(path.dirname(file), folder);
});

test('a change is there after the next start, and nothing else is left in the folder', (t) => {
	const { folder, warnings, open } = place(t);
	open().change({ onCloseWhileServing: 'quit' });
	open().change({ window: { x: 1, y: 2, width: 300, height: 400, maximised: true } });
	assert.deepEqual(open().current(), {
		onCloseWhileServing: 'quit',
		window: { x: 1, y: 2, width: 300, height: 400, maximised: true },
	});
	assert.deepEqual([readdirSync(folder), warnings], [['settings.json'], []]);
});

for (const [name, text] of Object.entries({
	'cut off': '{"window": {',
	empty: '',
	'not settings': '{"onCloseWhileServing": 3}',
	binary: '\u0000\u0001',
})) {
	test(`a file that is ${name} is set aside with a warning`, (t) => {
		const { file, folder, warnings, open } = place(t);
		writeFileSync(file, text);
		assert.deepEqual(open().current(), defaultSettings);
		assert.deepEqual(readdirSync(folder), ['settings.json.broken']);
		assert.equal(readFileSync(`${file}.broken`, 'utf8'), text);
		assert.equal(warnings.length, 1);
		assert.match(warnings[0] ?? '', /^The settings in .* are broken \(.+\); they were set aside as .*settings\.json\.broken\.$/);
	});
}

test('a file that can not be written costs a warning only', (t) => {
	const { file, warnings, open } = place(t);
	const settings = open();
	mkdirSync(file); // a folder of that name can't be replaced by a file, not even by root
	settings.change({ onCloseWhileServing: 'quit' });
	assert.equal(settings.current().onCloseWhileServing, 'quit');
	assert.match(warnings[0] ?? '', /^The settings could not be written to .*: .*EISDIR/);
	assert.equal(readdirSync(path.dirname(file)).length, 1);
});

function place(t: TestContext) {
	const folder = mkdtempSync(path.join(tmpdir(), 'settings-'));
	t.after(() => rmSync(folder, { recursive: true }));
	const file = path.join(folder, 'settings.json');
	const warnings: string[] = [];
	return { folder, file, warnings, open: () => openSettingsFile(file, (text) => warnings.push(text)) };
}
