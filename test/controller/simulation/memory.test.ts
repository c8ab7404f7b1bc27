import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { openRackMemory } from '../../../controller/simulation/memory.ts';

function fileOf(t: TestContext): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'metaldesk-memory-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return path.join(folder, 'rack.json');
}
const installed = { metadataUrl: 'http://10.77.0.1/', statusUrl: 'http://10.77.0.1/status', authorization: 'OAuth x' };

test('a new rack remembers nothing; what has changed is there in the next run, in one whole file', (t) => {
	const file = fileOf(t);
	const memory = openRackMemory(file);
	assert.deepEqual([memory.block, memory.machines.size], [null, 0]);
	memory.block = 3;
	memory.machines.set(7, { on: true, installed });
	memory.changed();
	memory.save();
	const again = openRackMemory(file);
	assert.deepEqual([again.block, [...again.machines]], [3, [[7, { on: true, installed }]]]);
	assert.deepEqual(readdirSync(path.dirname(file)), ['rack.json']);
});

test('without a change nothing is written', (t) => {
	const file = fileOf(t);
	openRackMemory(file).save();
	assert.deepEqual(readdirSync(path.dirname(file)), []);
});

test('a file that was cut is a new rack', (t) => {
	const file = fileOf(t);
	writeFileSync(file, '{"block":3,"machi');
	assert.equal(openRackMemory(file).block, null);
});
