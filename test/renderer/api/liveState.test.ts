import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyLive, type LiveState, nothingYet } from '../../../renderer/api/liveState.ts';
import type { LiveMessage, MachineView } from '../../../renderer/api/views.ts';
import { rack } from '../../support/fixture/rack.ts';

const machines = rack(Date.parse('2026-11-22T12:00:00Z'));
const [first, second] = machines as [MachineView, MachineView];
const after = (...messages: LiveMessage[]): LiveState => messages.reduce(applyLive, nothingYet);
const output = (offset: number, text: string): LiveMessage => ({
	type: 'output',
	systemId: first.systemId,
	resultId: 7,
	offset,
	text,
});

describe('what the socket says becomes the state of the page', () => {
	it('takes lists whole and machines one by one', () => {
		const renamed = { ...second, hostname: 'renamed' };
		const state = after({ type: 'machines', machines: [first, second] }, { type: 'machine', machine: renamed });
		assert.deepEqual(state.machines, [first, renamed]);
	});

	it('adds a machine that it did not know, and drops one that is gone', () => {
		const state = after(
			{ type: 'machines', machines: [first] },
			{ type: 'machine', machine: second },
			{ type: 'machine-gone', systemId: first.systemId },
		);
		assert.deepEqual(state.machines, [second]);
	});

	it('asks for details anew after news of them, and for all after a new connection', () => {
		const changed = after({ type: 'machine-detail', systemId: 'abc' }, { type: 'machine-detail', systemId: 'abc' });
		assert.deepEqual(changed.revisions, { abc: 2 });
		assert.deepEqual(applyLive(changed, { type: 'hello', version: '1', pid: 1 }).revisions, { abc: 3 });
	});

	it('joins pieces of output that follow each other, counting bytes', () => {
		assert.deepEqual(after(output(0, 'grün\n'), output(6, 'rot\n')).outputs[7], { offset: 0, text: 'grün\nrot\n', torn: false });
	});

	it('marks output torn when a piece is missing', () => {
		assert.deepEqual(after(output(0, 'abc'), output(9, 'xyz')).outputs[7], { offset: 9, text: 'xyz', torn: true });
	});

	it('forgets tails of output with a new connection, since pieces may have been missed', () => {
		assert.deepEqual(after(output(0, 'abc'), { type: 'hello', version: '1', pid: 1 }).outputs, {});
	});

	it('stays as it is for a message that only a newer controller sends', () => {
		assert.equal(applyLive(nothingYet, { type: 'from-the-future' } as unknown as LiveMessage), nothingYet);
	});
});
