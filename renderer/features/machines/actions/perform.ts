import { command, type Input } from '../../../api/client.ts';
import type { ActionView, MachineAction, MachineView } from '../../../api/views.ts';

export type Extra = Omit<Input<'machine.act'>, 'systemId' | 'action'>;

/** An action over a choice of machines: who it will touch, who it can't, and why. */
export interface Offer {
	action: MachineAction;
	/** on the button; ends in … when a dialog follows */
	label: string;
	/** the same in a sentence */
	verb: string;
	destructive: boolean;
	able: readonly MachineView[];
	unable: readonly { machine: MachineView; reason: string }[];
	/** why it can't be pressed; null when at least one machine allows it */
	why: string | null;
}

/** Every action of the chosen machines, in the controller's order. The lifecycle's rules stay with the controller. */
export function offersFor(machines: readonly MachineView[]): Offer[] {
	const seen = new Map<MachineAction, ActionView>();
	for (const machine of machines) for (const each of machine.actions) if (!seen.has(each.action)) seen.set(each.action, each);
	return [...seen.values()].map((view) => offer(view, machines));
}

function offer(view: ActionView, machines: readonly MachineView[]): Offer {
	const able: MachineView[] = [];
	const unable: { machine: MachineView; reason: string }[] = [];
	for (const machine of machines) {
		const own = machine.actions.find((each) => each.action === view.action);
		if (own?.allowed) able.push(machine);
		else unable.push({ machine, reason: own?.reason ?? `Not possible while ${machine.statusName.toLowerCase()}.` });
	}
	const why = able.length > 0 ? null : (unable[0]?.reason ?? 'No machine is selected.');
	const verb = view.label.replace(/…$/, '');
	return { action: view.action, label: view.label, verb, destructive: view.destructive, able, unable, why };
}

/** Does it on each machine. Throws one error that names the machines where it did not work. */
export async function perform(machines: readonly MachineView[], action: MachineAction, extra: Extra = {}): Promise<void> {
	const outcomes = await Promise.allSettled(
		machines.map((machine) => command('machine.act', { systemId: machine.systemId, action, ...extra })),
	);
	const failed = machines.flatMap((machine, at) => {
		const outcome = outcomes[at];
		return outcome?.status === 'rejected' ? [{ machine, reason: outcome.reason as unknown }] : [];
	});
	const [first] = failed;
	if (!first) return;
	if (machines.length === 1) throw first.reason;
	const reason = first.reason instanceof Error ? first.reason.message : String(first.reason);
	throw new Error(`Did not work on ${failed.map((each) => each.machine.hostname).join(', ')}: ${reason}`, {
		cause: first.reason,
	});
}

/** `node1, node2 and 3 more`. */
export function namesOf(machines: readonly MachineView[], most = 4): string {
	const names = machines.slice(0, most).map((machine) => machine.hostname);
	return machines.length > most ? `${names.join(', ')} and ${machines.length - most} more` : names.join(', ');
}
