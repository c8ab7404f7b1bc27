/** What has to be undone, undone in reverse order: on success, on failure, on Ctrl-C alike. */
export interface Cleanup {
	/** Remembers one undoing. `what` is said when it fails. */
	add(what: string, undo: () => unknown): void;
	/** Undoes everything, newest first, each even when another failed. Calling it again waits for the same round. */
	run(): Promise<void>;
}

export function createCleanup(complain: (text: string) => void): Cleanup {
	const steps: { what: string; undo: () => unknown }[] = [];
	let round: Promise<void> | undefined;

	async function undoAll(): Promise<void> {
		for (let step = steps.pop(); step; step = steps.pop()) {
			try {
				await step.undo();
			} catch (error) {
				complain(`cleaning up, ${step.what}: ${error instanceof Error ? error.message : String(error)}`);
			}
		}
	}
	return {
		add: (what, undo) => void steps.push({ what, undo }),
		run: () => {
			round ??= undoAll();
			return round;
		},
	};
}
