import { cleanText } from '../domain/clean.ts';
import { Refusal } from '../domain/errors.ts';
import type { Status } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import type { ResultKind } from '../store/results.ts';
import type { Store } from '../store/store.ts';

/** A log that an installer sends with its report (facts §6.5): /tmp/install.log, /tmp/curtin-logs.tar. */
export interface ReportedFile {
	readonly path: string;
	readonly content: Buffer;
	readonly exitStatus: number;
}

const MOST_FILES = 20;

/** Throws Refusal `bad-input` for what is packed in a way that isn't known. Files without content are passed over. */
export function readReportedFiles(body: unknown, result: string): ReportedFile[] {
	const files = typeof body === 'object' && body !== null && 'files' in body ? body.files : [];
	if (!Array.isArray(files) || files.length > MOST_FILES)
		throw new Refusal('bad-input', `The files of a report are a list of at most ${MOST_FILES}.`, { field: 'files' });
	return files.flatMap((file: unknown) => {
		const { path, encoding, compression, content, result: exit } = (file ?? {}) as Record<string, unknown>;
		if (typeof content !== 'string') return [];
		if (encoding !== 'base64' || (compression !== undefined && compression !== null))
			throw new Refusal('bad-input', 'A reported file is sent as base64, and not compressed.', { field: 'files' });
		const failed = /^FAIL/.test(result);
		return {
			path: cleanText(path, 200) ?? 'unnamed',
			content: Buffer.from(content, 'base64'),
			exitStatus: typeof exit === 'number' && Number.isInteger(exit) ? exit : failed ? 1 : 0,
		};
	});
}

/** Keeps it with the newest work of the machine that it can be about; a second report of a file replaces nothing, it follows. */
export function keepReportedFile(store: Store, machine: Machine, file: ReportedFile, now: Date): void {
	const about = workOf[machine.status];
	const job = about && store.results.jobs(machine.id).find(({ kind }) => about.jobs.includes(kind));
	if (!job) return;
	store.transaction(() => {
		const id = store.results.addResult(job.id, machine.id, { name: file.path, kind: about.kind });
		const at = now.toISOString();
		store.results.update(id, {
			...{ status: file.exitStatus === 0 ? 'passed' : 'failed', exitStatus: file.exitStatus, startedAt: at, endedAt: at },
		});
		store.results.writeOutput(id, 0, file.content);
	});
}

const commissioning = { jobs: ['enlist', 'commission'], kind: 'commissioning' } as const;
const testing = { jobs: ['test', 'commission'], kind: 'testing' } as const;
const deployment = { jobs: ['deploy'], kind: 'deployment' } as const;

const workOf: Partial<Record<Status, { readonly jobs: readonly string[]; readonly kind: ResultKind }>> = {
	commissioning,
	failed_commissioning: commissioning,
	testing,
	failed_testing: testing,
	deploying: deployment,
	deployed: deployment,
	failed_deployment: deployment,
};
