/** One machine, one thing at a time: jobs of the same machine run in the order they came, those of different machines side by side. */
export interface PerMachine {
	<Result>(machineId: number, job: () => Promise<Result>): Promise<Result>;
	/** Resolves when nothing runs any more. */
	idle(): Promise<void>;
}

export function createPerMachine(): PerMachine {
	const tails = new Map<number, Promise<unknown>>();
	const run = <Result>(machineId: number, job: () => Promise<Result>): Promise<Result> => {
		const mine = (tails.get(machineId) ?? Promise.resolve()).then(job, job);
		tails.set(machineId, mine);
		const forget = () => {
			if (tails.get(machineId) === mine) tails.delete(machineId);
		};
		mine.then(forget, forget);
		return mine;
	};
	return Object.assign(run, {
		async idle() {
			while (tails.size > 0) await Promise.allSettled(tails.values());
		},
	});
}
