import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explanationIn, readLogLine } from '../../../main/supervisor/logLine.ts';

const lines = [
	{
		line: '{"level":30,"time":"2026-01-01T00:00:00Z","part":"dhcp","msg":"offer sent","mac":"52:54:00:00:00:01"}',
		entry: { level: 'info', text: 'dhcp: offer sent {"mac":"52:54:00:00:00:01"}' },
		explanation: undefined,
	},
	{ line: '{"level":20,"msg":"hello"}', entry: { level: 'debug', text: 'hello' }, explanation: undefined },
	{ line: '{"level":40,"msg":"slow"}', entry: { level: 'warn', text: 'slow' }, explanation: undefined },
	{
		line: '{"level":60,"msg":"the disk is full"}',
		entry: { level: 'error', text: 'the disk is full' },
		explanation: 'the disk is full',
	},
	{ line: '{"level":"high"', entry: { level: 'error', text: '{"level":"high"' }, explanation: undefined },
	{
		line: 'TypeError [ERR_X]: port is not a number',
		entry: { level: 'error', text: 'TypeError [ERR_X]: port is not a number' },
		explanation: 'port is not a number',
	},
	{
		line: '    at serve (process.ts:3:1)',
		entry: { level: 'error', text: '    at serve (process.ts:3:1)' },
		explanation: undefined,
	},
	{ line: 'Node.js v24.21.0', entry: { level: 'error', text: 'Node.js v24.21.0' }, explanation: undefined },
];
for (const { line, entry, explanation } of lines) {
	test(`the controller's line ${line}`, () => {
		assert.deepEqual(readLogLine(line, 'errors'), entry);
		assert.equal(explanationIn(line), explanation);
	});
}

test('what is meant for a terminal is information', () => {
	assert.deepEqual(readLogLine('ready http://127.0.0.1:5240/MAAS', 'output'), {
		level: 'info',
		text: 'ready http://127.0.0.1:5240/MAAS',
	});
});
