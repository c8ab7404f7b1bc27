import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BootView, StageView } from '../../../../../renderer/api/views.ts';
import { draw, shortName, slowness, ticks } from '../../../../../renderer/features/machines/timeline/lanes.ts';

const start = Date.parse('2026-11-22T12:00:00Z');

function stage(name: string, lane: string, at: number, ms: number | null, more: Partial<StageView> = {}): StageView {
	return {
		stage: name,
		lane,
		text: name,
		startedAt: new Date(start + at).toISOString(),
		ms,
		expectedMs: null,
		state: ms === null ? 'running' : 'done',
		cause: null,
		nextStep: null,
		resultId: null,
		...more,
	};
}
function boot(stages: StageView[], state: BootView['state'] = 'done'): BootView {
	return { id: 1, startedAt: new Date(start).toISOString(), endedAt: null, purpose: 'commission', state, verdict: null, stages };
}
const places = (drawing: ReturnType<typeof draw>) =>
	drawing.lanes.map((lane) => [lane.name, lane.rows.map((row) => row.map((bar) => [bar.stage.stage, bar.at, bar.width]))]);

describe('a boot drawn as lanes', () => {
	it('puts stages where they were, to scale, lanes in the order of a boot', () => {
		const drawing = draw(boot([stage('kernel', 'kernel', 60_000, 40_000), stage('dhcp', 'dhcp', 0, 10_000)]), start);
		assert.equal(drawing.spanMs, 100_000);
		assert.deepEqual(places(drawing), [
			['dhcp', [[['dhcp', 0, 0.1]]]],
			['kernel', [[['kernel', 0.6, 0.4]]]],
		]);
	});

	it('draws a running stage up to now, with room to grow', () => {
		const drawing = draw(boot([stage('agent', 'agent', 0, null)], 'running'), start + 10_000);
		const [bar] = drawing.lanes[0]?.rows[0] ?? [];
		assert.equal(drawing.spanMs, 10_600);
		assert.equal(bar?.width, 10_000 / 10_600);
	});

	it('gives stages that overlap rows of their own', () => {
		const drawing = draw(
			boot([stage('a', 'scripts', 0, 50_000), stage('b', 'scripts', 20_000, 50_000), stage('c', 'scripts', 50_000, 50_000)]),
			start,
		);
		assert.deepEqual(
			drawing.lanes[0]?.rows.map((row) => row.map((bar) => bar.stage.stage)),
			[['a', 'c'], ['b']],
		);
	});

	it('keeps a stage of no length in sight and inside', () => {
		const [bar] = draw(boot([stage('x', 'dhcp', 0, 60_000), stage('y', 'loader', 60_000, 0)]), start).lanes[1]?.rows[0] ?? [];
		assert.ok(bar && bar.width > 0 && bar.at + bar.width <= 1);
	});

	it('puts a lane that a newer controller adds after those it knows', () => {
		const drawing = draw(boot([stage('firmware', 'firmware', 0, 1000), stage('power', 'power', 0, 1000)]), start);
		assert.deepEqual(
			drawing.lanes.map((lane) => lane.name),
			['power', 'firmware'],
		);
	});

	it('survives a boot without stages, and a clock that went backwards', () => {
		assert.deepEqual(draw(boot([]), start).lanes, []);
		const early = draw(boot([stage('agent', 'agent', 5000, null)], 'running'), start);
		assert.ok(Number.isFinite(early.spanMs) && early.spanMs > 0);
	});
});

describe('the scale', () => {
	const steps: [spanMs: number, labels: number[]][] = [
		[1000, [0, 200, 400, 600, 800, 1000]],
		[70_000, [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000]],
		[1_000_000, [0, 300_000, 600_000, 900_000]],
	];
	for (const [spanMs, labels] of steps) {
		it(`of ${spanMs} ms has round times and few of them`, () => {
			assert.deepEqual(
				ticks(spanMs).map((tick) => tick.ms),
				labels,
			);
		});
	}
});

describe('words for a stage', () => {
	it('says slow only when history and duration are known and far apart', () => {
		assert.equal(slowness(stage('x', 'dhcp', 0, 2000, { expectedMs: 1000 })), '2.0 × usual');
		assert.equal(slowness(stage('x', 'dhcp', 0, 1400, { expectedMs: 1000 })), null);
		assert.equal(slowness(stage('x', 'dhcp', 0, null, { expectedMs: 1000 })), null);
		assert.equal(slowness(stage('x', 'dhcp', 0, 2000)), null);
	});
	it('drops what the lane says already', () => {
		assert.equal(shortName(stage('script:maas-lshw', 'scripts', 0, 1)), 'maas-lshw');
		assert.equal(shortName(stage('dhcp', 'dhcp', 0, 1)), 'dhcp');
	});
});
