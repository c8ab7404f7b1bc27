import { appendFileSync, closeSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export type ResultKind = Tables['script_result']['kind'];
export type ResultStatus = Tables['script_result']['status'];

/** What one script did in one job. Its combined output is a file that grows while the script runs; stdout and result are what it left at its end. */
export interface ScriptResult {
	readonly id: number;
	readonly nodeId: number;
	readonly jobId: number;
	readonly name: string;
	readonly kind: ResultKind;
	readonly status: ResultStatus;
	readonly exitStatus: number | null;
	readonly startedAt: string | null;
	readonly endedAt: string | null;
	readonly outputBytes: number;
}

export interface Job {
	readonly id: number;
	readonly nodeId: number;
	readonly kind: string;
	readonly state: Tables['job']['state'];
}

export interface ResultStore {
	/** A job with its scripts, all pending, in the order to run. */
	createJob(job: { nodeId: number; kind: string; at: string; scripts: { name: string; kind: ResultKind }[] }): Job;
	/** The job that waits for, or is being run by, this machine. */
	openJob(nodeId: number): Job | undefined;
	job(id: number): Job | undefined;
	setJobState(id: number, state: Job['state']): void;
	ofJob(jobId: number): ScriptResult[];
	byId(id: number): ScriptResult | undefined;
	/** The newest result of each script name. */
	latest(nodeId: number): ScriptResult[];
	update(id: number, change: Partial<Pick<ScriptResult, 'status' | 'exitStatus' | 'startedAt' | 'endedAt'>>): void;
	setFiles(id: number, files: { stdout?: Uint8Array; result?: Uint8Array }): void;
	files(id: number): { stdout: Uint8Array | null; result: Uint8Array | null };
	/** Writes output at `offset`, so that a chunk sent twice is stored once; answers how many bytes are stored now. */
	writeOutput(id: number, offset: number, bytes: Uint8Array): number;
	/** The last `limit` bytes. */
	readOutput(id: number, limit: number): { bytes: Buffer; truncated: boolean };
	/** Output files of a machine that is being deleted; with the transaction that deletes it, or not at all. */
	dropOutputs(nodeId: number): void;
}

/** `folder` holds one output file a result. */
export function createResultStore(db: Database, folder: string): ResultStore {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const fileOf = (id: number) => path.join(folder, `${id}.out`);
	const sizeOf = (id: number) => statSync(fileOf(id), { throwIfNoEntry: false })?.size ?? 0;
	const columns = [
		'id',
		'node_id',
		'job_id',
		'name',
		'kind',
		'status',
		'exit_status',
		'started_at',
		'ended_at',
		'output_bytes',
	] as const;
	const all = () => db.sql.selectFrom('script_result').select(columns);
	const jobs = () => db.sql.selectFrom('job').select(['id', 'node_id as nodeId', 'kind', 'state']);
	return {
		createJob({ nodeId, kind, at, scripts }) {
			return db.transaction(() => {
				const { id } = db.run(db.sql.insertInto('job').values({ node_id: nodeId, kind, state: 'pending', created_at: at }));
				for (const script of scripts)
					db.run(
						db.sql
							.insertInto('script_result')
							.values({ node_id: nodeId, job_id: id, name: script.name, kind: script.kind, status: 'pending', output_bytes: 0 }),
					);
				return { id, nodeId, kind, state: 'pending' };
			});
		},
		openJob: (nodeId) =>
			db.first(jobs().where('node_id', '=', nodeId).where('state', 'in', ['pending', 'running']).orderBy('id', 'desc').limit(1)),
		job: (id) => db.first(jobs().where('id', '=', id)),
		setJobState(id, state) {
			db.run(db.sql.updateTable('job').set({ state }).where('id', '=', id));
		},
		ofJob: (jobId) => db.all(all().where('job_id', '=', jobId).orderBy('id')).map(fromRow),
		byId: (id) => {
			const row = db.first(all().where('id', '=', id));
			return row && fromRow(row);
		},
		latest: (nodeId) =>
			db
				.all(
					all()
						.where(
							'id',
							'in',
							db.sql
								.selectFrom('script_result')
								.select(({ fn }) => fn.max('id').as('id'))
								.where('node_id', '=', nodeId)
								.groupBy(['name', 'kind']),
						)
						.orderBy('id'),
				)
				.map(fromRow),
		update(id, change) {
			db.run(
				db.sql
					.updateTable('script_result')
					.set({
						...(change.status === undefined ? {} : { status: change.status }),
						...(change.exitStatus === undefined ? {} : { exit_status: change.exitStatus }),
						...(change.startedAt === undefined ? {} : { started_at: change.startedAt }),
						...(change.endedAt === undefined ? {} : { ended_at: change.endedAt }),
					})
					.where('id', '=', id),
			);
		},
		setFiles(id, files) {
			db.run(db.sql.updateTable('script_result').set(files).where('id', '=', id));
		},
		files(id) {
			const row = db.first(db.sql.selectFrom('script_result').select(['stdout', 'result']).where('id', '=', id));
			return { stdout: row?.stdout ?? null, result: row?.result ?? null };
		},
		writeOutput(id, offset, bytes) {
			const have = sizeOf(id);
			const fresh = bytes.subarray(Math.max(0, have - offset));
			if (offset > have || fresh.length === 0) return have;
			appendFileSync(fileOf(id), fresh, { mode: 0o600 });
			db.run(
				db.sql
					.updateTable('script_result')
					.set({ output_bytes: have + fresh.length })
					.where('id', '=', id),
			);
			return have + fresh.length;
		},
		readOutput(id, limit) {
			const size = sizeOf(id);
			if (size === 0) return { bytes: Buffer.alloc(0), truncated: false };
			const bytes = Buffer.alloc(Math.min(size, limit));
			const file = openSync(fileOf(id), 'r');
			try {
				return { bytes: bytes.subarray(0, readSync(file, bytes, 0, bytes.length, size - bytes.length)), truncated: size > limit };
			} finally {
				closeSync(file);
			}
		},
		dropOutputs(nodeId) {
			for (const { id } of db.all(db.sql.selectFrom('script_result').select('id').where('node_id', '=', nodeId)))
				db.afterCommit(() => rmSync(fileOf(id), { force: true }));
		},
	};
}

type Row = Pick<
	Selectable<Tables['script_result']>,
	'id' | 'node_id' | 'job_id' | 'name' | 'kind' | 'status' | 'exit_status' | 'started_at' | 'ended_at' | 'output_bytes'
>;

function fromRow(row: Row): ScriptResult {
	return {
		id: row.id,
		nodeId: row.node_id,
		jobId: row.job_id,
		name: row.name,
		kind: row.kind,
		status: row.status,
		exitStatus: row.exit_status,
		startedAt: row.started_at,
		endedAt: row.ended_at,
		outputBytes: row.output_bytes,
	};
}
