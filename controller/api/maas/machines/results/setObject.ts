import type { Job, ResultFiles, ScriptResult } from '../../../../store/results.ts';
import type { Store } from '../../../../store/store.ts';
import { clockTime, scriptTime } from '../../dates.ts';
import { uriOf } from '../../resource.ts';
import { type SetType, setIdOf, setTypeNames, setTypes, statusOf, summaryOf } from './resultSets.ts';

export interface ResultSet {
	readonly systemId: string;
	readonly job: Job;
	readonly type: SetType;
	readonly results: readonly ScriptResult[];
}

/** A set of results as MAAS shows it (facts §2.19). `outputs`: with what the scripts printed. */
export function setObject(
	{ systemId, job, type, results }: ResultSet,
	scriptIds: ReadonlyMap<string, number>,
	outputs?: Outputs,
) {
	const id = setIdOf(job.id, type);
	const begun = results.flatMap(({ startedAt }) => startedAt ?? []).toSorted()[0] ?? null;
	const over = results.every(({ endedAt, status }) => endedAt !== null || status === 'skipped' || status === 'aborted');
	const ended = over
		? (results
				.flatMap(({ endedAt }) => endedAt ?? [])
				.toSorted()
				.at(-1) ?? null)
		: null;
	const { status, name } = statusOf(summaryOf(results));
	return {
		id,
		system_id: systemId,
		type: setTypes.indexOf(type),
		type_name: setTypeNames[type],
		last_ping: null,
		...{ status, status_name: name },
		started: begun && scriptTime(begun),
		ended: ended && scriptTime(ended),
		runtime: runtimeOf(begun, ended),
		results: results.map((result) => itemObject(job, result, scriptIds.get(result.name) ?? null, outputs)),
		resource_uri: uriOf('nodes/{system_id}/results/{id}/', { system_id: systemId, id }),
	};
}

function itemObject(job: Job, result: ScriptResult, scriptId: number | null, outputs: Outputs | undefined) {
	const { startedAt, endedAt } = result;
	const { status, name } = statusOf(result.status);
	const runtime = runtimeOf(startedAt, endedAt);
	return {
		id: result.id,
		created: scriptTime(job.at),
		updated: scriptTime(endedAt ?? startedAt ?? job.at),
		name: result.name,
		...{ status, status_name: name },
		exit_status: result.exitStatus,
		started: startedAt && scriptTime(startedAt),
		ended: endedAt && scriptTime(endedAt),
		runtime,
		starttime: startedAt === null ? null : Date.parse(startedAt) / 1000,
		endtime: endedAt === null ? null : Date.parse(endedAt) / 1000,
		estimated_runtime: runtime === '' ? 'Unknown' : runtime,
		parameters: result.parameters,
		script_id: scriptId,
		script_revision_id: result.revisionId,
		suppressed: result.suppressed,
		...(outputs ? encoded(outputs(result)) : {}),
	};
}

const runtimeOf = (from: string | null, to: string | null): string =>
	from === null || to === null ? '' : clockTime(Math.max(0, Date.parse(to) - Date.parse(from)));

/** By MAAS's names; our agent keeps errors within the combined output only. */
export interface Printed {
	readonly output: Uint8Array;
	readonly stdout: Uint8Array;
	readonly stderr: Uint8Array;
	readonly result: Uint8Array;
}
export type Outputs = (result: ScriptResult) => Printed;

/** What these results printed, read at once but for the files of combined output. */
export function outputsOf(store: Store, results: readonly ScriptResult[]): Outputs {
	const files: ReadonlyMap<number, ResultFiles> = store.results.filesOf(results.map(({ id }) => id));
	return ({ id }) => ({
		output: store.results.readOutput(id, OUTPUT_LIMIT).bytes,
		stdout: files.get(id)?.stdout ?? EMPTY,
		stderr: EMPTY,
		result: files.get(id)?.result ?? EMPTY,
	});
}

/** All that is kept of it (flows/agentJob.ts). */
const OUTPUT_LIMIT = 5 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);

const encoded = (printed: Printed) =>
	Object.fromEntries(Object.entries(printed).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]));
