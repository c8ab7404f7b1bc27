/**
 * The unattended run: each machine from power-on through its goal, as a person would take it there, with the lab's own proofs between:
 * the power state is asked from the BMC, the login goes through SSH, and the erased disk's bytes are read.
 */
import pLimit, { type LimitFunction } from 'p-limit';
import type { MachineAction, MachineView } from '../../../controller/api/views.ts';
import { type Status, statusCode } from '../../../controller/domain/lifecycle.ts';
import type { Goal } from '../options.ts';
import type { Rack, RackMachine } from '../rack/rack.ts';
import type { Api } from './api.ts';
import { firstLeftover } from './erased.ts';
import { login, type SshKey, type SshLogin } from './ssh.ts';
import type { Watch } from './watch.ts';

export interface MachineOutcome {
	machine: RackMachine;
	/** null when it never enlisted */
	systemId: string | null;
	/** how long each part took, as the lab saw it */
	parts: { part: string; seconds: number }[];
	/** the commissioning boot: from asking for it, which powers the machine on, to Ready */
	powerOnToCommissionedSeconds: number | null;
	/** both boots: from the very first power-on, by which it enlists, to Ready and off; without the wait for others in between */
	firstPowerOnToReadySeconds: number | null;
	ssh: (SshLogin & { secondsFromPowerOn: number }) | null;
	/** null when it reached the goal */
	problem: string | null;
}

interface DriveParts {
	rack: Rack;
	api: Api;
	watch: Watch;
	goal: Goal | 'new';
	sshKey: SshKey;
	/** resolves when the image has been uploaded */
	image: Promise<{ id: number }>;
	/** how many machines may boot at the same time */
	slots: number;
	say(machine: RackMachine, text: string): void;
}

/** For what the controller should have given up on long before. */
const patience = 30 * 60_000;
const bmcPatience = 5 * 60_000;
const sshPatience = 5 * 60_000;
const powerOffPatience = 60_000;

/** Takes all machines to the goal; one that fails does not stop the others. */
export async function drive(parts: DriveParts): Promise<MachineOutcome[]> {
	const slot = pLimit(parts.slots);
	return Promise.all(parts.rack.machines.map((machine, index) => driveOne(parts, slot, machine, index)));
}

async function driveOne(parts: DriveParts, slot: LimitFunction, machine: RackMachine, index: number): Promise<MachineOutcome> {
	const outcome: MachineOutcome = {
		machine,
		systemId: null,
		parts: [],
		powerOnToCommissionedSeconds: null,
		firstPowerOnToReadySeconds: null,
		ssh: null,
		problem: null,
	};
	const { goal, rack } = parts;
	try {
		const view = await slot(() => timed(outcome, 'enlist', () => enlist(parts, machine, outcome)));
		if (goal === 'new') return outcome;
		const known = { machine, systemId: view.systemId };
		await slot(() => timed(outcome, 'commission', () => commission(parts, known, outcome)));
		outcome.firstPowerOnToReadySeconds = seconds(outcome.parts.reduce((sum, part) => sum + part.seconds * 1000, 0));
		if (goal === 'ready') return outcome;
		await slot(() => timed(outcome, 'deploy and log in', () => deploy(parts, known, outcome)));
		if (goal === 'deployed') return outcome;
		// Every machine but the last is erased quickly; the last one proves the full erase when it has company.
		const erase = index > 0 && index === rack.machines.length - 1 ? 'full' : 'quick';
		await slot(() => timed(outcome, `release, ${erase} erase`, () => release(parts, known, erase)));
	} catch (error) {
		outcome.problem = error instanceof Error ? error.message : String(error);
		parts.say(machine, `failed: ${outcome.problem}`);
	}
	return outcome;
}

interface Known {
	machine: RackMachine;
	systemId: string;
}

async function enlist(parts: DriveParts, machine: RackMachine, outcome: MachineOutcome): Promise<MachineView> {
	const { mac, secondMac, name } = machine.identity;
	parts.say(machine, 'powered on by its BMC');
	await machine.bmc.chassis('power', 'on');
	const known = (machines: MachineView[]) =>
		machines.find(({ macs, status }) => macs.includes(mac) && status === statusCode('new'));
	const first = await parts.watch.until(`${name} enlists`, patience, known);
	outcome.systemId = first.systemId;
	// It is New as soon as it has said who it is; its BMC comes a few seconds later.
	const view = await parts.watch.until(`${name} tells its BMC`, bmcPatience, (machines) => {
		const found = known(machines);
		return found?.power.address ? found : undefined;
	});
	const expected = { macs: [mac, secondMac], driver: 'ipmi', address: machine.bmc.address };
	const reported = { macs: [...view.macs].sort(), driver: view.power.driver, address: view.power.address };
	if (JSON.stringify(reported) !== JSON.stringify(expected)) {
		throw new Error(`${name} enlisted as ${JSON.stringify(reported)}, but it is ${JSON.stringify(expected)}`);
	}
	await isOff(parts, { machine, systemId: view.systemId });
	return view;
}

async function commission(parts: DriveParts, known: Known, outcome: MachineOutcome): Promise<void> {
	const from = Date.now();
	const view = await act(parts, known, 'commission', {}, 'ready');
	outcome.powerOnToCommissionedSeconds = seconds(Date.parse(view.statusAt) - from);
	await isOff(parts, known);
}

async function deploy(parts: DriveParts, known: Known, outcome: MachineOutcome): Promise<void> {
	const { id } = await parts.image;
	const from = Date.now();
	const view = await act(parts, known, 'deploy', { imageId: id }, 'deployed');
	const network = parts.rack.network.controller.replace(/\d+$/, '');
	const address = view.addresses.find((each) => each.startsWith(network));
	if (!address)
		throw new Error(`${view.hostname} is deployed, but none of its addresses [${view.addresses.join(', ')}] is in the lab`);
	const ssh = await login(parts.rack.network.enter, parts.sshKey, address, sshPatience);
	outcome.ssh = { ...ssh, secondsFromPowerOn: seconds(Date.now() - from) };
	if (ssh.hostname !== view.hostname) throw new Error(`the deployed machine calls itself ${ssh.hostname}, not ${view.hostname}`);
	parts.say(known.machine, `SSH: ${ssh.hostname}, up ${ssh.uptimeSeconds.toFixed(0)} s`);
}

async function release(parts: DriveParts, known: Known, erase: 'quick' | 'full'): Promise<void> {
	const { machine } = known;
	const disks = [machine.disk, machine.nvme];
	// An erase of empty disks would prove nothing.
	for (const disk of disks) {
		if ((await firstLeftover(disk, erase)) === null) throw new Error(`${disk} is empty before the erase`);
	}
	await act(parts, known, 'release', { erase }, 'ready');
	await isOff(parts, known);
	for (const disk of disks) {
		const at = await firstLeftover(disk, erase);
		if (at !== null) throw new Error(`after the ${erase} erase there is still data at offset ${at} of ${disk}`);
	}
}

/** Asks for an action, waits for the status it leads to, and gives up at once on a failed one. */
async function act(
	{ api, watch, say }: DriveParts,
	{ machine, systemId }: Known,
	action: MachineAction,
	options: { imageId?: number; erase?: 'quick' | 'full' },
	goal: Status,
): Promise<MachineView> {
	say(machine, `${action} …`);
	const before = await api.call('machine.act', { systemId, action, ...options });
	return watch.until(`${before?.hostname ?? systemId}, ${action}`, patience, (machines) => {
		const view = machines.find((each) => each.systemId === systemId);
		if (!view) throw new Error(`${systemId} has disappeared from the list`);
		if (view.tone === 'bad') throw new Error(`${view.statusName}${view.statusText ? `: ${view.statusText}` : ''}`);
		return view.status === statusCode(goal) && view.statusAt !== before?.statusAt ? view : undefined;
	});
}

/** Both the controller and the BMC itself must say so. */
async function isOff({ watch }: DriveParts, { machine, systemId }: Known): Promise<void> {
	const { name } = machine.identity;
	await watch.until(`${name} is off`, powerOffPatience, (machines) =>
		machines.find((each) => each.systemId === systemId && each.power.state === 'off'),
	);
	const said = await machine.bmc.chassis('power', 'status');
	if (!said.endsWith('is off')) throw new Error(`the controller says that ${name} is off, its BMC says: ${said}`);
}

async function timed<Result>(outcome: MachineOutcome, part: string, work: () => Promise<Result>): Promise<Result> {
	const from = Date.now();
	try {
		return await work();
	} finally {
		outcome.parts.push({ part, seconds: seconds(Date.now() - from) });
	}
}

const seconds = (milliseconds: number) => Math.round(milliseconds / 100) / 10;
