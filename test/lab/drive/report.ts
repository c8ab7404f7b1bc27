/** What the run came to, for people and as one JSON object for programs. */
import { readFile } from 'node:fs/promises';
import type { BootView, MachineView, TimelineView } from '../../../controller/api/views.ts';
import type { Api } from './api.ts';
import type { MachineOutcome } from './drive.ts';

/** The last line of `--json`. */
export interface LabReport {
	ok: boolean;
	machines: {
		name: string;
		systemId: string | null;
		hostname: string | null;
		firmware: string;
		/** MAAS's display text; null when it never enlisted */
		status: string | null;
		/** from the controller's timeline, oldest first */
		stages: { boot: string; stage: string; seconds: number }[];
		/** as the lab saw them, waiting and proofs included */
		parts: { part: string; seconds: number }[];
		powerOnToCommissionedSeconds: MachineOutcome['powerOnToCommissionedSeconds'];
		firstPowerOnToReadySeconds: MachineOutcome['firstPowerOnToReadySeconds'];
		ssh: MachineOutcome['ssh'];
		problem: string | null;
		nextStep: string | null;
	}[];
	totalSeconds: number;
}

export async function makeReport(api: Api, outcomes: readonly MachineOutcome[], totalSeconds: number): Promise<LabReport> {
	const views = await api.call('machines.list', {});
	const machines = await Promise.all(outcomes.map((outcome) => describe(api, views, outcome)));
	return { ok: machines.every(({ problem }) => problem === null), machines, totalSeconds };
}

async function describe(api: Api, views: MachineView[], outcome: MachineOutcome): Promise<LabReport['machines'][number]> {
	const { machine, parts, powerOnToCommissionedSeconds, firstPowerOnToReadySeconds, ssh, problem } = outcome;
	// One that failed before it was New is in the list all the same, if it ever spoke.
	const view = views.find(({ macs, systemId }) => systemId === outcome.systemId || macs.includes(machine.identity.mac));
	const timeline = view ? await api.call('machine.timeline', { systemId: view.systemId }) : null;
	return {
		name: machine.identity.name,
		systemId: view?.systemId ?? null,
		hostname: view?.hostname ?? null,
		firmware: machine.firmware,
		status: view?.statusName ?? null,
		stages: timeline ? stagesOf(timeline) : [],
		parts,
		powerOnToCommissionedSeconds,
		firstPowerOnToReadySeconds,
		ssh,
		problem: problem && timeline ? `${problem}${verdictOf(timeline)}` : problem,
		nextStep: (problem && timeline && adviceOf(timeline)) || null,
	};
}

const oldestFirst = (timeline: TimelineView): BootView[] => [...timeline.boots].reverse();
const verdictOf = ({ boots: [last] }: TimelineView) => (last?.verdict ? ` — ${last.verdict.text}` : '');
const adviceOf = ({ boots: [last] }: TimelineView) => last?.verdict?.nextStep ?? null;

function stagesOf(timeline: TimelineView): LabReport['machines'][number]['stages'] {
	return oldestFirst(timeline).flatMap(({ purpose, stages }) =>
		stages.flatMap(({ stage, ms }) => (ms === null ? [] : [{ boot: purpose, stage, seconds: Math.round(ms / 100) / 10 }])),
	);
}

/** A table of durations, and under it what went wrong with the end of that machine's console. */
export async function printReport(
	report: LabReport,
	outcomes: readonly MachineOutcome[],
	print: (line: string) => void,
): Promise<void> {
	for (const [index, machine] of report.machines.entries()) {
		const { name, hostname, firmware, status, stages, parts, ssh, problem, nextStep } = machine;
		print('');
		print(`${name} ${hostname ?? '(never enlisted)'}, ${firmware}: ${status ?? 'unknown'}`);
		for (const boot of new Set(stages.map((stage) => stage.boot))) {
			print(`  ${boot.padEnd(11)} ${summary(stages.filter((stage) => stage.boot === boot))}`);
		}
		print(`  ${'in all'.padEnd(11)} ${parts.map(({ part, seconds }) => `${part} ${seconds.toFixed(1)} s`).join(' · ')}`);
		if (ssh)
			print(
				`  ${'SSH'.padEnd(11)} ${ssh.hostname} at ${ssh.address}, ${ssh.secondsFromPowerOn.toFixed(0)} s after power-on for deployment`,
			);
		if (!problem) continue;
		print(`  ${'problem'.padEnd(11)} ${problem}`);
		if (nextStep) print(`  ${'next step'.padEnd(11)} ${nextStep}`);
		const log = outcomes[index]?.machine.serialLog;
		if (log) for (const line of await lastLines(log, 25)) print(`  │ ${line}`);
	}
	print('');
	const reached = report.machines.filter(({ problem }) => problem === null).length;
	print(`${reached} of ${report.machines.length} machines got there in ${report.totalSeconds.toFixed(0)} s`);
}

/** One entry a kind of stage, in the order of their first appearance: the many short scripts of an inventory are one number. */
function summary(stages: LabReport['machines'][number]['stages']): string {
	const sums = new Map<string, number>();
	for (const { stage, seconds } of stages) {
		const kind = /^script:(?!\d\d-(write|grow))/.test(stage) ? 'scripts' : stage.replace('script:', '');
		sums.set(kind, (sums.get(kind) ?? 0) + seconds);
	}
	return [...sums].map(([kind, seconds]) => `${kind} ${seconds.toFixed(1)}`).join(' · ');
}

/** Without the terminal's escape sequences, which firmware is fond of. */
async function lastLines(file: string, count: number): Promise<string[]> {
	const text = (await readFile(file, 'latin1')).replace(/\u001b\[[0-9;?=]*[A-Za-z]/g, '').replace(/[^\n\x20-\x7e]/g, '');
	return text
		.split('\n')
		.filter((line) => line.trim() !== '')
		.slice(-count);
}
