import { appendFileSync, closeSync, mkdirSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Selectable, sql } from 'kysely';
import { among } from './among.ts';
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
	/** its failure no longer counts: an administrator has seen it */
	readonly suppressed: boolean;
	/** what it is told, by the names that its header declares */
	readonly parameters: ScriptParameters;
	/** the script's newest one when the job was made */
	readonly revisionId: number | null;
}

export type ScriptParameters = Readonly<Record<string, ScriptParameter>>;
/** `argument`: the word that the program gets on its command line. */
export interface ScriptParameter {
	readonly type: string;
	readonly value: string | boolean | number;
	readonly argument: string;
}

/** What was asked for together with a job. */
export interface JobOptions {
	/** the machine stays on, with a shell on its console */
	readonly stayOn?: boolean;
	readonly skipBmc?: boolean;
	readonly skipNetwork?: boolean;
	readonly skipStorage?: boolean;
}

export interface JobScript {
	readonly name: string;
	readonly kind: ResultKind;
	readonly parameters?: ScriptParameters;
}

export interface Job {
	readonly id: number;
	readonly nodeId: number;
	readonly kind: string;
	readonly state: Tables['job']['state'];
	readonly at: string;
	readonly options: JobOptions;
}

/** The newest result of one script on one machine, for summaries. */
export interface ResultSummary {
	readonly nodeId: number;
	readonly jobId: number;
	readonly name: string;
	readonly kind: ResultKind;
	readonly status: ResultStatus;
	readonly suppressed: boolean;
}

export interface ResultFiles {
	readonly stdout: Uint8Array | null;
	readonly result: Uint8Array | null;
}

export interface ResultStore {
	/** A job with its scripts, all pending, in the order to run. */
	createJob(job: { nodeId: number; kind: string; at: string; scripts: readonly JobScript[]; options?: JobOptions }): Job;
	/** A further result of a job: a file that its machine has sent by itself. */
	addResult(jobId: number, nodeId: number, script: JobScript): number;
	/** The job that waits for, or is being run by, this machine. */
	openJob(nodeId: number): Job | undefined;
	job(id: number): Job | undefined;
	/** Newest first. */
	jobs(nodeId: number): Job[];
	setJobState(id: number, state: Job['state']): void;
	ofJob(jobId: number): ScriptResult[];
	byId(id: number): ScriptResult | undefined;
	ofJobs(jobIds: Iterable<number>): ScriptResult[];
	/** The newest results of each script name: several for a script that ran once for each disk. */
	latest(nodeId: number): ScriptResult[];
	/** The same for many machines at once, of these scripts (none: of all), with what they printed. */
	latestOf(
		nodeIds: Iterable<number>,
		names: readonly string[],
	): (ScriptResult & { stdout: Uint8Array | null; createdAt: string })[];
	/** How much that is to print. */
	latestBytes(nodeIds: Iterable<number>, names: readonly string[]): number;
	/** The newest results of each script and kind, for many machines at once. */
	summaries(nodeIds: Iterable<number>): ResultSummary[];
	update(id: number, change: Partial<Pick<ScriptResult, 'status' | 'exitStatus' | 'startedAt' | 'endedAt' | 'suppressed'>>): void;
	/** Results of these kinds with their output, and the job when nothing of it is left. */
	deleteResults(jobId: number, kinds: readonly ResultKind[]): void;
	setFiles(id: number, files: { stdout?: Uint8Array; result?: Uint8Array }): void;
	/** Deletes the jobs of this kind that are over, with their output, but for the newest ones. */
	keepNewest(nodeId: number, kind: string, count: number): void;
	files(id: number): ResultFiles;
	/** The same of many. */
	filesOf(ids: Iterable<number>): Map<number, ResultFiles>;
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
		'suppressed',
		'parameters',
		'script_revision_id',
	] as const;
	const all = () => db.sql.selectFrom('script_result').select(columns);
	const jobs = () => db.sql.selectFrom('job').selectAll();
	const drop = (id: number) => db.afterCommit(() => rmSync(fileOf(id), { force: true }));
	const newestOf = (nodeIds: Iterable<number>, names: readonly string[]) => {
		const newest = db.sql
			.selectFrom('script_result')
			.select(({ fn }) => fn.max('id').as('id'))
			.where('node_id', 'in', among(nodeIds))
			.groupBy(['node_id', 'kind', 'name', 'parameters']);
		return names.length > 0 ? newest.where('name', 'in', among(names)) : newest;
	};
	const newestRevision = (name: string) =>
		db.first(
			db.sql
				.selectFrom('script_revision')
				.innerJoin('script', 'script.id', 'script_revision.script_id')
				.select('script_revision.id')
				.where('script.name', '=', name)
				.orderBy('script_revision.id', 'desc')
				.limit(1),
		)?.id ?? null;
	const addResult = (jobId: number, nodeId: number, { name, kind, parameters = {} }: JobScript) =>
		db.run(
			db.sql.insertInto('script_result').values({
				...{ node_id: nodeId, job_id: jobId, name, kind, status: 'pending', output_bytes: 0 },
				parameters: JSON.stringify(parameters),
				script_revision_id: newestRevision(name),
			}),
		).id;
	return {
		addResult,
		createJob({ nodeId, kind, at, scripts, options = {} }) {
			return db.transaction(() => {
				const { id } = db.run(
					db.sql
						.insertInto('job')
						.values({ node_id: nodeId, kind, state: 'pending', created_at: at, parameters: JSON.stringify(options) }),
				);
				for (const script of scripts) addResult(id, nodeId, script);
				return { id, nodeId, kind, state: 'pending', at, options };
			});
		},
		openJob: (nodeId) =>
			db
				.all(jobs().where('node_id', '=', nodeId).where('state', 'in', ['pending', 'running']).orderBy('id', 'desc').limit(1))
				.map(toJob)[0],
		job: (id) => db.all(jobs().where('id', '=', id)).map(toJob)[0],
		jobs: (nodeId) => db.all(jobs().where('node_id', '=', nodeId).orderBy('id', 'desc')).map(toJob),
		setJobState(id, state) {
			db.run(db.sql.updateTable('job').set({ state }).where('id', '=', id));
		},
		ofJob: (jobId) => db.all(all().where('job_id', '=', jobId).orderBy('id')).map(fromRow),
		ofJobs: (jobIds) => db.all(all().where('job_id', 'in', among(jobIds)).orderBy('id')).map(fromRow),
		summaries: (nodeIds) =>
			db
				.all(
					db.sql
						.selectFrom('script_result')
						// SQLite takes the other columns from the row that has the maximum
						.select(({ fn }) => ['node_id', 'job_id', 'name', 'kind', 'status', 'suppressed', fn.max('id').as('id')])
						.where('node_id', 'in', among(nodeIds))
						.groupBy(['node_id', 'kind', 'name', 'parameters'])
						.orderBy('job_id', 'desc'),
				)
				.filter(ofNewestJob())
				.map((row) => ({
					...{ nodeId: row.node_id, jobId: row.job_id, name: row.name, kind: row.kind, status: row.status },
					suppressed: row.suppressed === 1,
				})),
		deleteResults(jobId, kinds) {
			db.transaction(() => {
				const which = db.sql.selectFrom('script_result').select('id').where('job_id', '=', jobId);
				for (const result of db.all(which.where('kind', 'in', kinds))) drop(result.id);
				db.run(db.sql.deleteFrom('script_result').where('job_id', '=', jobId).where('kind', 'in', kinds));
				if (!db.first(which.limit(1))) db.run(db.sql.deleteFrom('job').where('id', '=', jobId));
			});
		},
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
								.groupBy(['name', 'kind', 'parameters']),
						)
						.orderBy('id', 'desc'),
				)
				.filter(ofNewestJob())
				.map(fromRow)
				.reverse(),
		latestOf(nodeIds, names) {
			const newest = newestOf(nodeIds, names);
			const rows = db.all(
				db.sql
					.selectFrom('script_result')
					.innerJoin('job', 'job.id', 'script_result.job_id')
					.select(columns.map((column) => `script_result.${column}` as const))
					.select(['stdout', 'job.created_at as createdAt'])
					.where('script_result.id', 'in', newest)
					.orderBy('script_result.id'),
			);
			return rows.map(({ stdout, createdAt, ...row }) => ({ ...fromRow(row), stdout, createdAt }));
		},
		latestBytes: (nodeIds, names) =>
			db.first(
				db.sql
					.selectFrom('script_result')
					.select(sql<number>`coalesce(sum(length(stdout)), 0)`.as('bytes'))
					.where('id', 'in', newestOf(nodeIds, names)),
			)?.bytes ?? 0,
		update(id, change) {
			db.run(
				db.sql
					.updateTable('script_result')
					.set({
						...(change.status === undefined ? {} : { status: change.status }),
						...(change.exitStatus === undefined ? {} : { exit_status: change.exitStatus }),
						...(change.startedAt === undefined ? {} : { started_at: change.startedAt }),
						...(change.endedAt === undefined ? {} : { ended_at: change.endedAt }),
						...(change.suppressed === undefined ? {} : { suppressed: change.suppressed ? 1 : 0 }),
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
		keepNewest(nodeId, kind, count) {
			db.transaction(() => {
				const over = jobs()
					.where('node_id', '=', nodeId)
					.where('kind', '=', kind)
					.where('state', 'not in', ['pending', 'running']);
				// SQLite takes an offset only together with a limit; -1 is none
				const old = db.all(over.orderBy('id', 'desc').limit(-1).offset(count)).map(({ id }) => id);
				if (old.length === 0) return;
				for (const { id } of db.all(db.sql.selectFrom('script_result').select('id').where('job_id', 'in', among(old)))) drop(id);
				db.run(db.sql.deleteFrom('job').where('id', 'in', among(old)));
			});
		},
		filesOf: (ids) =>
			new Map(
				db
					.all(db.sql.selectFrom('script_result').select(['id', 'stdout', 'result']).where('id', 'in', among(ids)))
					.map(({ id, ...files }) => [id, files]),
			),
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
			for (const { id } of db.all(db.sql.selectFrom('script_result').select('id').where('node_id', '=', nodeId))) drop(id);
		},
	};
}

type Row = Omit<Selectable<Tables['script_result']>, 'stdout' | 'result'>;

/** Keeps, of rows with the newest job first, those of the newest job in which the script ran: an earlier one may have had other disks. */
function ofNewestJob() {
	const newest = new Map<string, number>();
	return ({ node_id, kind, name, job_id }: { node_id: number; kind: string; name: string; job_id: number }): boolean => {
		const script = `${node_id} ${kind} ${name}`;
		const job = newest.get(script) ?? job_id;
		newest.set(script, job);
		return job === job_id;
	};
}

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
		suppressed: row.suppressed === 1,
		parameters: JSON.parse(row.parameters),
		revisionId: row.script_revision_id,
	};
}

const toJob = (row: Selectable<Tables['job']>): Job => ({
	id: row.id,
	nodeId: row.node_id,
	kind: row.kind,
	state: row.state,
	at: row.created_at,
	options: JSON.parse(row.parameters),
});
