import { bootStages, stageIndex, stageTable } from './bootStages.ts';

/** What a boot's events say, as far as the timeline needs it. Times in ISO 8601, durations in ms. */
export interface TrailEvent {
	readonly at: string;
	readonly kind: string;
	readonly stage: string | null;
	readonly level: 'info' | 'warning' | 'error';
	readonly text: string;
	readonly ms: number | null;
	readonly cause: string | null;
	readonly nextStep: string | null;
	readonly resultId: number | null;
}

export interface TimelineStage {
	readonly stage: string;
	readonly lane: string;
	readonly text: string;
	readonly startedAt: string;
	/** null while it runs */
	readonly ms: number | null;
	readonly state: 'running' | 'done' | 'failed';
	readonly cause: string | null;
	readonly nextStep: string | null;
	readonly resultId: number | null;
}

/**
 * The stages of one boot, oldest first. A stage event stands at its end, so it began `ms` before; one that has begun and not ended
 * runs, and so does the stage that a running boot waits for (`waitsSince`). A verdict is the failure of the stage that never came.
 */
export function timelineOf(events: readonly TrailEvent[], waiting: { stage: string; since: string } | null): TimelineStage[] {
	const stages: TimelineStage[] = [];
	const begun = new Map<string, TrailEvent>();
	for (const event of events) {
		const stage = event.stage ?? '';
		if (event.kind === 'stage-start') begun.set(stage, event);
		else if (event.kind === 'stage' && stage !== 'done') {
			const since = begun.get(stage)?.at ?? earlier(event.at, event.ms ?? 0);
			const ms = event.ms ?? Date.parse(event.at) - Date.parse(since);
			begun.delete(stage);
			stages.push(entry(event, stage, since, ms, event.level === 'error' ? 'failed' : 'done'));
		} else if (event.kind === 'verdict') {
			const next = nextOf(stage);
			stages.push(entry(event, next, earlier(event.at, event.ms ?? 0), event.ms ?? 0, 'failed'));
		}
	}
	for (const [stage, event] of begun) stages.push(entry(event, stage, event.at, null, 'running'));
	if (waiting && begun.size === 0 && stageIndex(waiting.stage) >= 0 && waiting.stage !== 'agent') {
		const next = nextOf(waiting.stage);
		stages.push({
			stage: next,
			lane: laneOf(next),
			text: `Waiting: ${stageTable[next as keyof typeof stageTable]?.done ?? next}`,
			startedAt: waiting.since,
			ms: null,
			state: 'running',
			cause: null,
			nextStep: null,
			resultId: null,
		});
	}
	return stages;
}

export function laneOf(stage: string): string {
	if (stage.startsWith('script:')) return 'scripts';
	if (stage.startsWith('deploy:')) return 'deploy';
	if (stage === 'cloud-init') return 'cloud-init';
	return stageTable[stage as keyof typeof stageTable]?.lane ?? 'agent';
}

/** The stage that should have followed. */
const nextOf = (stage: string) => bootStages[stageIndex(stage) + 1] ?? stage;
const earlier = (at: string, ms: number) => new Date(Date.parse(at) - ms).toISOString();

function entry(
	event: TrailEvent,
	stage: string,
	startedAt: string,
	ms: number | null,
	state: TimelineStage['state'],
): TimelineStage {
	return {
		stage,
		lane: laneOf(stage),
		text: event.text,
		startedAt,
		ms,
		state,
		cause: event.cause,
		nextStep: event.nextStep,
		resultId: event.resultId,
	};
}
