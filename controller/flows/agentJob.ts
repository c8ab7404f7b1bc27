import { cleanText } from '../domain/clean.ts';
import { Refusal } from '../domain/errors.ts';
import { type BootPurpose, lifecycle } from '../domain/lifecycle.ts';
import type { AgentReport, Machine } from '../domain/machine.ts';
import type { Boot } from '../store/boots.ts';
import type { Job, ScriptResult } from '../store/results.ts';
import type { Store } from '../store/store.ts';
import { type Advance, pushDeadline } from './advance.ts';
import type { BootTrail } from './bootTrail.ts';
import type { Enlist } from './enlist.ts';
import type { FinishJob } from './finishJob.ts';
import type { AgentServer, JobScripts } from './jobScripts.ts';
import { purposeOf } from './pxeBoot.ts';
import type { ReadResults } from './readResults.ts';

/**
 * The conversation with the agent that a machine has booted, in its order:
 * `report` (who am I, what shall I do) → for each script `script`, `started`, `output`…, `stdout`, `result` → `done`.
 * Every call carries the one-boot token by which `boot` was found; a token reaches the results of its own machine alone.
 * Throws Refusal for anything that does not fit; a call that is repeated (the agent retries) does no harm.
 */
export interface AgentJob {
	/** Answers the manifest: `job ID KIND`, `script ID SECONDS NAME`…, `end WORD`. */
	report(boot: Boot, report: AgentReport): string;
	/** The program to run, with its parameters in front. */
	script(boot: Boot, resultId: number, server: AgentServer): string;
	started(boot: Boot, resultId: number): void;
	output(boot: Boot, resultId: number, offset: number, bytes: Uint8Array): void;
	stdout(boot: Boot, resultId: number, bytes: Uint8Array): void;
	result(boot: Boot, resultId: number, outcome: { exit: number; seconds: number; timedOut: boolean; result: Uint8Array }): void;
	alive(boot: Boot): void;
	/** `end WORD`, or the next manifest to go on with in the same boot. */
	done(boot: Boot): string;
	/** Calls back with output as it comes in. */
	onOutput(listener: (news: { machineId: number; resultId: number; offset: number; bytes: Uint8Array }) => void): () => void;
}

/** Combined output beyond this is dropped; the agent keeps to it too. */
const OUTPUT_LIMIT = 4 * 1024 * 1024 + 1024;

export function createAgentJob(parts: {
	store: Store;
	trail: BootTrail;
	advance: Advance;
	enlist: Enlist;
	scripts: JobScripts;
	read: ReadResults;
	finish: FinishJob;
	now: () => Date;
}): AgentJob {
	const { store, trail, advance, enlist, scripts, read, finish, now } = parts;
	const listeners = new Set<(news: { machineId: number; resultId: number; offset: number; bytes: Uint8Array }) => void>();

	const machineOf = (boot: Boot): Machine => {
		const machine = boot.nodeId === null ? undefined : store.machines.byId(boot.nodeId);
		if (!machine)
			throw new Refusal('conflict', 'This boot belongs to no machine: it has not reported, or the machine was deleted.');
		return machine;
	};
	const alive = (boot: Boot) => {
		trail.alive(boot);
		if (boot.nodeId === null) return;
		const machine = store.machines.byId(boot.nodeId);
		if (machine) pushDeadline(store, machine, now());
	};
	/** The result, when it is this machine's and its job still counts. */
	const resultOf = (boot: Boot, resultId: number): ScriptResult => {
		const machine = machineOf(boot);
		const result = store.results.byId(resultId);
		if (!result || result.nodeId !== machine.id)
			throw new Refusal('not-found', `There is no result ${resultId} for this machine.`);
		if (store.results.job(result.jobId)?.state !== 'running')
			throw new Refusal('conflict', `${machine.hostname} is ${lifecycle[machine.status].name} now: this work no longer counts.`);
		return result;
	};

	/** Tests begin on an inventory that could be read: without one it is the commissioning that fails, not a test. */
	const inventoryIsIn = (machine: Machine, jobId: number): boolean => {
		const results = store.results.ofJob(jobId).filter((result) => result.kind !== 'testing');
		return (
			results.every((result) => result.status === 'passed') && read(machine, results, store.results.job(jobId)?.options) === null
		);
	};

	/** What was asked for with the order, or what is due anyway. */
	const prepared = (machine: Machine, purpose: BootPurpose): Job => {
		const open = store.results.openJob(machine.id);
		const asked = open?.kind === purpose ? open : undefined;
		if (asked?.state === 'pending') return asked;
		// after a restart of the machine in the middle of its work the job is begun anew: half a script is no result
		if (open) store.results.setJobState(open.id, 'aborted');
		return store.results.createJob({
			...{ nodeId: machine.id, kind: purpose, at: now().toISOString(), options: asked?.options ?? {} },
			scripts: asked ? store.results.ofJob(asked.id) : scripts.select(purpose, {}, machine),
		});
	};

	const manifest = (machine: Machine, purpose: BootPurpose): string => {
		if (purpose === 'power-off' || purpose === 'local') return 'job 0 poweroff\nend poweroff\n';
		if (purpose === 'rescue') return 'job 0 rescue\nend stay\n';
		const job = prepared(machine, purpose);
		store.results.setJobState(job.id, 'running');
		return manifestText(job, store.results.ofJob(job.id), scripts.seconds);
	};

	return {
		report(boot, report) {
			if (!report.macs.includes(boot.mac))
				throw new Refusal('not-allowed', `This boot was given to the card ${boot.mac}, which the report does not name.`, {
					field: 'macs',
				});
			return store.transaction(() => {
				const machine = enlist(boot, report);
				const purpose = purposeOf(machine);
				if (purpose !== boot.purpose) trail.serves(boot, purpose);
				trail.reached(boot.mac, 'agent', {
					text: `The agent reported after ${report.kernelSeconds.toFixed(1)} s of kernel and start`,
				});
				pushDeadline(store, machine, now());
				if (machine.status === 'entering_rescue_mode') advance(machine.id, 'rescue_ready');
				return manifest(machine, purpose);
			});
		},
		script(boot, resultId, server) {
			const result = resultOf(boot, resultId);
			return scripts.text(result, machineOf(boot), server);
		},
		started(boot, resultId) {
			store.transaction(() => {
				const result = resultOf(boot, resultId);
				alive(boot);
				if (result.status !== 'pending') return;
				store.results.update(resultId, { status: 'running', startedAt: now().toISOString() });
				trail.stepBegins(boot, { stage: stageOf(result), text: result.name, resultId });
				const machine = machineOf(boot);
				if (result.kind === 'testing' && machine.status === 'commissioning' && inventoryIsIn(machine, result.jobId))
					advance(machine.id, 'tests_started');
			});
		},
		output(boot, resultId, offset, bytes) {
			const result = resultOf(boot, resultId);
			alive(boot);
			if (offset + bytes.length > OUTPUT_LIMIT) throw new Refusal('too-large', 'More output than is kept (4 MiB).');
			const stored = store.results.writeOutput(resultId, offset, bytes);
			if (stored === offset + bytes.length)
				for (const listener of listeners) listener({ machineId: result.nodeId, resultId, offset, bytes });
		},
		stdout(boot, resultId, bytes) {
			resultOf(boot, resultId);
			store.results.setFiles(resultId, { stdout: bytes });
		},
		result(boot, resultId, { exit, seconds, timedOut, result: body }) {
			store.transaction(() => {
				const result = resultOf(boot, resultId);
				alive(boot);
				if (result.status !== 'pending' && result.status !== 'running') return;
				const status = timedOut ? 'timed_out' : exit === 0 ? 'passed' : 'failed';
				store.results.update(resultId, { status, exitStatus: exit, endedAt: now().toISOString() });
				store.results.setFiles(resultId, { result: body });
				const cause = timedOut
					? `${result.name} did not end within its time limit.`
					: `${result.name} ended with exit status ${exit}.`;
				trail.step(boot, {
					stage: stageOf(result),
					text: result.name,
					ms: seconds * 1000,
					resultId,
					...(status === 'passed'
						? {}
						: { failed: { cause: `${cause} ${lastWords(store, resultId)}`.trim(), nextStep: 'Read its output below.' } }),
				});
			});
		},
		alive,
		done(boot) {
			return store.transaction(() => {
				const machine = machineOf(boot);
				const job = store.results.openJob(machine.id);
				// the agent asks again when the answer was lost: a deployed disk is to be booted, all else is over
				if (!job) return machine.status === 'deploying' && !machine.netboot ? 'end reboot\n' : 'end poweroff\n';
				const results = store.results.ofJob(job.id);
				// what was never delivered counts as failed: a disk that nobody has written is not deployed
				const failed = results.find(hasFailed) ?? results.find(isOpen);
				for (const result of results) if (isOpen(result)) store.results.update(result.id, { status: 'skipped' });
				store.results.setJobState(job.id, failed ? 'failed' : 'done');
				const next = finish({ boot, machine, job, results, failed: failed && { result: failed, text: reason(store, failed) } });
				if (next.continue) {
					const again = store.machines.byId(machine.id) as Machine;
					trail.serves(boot, purposeOf(again));
					return manifest(again, purposeOf(again));
				}
				return `end ${next.end}\n`;
			});
		},
		onOutput(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

function manifestText(job: Job, results: ScriptResult[], seconds: (result: ScriptResult) => number): string {
	const lines = results.map((result) => `script ${result.id} ${seconds(result)} ${result.name}`);
	return `${[`job ${job.id} ${job.kind}`, ...lines, 'end poweroff'].join('\n')}\n`;
}

/** The installation has a lane of its own in the timeline. */
const stageOf = ({ kind, name }: ScriptResult) => `${kind === 'deployment' ? 'deploy' : 'script'}:${name}`;
const hasFailed = ({ status }: ScriptResult) => status === 'failed' || status === 'timed_out';
const isOpen = ({ status }: ScriptResult) => status === 'pending' || status === 'running';

function reason(store: Store, result: ScriptResult): string {
	if (isOpen(result)) return `${result.name} was not run to its end: the agent has brought no result of it.`;
	const how =
		result.status === 'timed_out' ? 'did not end within its time limit' : `failed with exit status ${result.exitStatus}`;
	return `${result.name} ${how}. ${lastWords(store, result.id)}`.trim();
}

/** The last line that a script printed, which is mostly the reason. */
function lastWords(store: Store, resultId: number): string {
	const text = store.results.readOutput(resultId, 4096).bytes.toString('utf8');
	const line = text.split('\n').findLast((each) => each.trim() !== '') ?? '';
	return cleanText(line, 300) ?? '';
}
