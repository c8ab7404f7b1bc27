import type { BootView, StageView } from '../../../api/views.ts';

/** A boot laid out for drawing. Positions and widths are shares of the whole span, 0 to 1. */
export interface Drawing {
	/** milliseconds since 1970 */
	start: number;
	spanMs: number;
	lanes: readonly Lane[];
	ticks: readonly { at: number; ms: number }[];
}
export interface Lane {
	name: string;
	/** stages that overlap in time lie on rows of their own */
	rows: readonly (readonly Bar[])[];
}
export interface Bar {
	stage: StageView;
	/** place in `boot.stages`, which is also the order of the arrow keys */
	index: number;
	at: number;
	width: number;
	/** how long it usually takes, as a share; null when not known */
	usual: number | null;
	/** free room before and after it on its row, as shares */
	room: { before: number; after: number };
}

/** In the order in which a boot passes through them; lanes that a newer controller adds come after. */
const laneOrder = ['power', 'dhcp', 'loader', 'kernel', 'agent', 'scripts', 'deploy', 'cloud-init'];

/** A step of 30 ms in a boot of five minutes must still be seen and hit. */
const leastWidth = 0.006;
/** Room at the right for the running stage to grow into, so that the scale does not change every second. */
const growth = 1.06;

/** `now` in milliseconds since 1970: where running stages end. */
export function draw(boot: BootView, now: number): Drawing {
	const begins = boot.stages.map((stage) => Date.parse(stage.startedAt));
	const start = Math.min(Date.parse(boot.startedAt), ...begins);
	const ends = boot.stages.map((stage, index) => endOf(stage, begins[index] ?? start, now));
	const last = Math.max(start + 1000, ...ends);
	const spanMs = boot.state === 'running' ? (last - start) * growth : last - start;
	const bars = boot.stages.map((stage, index): Bar => {
		const at = ((begins[index] ?? start) - start) / spanMs;
		const width = Math.max(leastWidth, ((ends[index] ?? start) - start) / spanMs - at);
		const usual = stage.expectedMs === null ? null : stage.expectedMs / spanMs;
		return { stage, index, at: Math.min(at, 1 - leastWidth), width, usual, room: { before: 0, after: 0 } };
	});
	const names = [...new Set(boot.stages.map((stage) => stage.lane))].sort((a, b) => rank(a) - rank(b));
	const lanes = names.map((name) => ({ name, rows: packed(bars.filter((bar) => bar.stage.lane === name)) }));
	return { start, spanMs, lanes, ticks: ticks(spanMs) };
}

function endOf(stage: StageView, begin: number, now: number): number {
	return stage.ms === null ? Math.max(begin, now) : begin + stage.ms;
}

function rank(lane: string): number {
	const at = laneOrder.indexOf(lane);
	return at < 0 ? laneOrder.length : at;
}

/** Each bar on the first row where it overlaps nothing. */
function packed(bars: readonly Bar[]): Bar[][] {
	const rows: Bar[][] = [];
	for (const bar of bars.toSorted((a, b) => a.at - b.at)) {
		const row = rows.find((each) => endOfRow(each) <= bar.at + 1e-9);
		if (row) row.push(bar);
		else rows.push([bar]);
	}
	for (const row of rows) {
		row.forEach((bar, at) => {
			const before = bar.at - endOfRow(row.slice(0, at));
			const after = (row[at + 1]?.at ?? 1) - bar.at - bar.width;
			bar.room = { before: Math.max(0, before), after: Math.max(0, after) };
		});
	}
	return rows;
}

function endOfRow(row: readonly Bar[]): number {
	const bar = row.at(-1);
	return bar ? bar.at + bar.width : 0;
}

const second = 1000;
const minute = 60 * second;
const steps = [
	...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((n) => n * second),
	...[1, 2, 5, 10, 20, 30, 60, 120, 240, 720].map((n) => n * minute),
];
const mostTicks = 8;

/** Round times for the scale, `at` as a share. */
export function ticks(spanMs: number): { at: number; ms: number }[] {
	const step = steps.find((each) => spanMs / each <= mostTicks) ?? spanMs;
	const count = Math.floor(spanMs / step);
	return Array.from({ length: count + 1 }, (_, n) => ({ at: (n * step) / spanMs, ms: n * step }));
}

/** `2.1 × usual` when a stage took clearly longer than its history says; null otherwise. */
export function slowness(stage: StageView): string | null {
	if (stage.ms === null || !stage.expectedMs || stage.ms < stage.expectedMs * 1.5) return null;
	return `${(stage.ms / stage.expectedMs).toFixed(1)} × usual`;
}

/** `script:smartctl-validate` is told by its last part. */
export const shortName = (stage: StageView): string => stage.stage.slice(stage.stage.indexOf(':') + 1);
