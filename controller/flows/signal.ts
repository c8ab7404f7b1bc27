import { cleanLine, cleanText } from '../domain/clean.ts';
import { Refusal } from '../domain/errors.ts';
import { lifecycle } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import { readYamlMapping } from '../domain/yamlSubset.ts';
import type { PowerDrivers } from '../power/registry.ts';
import type { BmcParameters } from '../store/bmcs.ts';
import type { ResultStatus, ScriptResult } from '../store/results.ts';
import type { Store } from '../store/store.ts';
import { type Advance, pushDeadline } from './advance.ts';
import type { BootTrail } from './bootTrail.ts';
import { setPowerSettings } from './powerSettings.ts';
import type { ReadResults } from './readResults.ts';

export const signalStatuses = [
	...(['WORKING', 'OK', 'FAILED', 'COMMISSIONING', 'TESTING', 'TIMEDOUT', 'INSTALLING', 'APPLYING_NETCONF'] as const),
	...(['RELEASING', 'DEPLOYING'] as const),
] as const;
export type SignalStatus = (typeof signalStatuses)[number];

/** What MAAS's script runner says of a machine's work (facts §6.4). */
export interface Signal {
	readonly status: SignalStatus;
	readonly error: string | null;
	/** the script that this is about */
	readonly resultId: number | null;
	readonly exitStatus: number | null;
	/** how the machine's own BMC is reached, as it has found out */
	readonly power: { readonly type: string; readonly parameters: BmcParameters } | null;
	/** by MAAS's names: `<script>`, `<script>.out`, `<script>.err`, `<script>.yaml` */
	readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Takes a signal and moves the machine as MAAS does. Throws Refusal `conflict` in a status that knows no signals, `not-found` for a
 * result that is not this machine's.
 */
export type TakeSignal = (machine: Machine, signal: Signal) => void;

export function createTakeSignal(parts: {
	store: Store;
	advance: Advance;
	trail: BootTrail;
	read: ReadResults;
	drivers: PowerDrivers;
	now: () => Date;
}): TakeSignal {
	const { store, advance, trail, read, drivers, now } = parts;

	const keepResult = (machine: Machine, signal: Signal & { resultId: number }) => {
		const result = store.results.byId(signal.resultId);
		if (result?.nodeId !== machine.id) throw new Refusal('not-found', 'No ScriptResult matches the given query.');
		// the work was aborted, or is over: what comes late changes nothing
		if (store.results.openJob(machine.id)?.id !== result.jobId) return;
		const status = statusOf(signal);
		const at = now().toISOString();
		const over = status !== 'running';
		store.results.update(result.id, {
			status,
			...(result.startedAt === null ? { startedAt: at } : {}),
			...(over ? { endedAt: at, exitStatus: signal.exitStatus } : {}),
		});
		for (const [name, bytes] of signal.files) keepFile(result, name, bytes);
	};
	const keepFile = ({ id }: ScriptResult, name: string, bytes: Uint8Array) => {
		if (name.endsWith('.out')) store.results.setFiles(id, { stdout: bytes });
		else if (name.endsWith('.yaml')) store.results.setFiles(id, { result: bytes });
		// stderr is in the combined output
		else if (!name.endsWith('.err')) store.results.writeOutput(id, 0, bytes);
	};

	/** In-band detection knows IPMI alone, and what a person has set is never overwritten: as flows/readResults.ts has it. */
	const takePower = (machine: Machine, { type, parameters }: NonNullable<Signal['power']>) => {
		const driver = drivers.find(type);
		if (!driver) throw new Refusal('bad-input', `Bad power_type '${cleanLine(type)}'`);
		const detecting = machine.status === 'new' || machine.status === 'commissioning';
		if (!detecting || machine.bmcId !== null || driver.name !== 'ipmi') return;
		setPowerSettings(store, machine, { driver, parameters, skipCheck: true }, null);
	};

	/** Closes the open work; answers it with what is wrong with it. */
	const closeJob = (machine: Machine, failure: string | null) => {
		const job = store.results.openJob(machine.id);
		const results = job ? store.results.ofJob(job.id) : [];
		const failed = results.find(({ status }) => status === 'failed' || status === 'timed_out');
		const scripts = failed ? `${failed.name} failed.` : null;
		const problem = failure ?? scripts;
		for (const { id, status } of results)
			if (status === 'pending' || status === 'running') store.results.update(id, { status: problem ? 'aborted' : 'skipped' });
		if (job) store.results.setJobState(job.id, problem ? 'failed' : 'done');
		for (const boot of store.boots.runningOf(machine.id)) trail.done(boot, problem ? 'Ended with a failure' : 'Done');
		return { job, problem, inventory: results.filter(({ kind, status }) => kind !== 'testing' && status === 'passed') };
	};

	const fail = (machine: Machine, text: string) =>
		void advance(machine.id, 'fail', { text, nextStep: 'Read the output of its scripts.' });

	const commissioned = (machine: Machine) => {
		const { job, problem, inventory } = closeJob(machine, null);
		// a runner that collects nothing is as good as MAAS's, which looks for failures alone
		const unread = inventory.length > 0 && problem === null ? read(machine, inventory) : null;
		const why = problem ?? unread;
		if (why) return fail(machine, why);
		if (job?.kind === 'enlist') return void advance(machine.id, 'abort', { text: 'Has introduced itself.' });
		advance(machine.id, 'commissioned');
	};
	const tested = (machine: Machine) => {
		const { problem } = closeJob(machine, null);
		if (problem) fail(machine, problem);
		else advance(machine.id, 'tests_passed');
	};

	const move = (machine: Machine, { status, error }: Signal): void => {
		const failed = status === 'FAILED' ? (error ?? 'The machine says that its work has failed.') : null;
		switch (machine.status) {
			case 'new':
				if (status !== 'COMMISSIONING') return;
				advance(machine.id, 'commission', { text: 'Its small system has begun to introduce it.' });
				store.results.createJob({ nodeId: machine.id, kind: 'enlist', at: now().toISOString(), scripts: [] });
				return;
			case 'commissioning':
				if (status === 'OK') commissioned(machine);
				if (status === 'TESTING') advance(machine.id, 'tests_started');
				break;
			case 'testing':
				if (status === 'OK') tested(machine);
				break;
			case 'entering_rescue_mode':
				if (status === 'OK' || status === 'WORKING') advance(machine.id, 'rescue_ready');
				break;
			// a signal alone erases nothing and proves nothing: these end when the agent has read samples back, or with the power off
			case 'disk_erasing':
			case 'releasing':
			case 'deploying':
				break;
			case 'deployed':
			case 'rescue_mode':
			case 'ready':
			case 'broken':
			case 'failed_commissioning':
			case 'failed_deployment':
			case 'failed_testing':
			case 'failed_entering_rescue_mode':
				return;
			default:
				throw new Refusal('conflict', `Machine status isn't valid (status is ${lifecycle[machine.status].name})`);
		}
		if (!failed) return;
		closeJob(machine, failed);
		fail(machine, failed);
	};

	return (machine, signal) =>
		store.transaction(() => {
			pushDeadline(store, machine, now());
			if (signal.power) takePower(machine, signal.power);
			if (signal.error !== null) store.machines.update(machine.id, { errorDescription: cleanText(signal.error, 500) ?? '' });
			// what is said of one script moves nothing: a word about the whole comes when all have ended
			if (signal.resultId === null) move(machine, signal);
			else keepResult(machine, { ...signal, resultId: signal.resultId });
		});
}

function statusOf({ status, exitStatus, files }: Signal): ResultStatus {
	if (status === 'TIMEDOUT') return 'timed_out';
	if (exitStatus === null) return 'running';
	return statusInFile(files) ?? (exitStatus === 0 ? 'passed' : 'failed');
}

/** A result file may say more than the exit status can: `status: degraded`. */
function statusInFile(files: Signal['files']): ResultStatus | null {
	const file = [...files].find(([name]) => name.endsWith('.yaml'))?.[1];
	if (!file) return null;
	const lines = Buffer.from(file.subarray(0, 65_536)).toString('utf8').split('\n');
	const read = readYamlMapping(lines.map((text, at) => ({ number: at + 1, text })));
	const word = 'problem' in read ? undefined : read.get('status')?.value;
	return typeof word === 'string' ? (words[word] ?? null) : null;
}

const words: Readonly<Record<string, ResultStatus>> = {
	passed: 'passed',
	failed: 'failed',
	degraded: 'degraded',
	timedout: 'timed_out',
	skipped: 'skipped',
};

/** Throws Refusal `bad-input` for a word that is no status. */
export function readSignalStatus(text: string): SignalStatus {
	const found = signalStatuses.find((status) => status === text);
	if (!found) throw new Refusal('bad-input', `Unknown status: '${cleanLine(text)}'`);
	return found;
}
