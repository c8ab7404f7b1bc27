/** The machine list, asked for once a second for everybody who waits for something in it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineView } from '../../../controller/api/views.ts';
import type { Api } from './api.ts';

export interface Watch {
	/**
	 * Looks at every new list until `found` answers something. Rejects when `found` throws, when the controller stops answering,
	 * and after `limitMs`, with `what` in the sentence.
	 */
	until<Found>(what: string, limitMs: number, found: (machines: MachineView[]) => Found | undefined): Promise<Found>;
	stop(): void;
}

const interval = 1000;
/** This many lists in a row may fail (a controller under load, a restart) before everybody is told. */
const tolerance = 20;

export function createWatch(api: Api, onList: (machines: MachineView[]) => void): Watch {
	const waiting = new Set<{ look(machines: MachineView[]): void; fail(error: unknown): void }>();
	let stopped = false;

	async function poll(): Promise<void> {
		for (let failures = 0; !stopped; await sleep(interval)) {
			try {
				const machines = await api.call('machines.list', {});
				failures = 0;
				onList(machines);
				for (const one of waiting) one.look(machines);
			} catch (error) {
				failures += 1;
				if (failures > tolerance) for (const one of waiting) one.fail(error);
			}
		}
	}
	void poll();

	return {
		until<Found>(what: string, limitMs: number, found: (machines: MachineView[]) => Found | undefined): Promise<Found> {
			return new Promise((resolve, reject) => {
				const end = (finish: () => void) => {
					clearTimeout(timer);
					waiting.delete(one);
					finish();
				};
				const timer = setTimeout(
					() => end(() => reject(new Error(`${what}: not within ${Math.round(limitMs / 1000)} s`))),
					limitMs,
				);
				const one = {
					look(machines: MachineView[]) {
						try {
							const answer = found(machines);
							if (answer !== undefined) end(() => resolve(answer));
						} catch (error) {
							end(() => reject(error));
						}
					},
					fail: (error: unknown) => end(() => reject(error)),
				};
				waiting.add(one);
			});
		},
		stop() {
			stopped = true;
		},
	};
}
