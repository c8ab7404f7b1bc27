import { cleanText } from '../../domain/clean.ts';
import { Refusal } from '../../domain/errors.ts';
import { isHostname, type Machine } from '../../domain/machine.ts';
import { setPowerSettings } from '../../flows/powerSettings.ts';
import type { PowerResult } from '../../power/driver.ts';
import type { Checked } from '../contract.ts';
import type { Parts } from '../parts.ts';
import { explanationView } from './explanationView.ts';
import { administrator, type Caller, type Handlers, type NamesOf } from './handlers.ts';
import { machineDetail, machineView, machineViews } from './machineView.ts';
import { eventView, timelineView } from './timelineView.ts';

/** Machines: lists, pages, and what may be done to them. */
export function machineHandlers(parts: Parts): Handlers<NamesOf<'machines' | 'machine' | 'power' | 'scriptResult'>> {
	const { store, power, perMachine, powerDrivers, now } = parts;
	const find = (systemId: string): Machine => {
		const machine = store.machines.bySystemId(systemId);
		if (!machine) throw new Refusal('not-found', 'There is no such machine.', { field: 'systemId' });
		return machine;
	};
	const view = (machine: Machine) => machineView(store, store.machines.byId(machine.id) ?? machine, now());
	return {
		'machines.list': () => machineViews(store, now()),
		'machines.explain': (constraints, { user }) => explanationView(parts, constraints, user),
		'machine.get': ({ systemId }) => machineDetail(store, find(systemId), now()),
		'machine.timeline': ({ systemId }) => timelineView(store, find(systemId)),
		'machine.events': ({ systemId, before, limit }) =>
			store.events.ofMachine(find(systemId).id, { before, limit }).map((event) => eventView(event, systemId)),
		'machine.act': async (input, { user }) => {
			const machine = find(input.systemId);
			if (!user.isAdmin && machine.ownerId !== null && machine.ownerId !== user.id)
				throw new Refusal('not-allowed', `${machine.hostname} belongs to somebody else.`);
			return act(parts, machine, input, user) ? view(machine) : await actOnPower(parts, machine, input);
		},
		'machine.rename': ({ systemId, hostname }, { user }) => {
			administrator(user);
			const machine = find(systemId);
			const name = hostname.toLowerCase();
			if (!isHostname(name))
				throw new Refusal('bad-input', 'A host name has 1 to 63 letters, digits and inner dashes.', { field: 'hostname' });
			if (name !== machine.hostname && store.machines.hostnameTaken(name))
				throw new Refusal('conflict', `Another machine is called ${name}.`, { field: 'hostname' });
			store.machines.update(machine.id, { hostname: name });
			return view(machine);
		},
		'machine.setPower': async ({ systemId, driver: name, parameters }, { user }) => {
			administrator(user);
			const machine = find(systemId);
			const driver = powerDrivers.find((each) => each.name === name);
			if (!driver) throw new Refusal('bad-input', `There is no power type “${name}”.`, { field: 'driver' });
			setPowerSettings(store, machine, { driver, parameters, field: 'parameters' }, user.username);
			// the answer shows at once whether the settings work
			await perMachine(machine.id, () => power.check(machine.id));
			return view(machine);
		},
		'power.types': () =>
			powerDrivers.map((driver) => ({
				name: driver.name,
				description: driver.description,
				queryable: driver.queryable,
				fields: driver.fields.map(({ scope: _, default: value, choices, ...field }) => ({
					...field,
					default: typeof value === 'string' ? value : [...value],
					choices: choices.map(([choice, label]): [string, string] => [choice, label]),
				})),
			})),
		'scriptResult.output': ({ id }) => {
			if (!store.results.byId(id)) throw new Refusal('not-found', 'There is no such result.', { field: 'id' });
			const { bytes, truncated } = store.results.readOutput(id, 1 << 20);
			return { output: bytes.toString('utf8'), truncated };
		},
	};
}

/** The actions that answer at once; `false` for those on power, which wait for the BMC. */
function act({ actions, allocation }: Parts, machine: Machine, input: Checked<'machine.act'>, user: Caller['user']): boolean {
	switch (input.action) {
		case 'commission':
			actions.commission(machine, user);
			return true;
		case 'allocate':
			allocation.take(machine, user, {
				comment: input.comment ?? null,
				note: cleanText(input.note, 1000),
				until: input.until ?? null,
			});
			return true;
		case 'deploy':
			if (input.imageId === undefined) throw new Refusal('bad-input', 'Say which image to deploy.', { field: 'imageId' });
			actions.deploy(machine, user, { imageId: input.imageId, userData: input.userData ?? null });
			return true;
		case 'release':
			actions.release(machine, user, input.erase ?? 'none');
			return true;
		case 'abort':
			actions.abort(machine, user);
			return true;
		case 'test':
			actions.test(machine, user);
			return true;
		case 'rescue_mode':
			actions.rescue(machine, user);
			return true;
		case 'exit_rescue_mode':
			actions.exitRescue(machine, user);
			return true;
		case 'mark_broken':
		case 'mark_fixed':
		case 'override_failed_testing':
			actions.mark(
				machine,
				user,
				input.action === 'override_failed_testing' ? 'override_tests' : input.action,
				input.comment ?? null,
			);
			return true;
		case 'lock':
		case 'unlock':
			actions.lock(machine, user, input.action === 'lock');
			return true;
		case 'delete':
			actions.delete(machine, user);
			return true;
		default:
			return false;
	}
}

async function actOnPower({ store, power, perMachine, now }: Parts, machine: Machine, input: Checked<'machine.act'>) {
	if (machine.locked && input.action !== 'check_power')
		throw new Refusal('locked', `${machine.hostname} is locked.`, { nextStep: 'Unlock it first.' });
	const order: Record<string, () => Promise<PowerResult<unknown>>> = {
		power_on: () => power.on(machine.id),
		power_off: () => power.off(machine.id, { soft: input.soft ?? false }),
		check_power: () => power.check(machine.id),
	};
	const result = await perMachine(machine.id, order[input.action] as () => Promise<PowerResult<unknown>>);
	if (!result.ok) throw new Refusal('power-failed', result.text, { nextStep: result.nextStep });
	return machineView(store, store.machines.byId(machine.id) ?? machine, now());
}
