import type { Log } from '../log.ts';
import type { PowerDrivers } from '../power/registry.ts';
import type { Store } from '../store/store.ts';
import { type MachinePower, PowerStopped } from './machinePower.ts';
import type { PerMachine } from './perMachine.ts';

/**
 * Keeps the power states fresh: every 15 s the machines whose state was proven longest ago are asked, ten at most, as MAAS's racks do.
 * One that is being worked on waits for its turn; one that can't be asked says why in its row.
 */
export interface PowerWatch {
	/** Asks those whose turn it is; resolves when all have answered. */
	look(): Promise<void>;
	start(): void;
	stop(): void;
}

const EVERY_MS = 15_000;
const AT_ONCE = 10;
/** A state that was proven within this time is fresh enough. */
const FRESH_MS = 60_000;

export function createPowerWatch(parts: {
	store: Store;
	power: MachinePower;
	drivers: PowerDrivers;
	perMachine: PerMachine;
	log: Log;
	now: () => Date;
}): PowerWatch {
	const { store, power, drivers, perMachine, log, now } = parts;
	/** When each was asked last: one whose BMC is dead must not take the turn of the others for ever. */
	const asked = new Map<number, number>();
	let timer: NodeJS.Timeout | undefined;

	const lastSeen = (machine: { id: number; power: { provenAt: string | null } }) =>
		Math.max(asked.get(machine.id) ?? 0, machine.power.provenAt === null ? 0 : Date.parse(machine.power.provenAt));

	const ask = async (id: number) => {
		asked.set(id, now().getTime());
		try {
			await perMachine(id, () => power.check(id));
		} catch (error) {
			if (!(error instanceof PowerStopped))
				log.error('the power of a machine could not be read', { machine: id, error: String(error) });
		}
	};
	const look = async () => {
		const bmcs = store.bmcs.all();
		const canBeAsked = (bmcId: number | null) =>
			bmcId !== null && drivers.find(bmcs.get(bmcId)?.driver ?? '')?.queryable === true;
		const due = store.machines
			.all()
			.filter((machine) => canBeAsked(machine.bmcId) && now().getTime() - lastSeen(machine) >= FRESH_MS)
			.toSorted((a, b) => lastSeen(a) - lastSeen(b));
		await Promise.all(due.slice(0, AT_ONCE).map((machine) => ask(machine.id)));
	};

	return {
		look,
		start() {
			timer = setInterval(() => void look(), EVERY_MS);
		},
		stop: () => clearInterval(timer),
	};
}
