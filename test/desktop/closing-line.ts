import type { Reporter, TestCase, TestResult } from 'playwright/types/testReporter';

/** Ends the run with `N passed, N failed[, N skipped]`, the line that CI looks for. A test that was retried counts by its last try. */
export default class ClosingLine implements Reporter {
	readonly #last = new Map<string, TestResult['status']>();

	onTestEnd(test: TestCase, result: TestResult): void {
		this.#last.set(test.id, result.status);
	}

	onEnd(): void {
		const outcomes = [...this.#last.values()];
		const passed = outcomes.filter((status) => status === 'passed').length;
		const skipped = outcomes.filter((status) => status === 'skipped').length;
		const failed = outcomes.length - passed - skipped;
		console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
	}
}
