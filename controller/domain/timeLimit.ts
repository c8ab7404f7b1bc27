import { createContext, Script } from 'node:vm';

/**
 * Runs work that does not wait for anything, and ends it after `ms`: for what hostile input can make as slow as it likes. V8 stops the
 * work wherever it is, so it must not change anything that outlives it. What it throws is thrown on.
 */
export function withinTime<Result>(ms: number, work: () => Result): { value: Result } | 'too-slow' {
	let value: { value: Result } | undefined;
	stage.work = () => {
		value = { value: work() };
	};
	try {
		script.runInContext(context, { timeout: ms });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'too-slow';
		throw error;
	} finally {
		stage.work = null;
	}
	return value ?? 'too-slow';
}

const stage: { work: (() => void) | null } = { work: null };
const context = createContext(stage);
const script = new Script('work()');
