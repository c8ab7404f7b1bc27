import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openLog } from '../../main/log.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'log-'));
const file = path.join(folder, 'metaldesk.log');
const log = openLog(file);
test.after(() => rmSync(folder, { recursive: true }));

test("the desktop's and the controller's lines are in one file, each at its level", () => {
	log.info('The window opens.');
	log.controllerLine('{"level":40,"part":"dhcp","msg":"pool nearly used up","left":3}', 'errors');
	log.controllerLine('ready http://127.0.0.1:5240/MAAS', 'output');
	log.controllerLine('Segmentation fault', 'errors');
	assert.deepEqual(readLines().slice(-4), [
		'info The window opens.',
		'warn [controller] dhcp: pool nearly used up {"left":3}',
		'info [controller] ready http://127.0.0.1:5240/MAAS',
		'error [controller] Segmentation fault',
	]);
});

test('no name of a machine can forge a line or reprogram a terminal', () => {
	log.controllerLine(
		JSON.stringify({ level: 30, msg: 'host says a\n2026-01-01 error forged\u001b]0;title\u0007 %s %o' }),
		'errors',
	);
	assert.equal(readLines().at(-1), 'info [controller] host says a·2026-01-01 error forged·]0;title· %s %o');
});

test('at five megabytes a new file begins and one old one is kept', () => {
	const line = 'x'.repeat(100_000);
	for (let written = 0; written < 120; written++) log.info(line);
	assert.deepEqual(readdirSync(folder).sort(), ['metaldesk.log', 'metaldesk.old.log']);
	for (const name of readdirSync(folder)) assert.ok(statSync(path.join(folder, name)).size < 5.2 * 1024 ** 2, name);
});

/** The lines without their times. */
function readLines(): string[] {
	const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
	return lines.map((line) => line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} /, ''));
}
