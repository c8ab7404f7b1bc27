import { useSyncExternalStore } from 'react';
import { ago, date, moment, until } from './format.ts';

/** The wall clock, shared by everything that shows an age: one timer for the page. Milliseconds since 1970, once a second. */
export function useNow(): number {
	return useSyncExternalStore(listen, () => now);
}

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function listen(listener: () => void): () => void {
	listeners.add(listener);
	timer ??= setInterval(() => {
		now = Date.now();
		for (const each of listeners) each();
	}, 1000);
	return () => {
		listeners.delete(listener);
		if (listeners.size === 0) {
			clearInterval(timer);
			timer = undefined;
		}
	};
}

/** `12 s ago`, with the exact time on hover. */
export function Ago({ at }: { at: string }) {
	return (
		<time dateTime={at} title={moment(at)} className="num">
			{ago(at, useNow())}
		</time>
	);
}

/** `in 4 min`. */
export function Until({ at }: { at: string }) {
	return (
		<time dateTime={at} title={moment(at)} className="num">
			{until(at, useNow())}
		</time>
	);
}

/** A day, as the calendar has it: `2026-12-31`. Reservations end with a day of UTC. */
export function Day({ at }: { at: string }) {
	return (
		<time dateTime={at} title={moment(at)} className="num">
			{date(at)}
		</time>
	);
}
