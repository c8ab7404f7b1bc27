import { type BootStage, overdueAt, stageTable } from '../domain/bootStages.ts';
import { lifecycle, patienceOf, workingStatuses } from '../domain/lifecycle.ts';
import type { Log } from '../log.ts';
import type { Boot } from '../store/boots.ts';
import type { Store } from '../store/store.ts';
import { type Advance, pushDeadline } from './advance.ts';
import type { BootTrail } from './bootTrail.ts';

/**
 * Nothing waits for ever. Deadlines are rows: a boot whose next stage is overdue gets its verdict, and a machine in a working status
 * that has given no sign of life fails, each with a cause and one next step. Looked at every second, also after a restart.
 */
export interface BootWatch {
	/** Once: everything that was overdue at this moment. */
	look(): void;
	start(): void;
	stop(): void;
}

export function createBootWatch(parts: {
	store: Store;
	trail: BootTrail;
	advance: Advance;
	log: Log;
	now: () => Date;
	everyMs?: number;
}): BootWatch {
	const { store, trail, advance, log, now, everyMs = 1000 } = parts;
	let timer: NodeJS.Timeout | undefined;

	const judge = (boot: Boot) => {
		const { verdict, nextStep } = stageTable[boot.stage as BootStage];
		trail.failed(boot, { text: verdict, nextStep });
		const machine = boot.nodeId === null ? undefined : store.machines.byId(boot.nodeId);
		if (machine && lifecycle[machine.status].moves.fail) advance(machine.id, 'fail', { text: verdict, nextStep });
	};

	const look = () => {
		const at = now().toISOString();
		for (const boot of store.boots.pastDeadline(at)) {
			try {
				store.transaction(() => judge(boot));
			} catch (error) {
				log.error('a boot could not be judged', { boot: boot.id, error: String(error) });
			}
		}
		for (const machine of store.machines.pastDeadline(at)) {
			const patience = patienceOf(machine.status, store.config.count('node_timeout'));
			try {
				advance(machine.id, 'fail', {
					text: `${lifecycle[machine.status].name}: no sign of life for ${patience} minutes.`,
					nextStep: 'Look at its timeline for the last thing it did, and at its console.',
				});
			} catch (error) {
				log.error('an overdue machine could not be failed', { machine: machine.systemId, error: String(error) });
			}
		}
	};

	return {
		look,
		start() {
			// while the controller was away nobody could be seen: everyone gets the whole time again
			store.transaction(() => {
				for (const boot of store.boots.pastDeadline('9999'))
					store.boots.update(boot.id, { deadlineAt: overdueAt(boot.stage as BootStage, now()) });
				for (const machine of store.machines.inStatus(workingStatuses)) pushDeadline(store, machine, now());
			});
			timer = setInterval(look, everyMs);
		},
		stop: () => clearInterval(timer),
	};
}
