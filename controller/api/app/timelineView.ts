import type { Machine } from '../../domain/machine.ts';
import { type TrailEvent, timelineOf } from '../../domain/timeline.ts';
import type { Event } from '../../store/events.ts';
import type { Store } from '../../store/store.ts';
import type { EventView, TimelineView } from '../views.ts';

const BOOTS = 20;
const HISTORY = 2000;

/** A machine's boots, newest first, drawn from the events that each of them left. */
export function timelineView(store: Store, machine: Machine): TimelineView {
	const boots = store.boots.latest(machine.id, BOOTS);
	const events = store.events.ofBoots(boots.map((boot) => boot.id));
	const expected = new Map([...new Set(boots.map((boot) => boot.purpose))].map((purpose) => [purpose, medians(store, purpose)]));
	return {
		systemId: machine.systemId,
		boots: boots.map((boot) => ({
			id: boot.id,
			startedAt: boot.startedAt,
			endedAt: boot.endedAt,
			purpose: boot.purpose,
			state: boot.state,
			verdict: boot.verdict,
			stages: timelineOf(
				events.filter((event) => event.bootId === boot.id).map(trailEvent),
				boot.state === 'running' ? { stage: boot.stage, since: boot.stageAt } : null,
			).map((stage) => ({ ...stage, expectedMs: expected.get(boot.purpose)?.get(stage.stage) ?? null })),
		})),
		events: store.events.ofMachine(machine.id).map((event) => eventView(event, machine.systemId)),
	};
}

export function eventView(event: Event, systemId: string | null): EventView {
	return {
		id: event.id,
		at: event.at,
		systemId,
		kind: event.kind,
		stage: event.stage,
		level: event.level,
		text: event.text,
		ms: event.ms,
		cause: event.cause,
		nextStep: event.nextStep,
		by: event.by,
	};
}

function trailEvent(event: Event): TrailEvent {
	const resultId = event.data?.resultId;
	return { ...event, resultId: typeof resultId === 'number' ? resultId : null };
}

function medians(store: Store, purpose: string): Map<string, number> {
	const all = new Map<string, number[]>();
	for (const { stage, ms } of store.boots.durations(purpose, HISTORY)) all.set(stage, [...(all.get(stage) ?? []), ms]);
	return new Map(
		[...all].map(([stage, values]) => [stage, values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number]),
	);
}
