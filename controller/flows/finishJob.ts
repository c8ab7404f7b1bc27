import type { ConfigName } from '../domain/config.ts';
import type { Machine } from '../domain/machine.ts';
import type { Boot } from '../store/boots.ts';
import type { Job, ScriptResult } from '../store/results.ts';
import type { Store } from '../store/store.ts';
import type { Advance } from './advance.ts';
import type { BootTrail } from './bootTrail.ts';
import type { ReadResults } from './readResults.ts';

/** What a machine's work has come to: called once, within the transaction that closes its job. */
export type FinishJob = (ended: {
	boot: Boot;
	machine: Machine;
	job: Job;
	results: ScriptResult[];
	/** the first script that failed, and why in words */
	failed: { result: ScriptResult; text: string } | undefined;
}) => { end: 'poweroff' | 'reboot' | 'stay'; continue: boolean };

const powerOff = { end: 'poweroff', continue: false } as const;
const reboot = { end: 'reboot', continue: false } as const;

export function createFinishJob(parts: {
	store: Store;
	trail: BootTrail;
	advance: Advance;
	read: ReadResults;
	/** called after the commit, when the machine has been told to switch itself off */
	switchesOff: (machineId: number) => void;
}): FinishJob {
	const { store, trail, advance, read, switchesOff } = parts;

	const finish: FinishJob = ({ boot, machine, job, results, failed }) => {
		const commissioning = results.filter((result) => result.kind !== 'testing');
		const failedInventory = failed && failed.result.kind !== 'testing';

		switch (job.kind) {
			case 'enlist': {
				const problem = read(machine, commissioning);
				for (const text of [problem, failed?.text])
					if (text) store.events.append({ nodeId: machine.id, bootId: boot.id, kind: 'inventory', level: 'warning', text });
				if (store.settings.get().commissionOnEnlist) {
					advance(machine.id, 'commission', { text: 'Commissioned as it enlisted (setting).' });
					return { end: 'poweroff', continue: true };
				}
				trail.done(boot, 'Has introduced itself');
				return powerOff;
			}
			case 'commission': {
				// tests began on an inventory that had been read (flows/agentJob.ts)
				const tested = machine.status === 'testing';
				const problem = failedInventory ? failed.text : tested ? null : read(machine, commissioning, job.options);
				if (problem) advance(machine.id, 'fail', { text: problem, nextStep: 'Read the script’s output, then commission again.' });
				else if (failed) advance(machine.id, 'fail', { text: failed.text, nextStep: testAdvice });
				else advance(machine.id, tested ? 'tests_passed' : 'commissioned');
				trail.done(boot, problem || failed ? 'Ended with a failure' : 'Commissioned and tested');
				return powerOff;
			}
			case 'test': {
				const { status } = failed
					? advance(machine.id, 'fail', { text: failed.text, nextStep: testAdvice })
					: advance(machine.id, 'tests_passed');
				trail.done(boot, failed ? 'A test failed' : 'All tests passed');
				// a deployed machine goes back to its own system
				return status === 'deployed' ? reboot : powerOff;
			}
			case 'deploy':
				if (failed) {
					advance(machine.id, 'fail', {
						text: failed.text,
						nextStep: 'Read the script’s output; then release the machine or deploy it again.',
					});
					trail.done(boot, 'Ended with a failure');
					return powerOff;
				}
				store.machines.update(machine.id, { netboot: false });
				trail.done(boot, 'The image is on the disk');
				return reboot;
			case 'erase':
				if (failed)
					advance(machine.id, 'fail', {
						text: failed.text,
						nextStep: 'The disks may still hold data: erase again, or take them out.',
					});
				else if (machine.erase === 'none')
					advance(machine.id, 'erased', { text: 'The release scripts ran; nothing was erased.' });
				else advance(machine.id, 'erased', { text: 'The disks were erased, and samples read back are empty.' });
				trail.done(boot, failed ? 'Ended with a failure' : machine.erase === 'none' ? 'Released' : 'Erased, and checked');
				return powerOff;
			default:
				throw new Error(`no such job: ${job.kind}`);
		}
	};

	return (ended) => {
		const finished = finish(ended);
		const outcome = ended.job.options.stayOn && finished.end === 'poweroff' ? ({ ...finished, end: 'stay' } as const) : finished;
		const kept = keptResults[ended.job.kind];
		if (kept) store.results.keepNewest(ended.machine.id, ended.job.kind, store.config.count(kept));
		if (outcome.end === 'poweroff' && !outcome.continue) store.afterCommit(() => switchesOff(ended.machine.id));
		return outcome;
	};
}

/** Which configuration value says how many jobs of a kind a machine keeps. */
const keptResults: Readonly<Record<string, ConfigName>> = {
	enlist: 'max_node_commissioning_results',
	commission: 'max_node_commissioning_results',
	test: 'max_node_testing_results',
	deploy: 'max_node_installation_results',
	erase: 'max_node_release_results',
};

const testAdvice = 'Read the test’s output; repair the machine and test it again, or override the result.';
