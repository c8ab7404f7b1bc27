import { type Mac, parseMac } from '../../../domain/address.ts';
import { cleanLine } from '../../../domain/clean.ts';
import type { Machine } from '../../../domain/machine.ts';
import { addMachine } from '../../../flows/addMachine.ts';
import { setPowerSettings } from '../../../flows/powerSettings.ts';
import type { Parts } from '../../parts.ts';
import { unfit } from '../failures.ts';
import type { Values } from '../parameters.ts';
import type { Call } from '../resource.ts';
import { errandOf } from './forms/errandForm.ts';
import { type MachineForm, readMachineForm } from './forms/machineForm.ts';
import { machineObject } from './machineObject.ts';
import type { machinesResource } from './machines.ts';

type Input = Values<(typeof machinesResource)['actions']['create']['parameters']>;

/** More cards than any machine has. */
const MAX_MACS = 256;

/** `POST machines/`: somebody describes a machine, or a machine describes itself (no credentials; facts §5.6). */
export function createMachine(parts: Parts, input: Input, { user, anonymous, rest }: Call) {
	const { store, actions, now } = parts;
	const macs = readMacs(input.mac_addresses ?? []);
	const architecture =
		input.architecture && input.subarchitecture && !input.architecture.includes('/')
			? `${input.architecture}/${input.subarchitecture}`
			: input.architecture;
	const form = readMachineForm(parts, { ...input, architecture }, rest, null);
	if (anonymous) return enlisted(parts, macs, form);
	if (!form.facts.architecture) throw unfit('architecture', 'This field is required.');
	const power = form.power ?? undefined;
	// One without BMC or card can't be commissioned: it stays New unless the client waits for more.
	if (user.isAdmin && input.commission && !power)
		throw unfit('power_type', 'Say how the machine is switched on: “manual” if by hand.');
	if (macs.length === 0 && power?.driver.name !== 'ipmi') throw unfit('mac_addresses', 'This field is required.');
	const deployed = input.deployed ?? false;
	const machine = store.transaction(() => {
		const { id } = addMachine(
			store,
			{
				hostname: form.hostname,
				macs,
				facts: { ...form.facts, isDpu: input.is_dpu ?? false },
				power,
				deployedFor: deployed ? user : undefined,
			},
			user.username,
			now(),
		);
		const made = store.machines.byId(id) as Machine;
		return user.isAdmin && !deployed && (input.commission ?? power !== undefined)
			? actions.commission(made, user, errandOf(input))
			: made;
	});
	return machineObject(parts, machine.id);
}

/** A machine that is known by a card or by its BMC is the same one; its settings that a person made are never overwritten. */
function enlisted(parts: Parts, macs: readonly Mac[], form: MachineForm) {
	const { store, now } = parts;
	// in-band detection knows IPMI alone, as in flows/readResults.ts; a stranger names no other driver
	const power = form.power?.driver.name === 'ipmi' ? form.power : undefined;
	if (macs.length === 0 && !power) throw unfit('mac_addresses', 'This field is required.');
	const machine = store.transaction(() => {
		const known = findKnown(parts, macs, String(power?.parameters.power_address ?? ''));
		if (!known) {
			if (!form.facts.architecture) throw unfit('architecture', 'This field is required.');
			return addMachine(store, { hostname: form.hostname, macs, facts: form.facts, power }, null, now());
		}
		if (form.facts.architecture) store.machines.update(known.id, { architecture: form.facts.architecture });
		if (power && known.bmcId === null) setPowerSettings(store, known, power, null);
		return known;
	});
	const { system_id, hostname, domain, fqdn, architecture, status, power_type, power_state, zone, resource_uri, ...shown } =
		machineObject(parts, machine.id);
	const { status_action, status_message, status_name, node_type } = shown;
	return {
		...{ system_id, hostname, domain, fqdn, architecture, status, power_type, power_state, zone, resource_uri },
		...{ status_action, status_message, status_name, node_type },
	};
}

function findKnown({ store }: Parts, macs: readonly Mac[], powerAddress: string): Machine | undefined {
	const early = (machine: Machine | undefined) => machine && ['new', 'commissioning'].includes(machine.status);
	const bmc = powerAddress === '' ? undefined : store.bmcs.byAddress('ipmi', powerAddress);
	const found = [...(bmc ? store.machines.byBmc(bmc.id) : []), ...macs.map((mac) => store.machines.byMac(mac))];
	return found.find(early);
}

function readMacs(sent: readonly string[]): Mac[] {
	if (sent.length > MAX_MACS) throw unfit('mac_addresses', `A machine has at most ${MAX_MACS} cards.`);
	return sent.map((text) => {
		const mac = parseMac(text);
		if (!mac) throw unfit('mac_addresses', `'${cleanLine(text)}' is not a valid MAC address.`);
		return mac;
	});
}
