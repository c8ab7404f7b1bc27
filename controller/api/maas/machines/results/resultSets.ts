import type { ResultKind, ResultStatus, ResultSummary } from '../../../../store/results.ts';

/**
 * MAAS groups results into sets of one type (facts §3.1). A job of ours may hold an inventory and the tests after it, so it stands for
 * several sets; the number of a set is made of the job's and the type's.
 */
export type SetType = 'commissioning' | 'installation' | 'testing' | 'release' | 'deployment';

/** In the order of MAAS's numbers. */
export const setTypes: readonly SetType[] = ['commissioning', 'installation', 'testing', 'release', 'deployment'];
const TYPES_PER_JOB = 8;

export const setTypeOf: Readonly<Record<ResultKind, SetType>> = {
	enlist: 'commissioning',
	commissioning: 'commissioning',
	testing: 'testing',
	// what writes the image is MAAS's installation
	deployment: 'installation',
	release: 'release',
};

export const setTypeNames: Readonly<Record<SetType, string>> = {
	commissioning: 'Commissioning',
	installation: 'Installation',
	testing: 'Testing',
	release: 'Release',
	deployment: 'Deployment',
};

export const setIdOf = (jobId: number, type: SetType): number => jobId * TYPES_PER_JOB + setTypes.indexOf(type);

/** `undefined` for a number that is no set's. */
export function readSetId(id: number): { jobId: number; type: SetType } | undefined {
	const type = setTypes[id % TYPES_PER_JOB];
	return type && { jobId: Math.floor(id / TYPES_PER_JOB), type };
}

/** MAAS's numbers and words for how a script went. */
const statusNumbers: Readonly<Record<ResultStatus, number>> = {
	pending: 0,
	running: 1,
	passed: 2,
	failed: 3,
	timed_out: 4,
	aborted: 5,
	degraded: 6,
	skipped: 9,
};
const statusNames: Readonly<Record<ResultStatus, string>> = {
	pending: 'Pending',
	running: 'Running',
	passed: 'Passed',
	failed: 'Failed',
	timed_out: 'Timed out',
	aborted: 'Aborted',
	degraded: 'Degraded',
	skipped: 'Skipped',
};

/** A number with its name; nothing has run: -1. */
export const statusOf = (status: ResultStatus | null): { status: number; name: string } =>
	status === null ? { status: -1, name: 'Unknown' } : { status: statusNumbers[status], name: statusNames[status] };

/** The first of these that some result has speaks for all of them. */
const loudest: readonly ResultStatus[] = [
	'running',
	'failed',
	'timed_out',
	'degraded',
	'pending',
	'aborted',
	'passed',
	'skipped',
];

/** How several went together; results whose failure was suppressed don't count. `null`: there is none. */
export function summaryOf(results: readonly Pick<ResultSummary, 'status' | 'suppressed'>[]): ResultStatus | null {
	const counted = new Set(results.filter(({ suppressed }) => !suppressed).map(({ status }) => status));
	return loudest.find((status) => counted.has(status)) ?? (results.length > 0 ? 'passed' : null);
}
