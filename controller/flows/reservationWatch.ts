import type { Store } from '../store/store.ts';

/**
 * Tells people that their reservations have ended: once each, by an event of the machine and a notification. The machine stays theirs:
 * what runs on it may be worth more than the end that was written down.
 */
export interface ReservationWatch {
	look(): void;
	start(): void;
	stop(): void;
}

const EVERY_MS = 60_000;

export function createReservationWatch(store: Store, now: () => Date): ReservationWatch {
	let timer: NodeJS.Timeout | undefined;
	const look = () =>
		store.transaction(() => {
			const at = now().toISOString();
			for (const ended of store.reservations.ended(at)) {
				store.reservations.tell(ended, at);
				store.events.append({
					nodeId: ended.machineId,
					kind: 'user',
					level: 'warning',
					text: `The reservation of ${ended.hostname} for ${ended.owner} has ended`,
					nextStep: 'Release the machine, or keep it: it is not taken away.',
				});
			}
		});
	return {
		look,
		start() {
			look();
			timer = setInterval(look, EVERY_MS);
		},
		stop: () => clearInterval(timer),
	};
}
