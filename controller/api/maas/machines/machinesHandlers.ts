import { parseMac } from '../../../domain/address.ts';
import { parseAllocate, parseMachineFilters } from '../../../domain/allocation/constraints.ts';
import { cleanLine } from '../../../domain/clean.ts';
import { lifecycle } from '../../../domain/lifecycle.ts';
import type { Machine } from '../../../domain/machine.ts';
import { cloneMachine } from '../../../flows/cloneMachine.ts';
import type { Parts } from '../../parts.ts';
import { conflict, forbidden, MaasRefusal, unfit } from '../failures.ts';
import { Invalid } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on } from '../resource.ts';
import { mayEdit } from '../rights.ts';
import { createMachine } from './createMachine.ts';
import { readBridges } from './forms/bridgeForm.ts';
import { errandOf } from './forms/errandForm.ts';
import { isFree, isReleasable, readRelease } from './forms/releaseForm.ts';
import { machineObject, machineObjects } from './machineObject.ts';
import { machinesResource } from './machines.ts';
import { createMachineTexts } from './machineTexts.ts';

export function machinesHandlers(parts: Parts): Implemented {
	const { store, actions, allocation } = parts;
	/** Those of these ids, in their order; a 400 names the ones that don't exist. */
	const named = (systemIds: readonly string[]): Machine[] => {
		const found = new Map(store.machines.bySystemIds(systemIds).map((machine) => [machine.systemId, machine]));
		const unknown = systemIds.filter((id) => !found.has(id));
		if (unknown.length > 0) throw new MaasRefusal(400, `Unknown machine(s): ${shortList(unknown)}.`);
		return systemIds.map((id) => found.get(id) as Machine);
	};
	const accept = (machines: readonly Machine[], by: Parameters<typeof actions.commission>[1]) =>
		machineObjects(
			parts,
			store.transaction(() =>
				machines.filter(({ status }) => status === 'new').map((machine) => actions.commission(machine, by, errandOf({}))),
			),
		);
	const byMac = (text: string): Machine | undefined => {
		const mac = parseMac(text.trim());
		return mac ? store.machines.byMac(mac) : undefined;
	};

	const texts = createMachineTexts(parts);
	return on(machinesResource, {
		read(_, { rest }) {
			const parsed = parseMachineFilters(rest, store.candidates.known());
			if (!parsed.ok) throw new Invalid(parsed.errors);
			const { clauses } = parsed.constraints;
			const machines =
				clauses.length === 0 ? store.machines.all() : store.machines.among(store.candidates.matching(clauses, 'machine'));
			return Reply.list(machines, texts);
		},
		create: (input, call) => createMachine(parts, input, call),
		is_registered: ({ mac_address }) => byMac(mac_address) !== undefined,
		is_action_in_progress({ mac_address }) {
			const machine = byMac(mac_address);
			return machine !== undefined && lifecycle[machine.status].patience !== null;
		},
		accept: ({ machines = [] }, { user }) => accept(named(machines), user),
		accept_all: (_, { user }) => accept(store.machines.inStatus(['new']), user),
		release({ machines = [], comment }, { user }) {
			const asked = named(machines);
			const foreign = asked.filter((machine) => !mayEdit(user, machine));
			if (foreign.length > 0)
				throw forbidden(
					`You don't have the required permission to release the following machine(s): ${foreign.map(({ systemId }) => systemId).join(', ')}.`,
				);
			const stuck = asked.filter(({ status }) => !isReleasable(status) && !isFree(status));
			if (stuck.length > 0)
				throw conflict(
					`Machine(s) cannot be released in their current state: ${stuck.map(({ systemId, status }) => `${systemId} ('${lifecycle[status].name}')`).join(', ')}.`,
				);
			const due = asked.filter(({ status }) => isReleasable(status));
			const { erase } = readRelease(store, {});
			store.transaction(() => {
				for (const machine of due) actions.release(machine, user, erase, { comment: comment || null });
			});
			return due.map(({ systemId }) => systemId);
		},
		list_allocated({ id }, { user }) {
			const mine = store.machines
				.inStatus(['allocated'])
				.filter((machine) => machine.ownerId === user.id && (!id?.length || id.includes(machine.systemId)));
			return machineObjects(parts, mine);
		},
		allocate(input, { user, rest }) {
			const parsed = parseAllocate(rest, store.candidates.known());
			if (!parsed.ok) throw new Invalid(parsed.errors);
			const { verbose = false } = input;
			const taken = allocation.allocate(parsed.constraints, user, {
				...{ agentName: input.agent_name ?? '', comment: input.comment || null, dryRun: input.dry_run ?? false, verbose },
				...{ bridges: readBridges(input), note: input.note || null, until: input.until || null },
			});
			if (!taken.ok) throw conflict(taken.text);
			return {
				...machineObject(parts, taken.machine.id),
				constraints_by_type: taken.verbose
					? { ...taken.constraintsByType, verbose_storage: taken.verbose.storage, verbose_interfaces: taken.verbose.interfaces }
					: taken.constraintsByType,
			};
		},
		clone({ source: sourceId, destinations = [], interfaces = false, storage = false }, { user }) {
			const wrong = (text: string) => `${text} is not one of the available choices.`;
			const source = store.machines.bySystemId(sourceId);
			if (!source) throw unfit('source', `Select a valid choice. ${wrong(cleanLine(sourceId))}`);
			if (destinations.length === 0) throw unfit('destinations', 'This field is required.');
			if (!interfaces && !storage) throw unfit('__all__', 'Either storage or interfaces must be true.');
			const found = destinations.map((id) => ({ id, machine: store.machines.bySystemId(id) }));
			const unknown = found.flatMap(({ id, machine }, at) =>
				machine ? [] : [`Machine ${at + 1} in the array did not validate: Select a valid choice. ${wrong(cleanLine(id))}`],
			);
			if (unknown.length > 0) throw new Invalid({ destinations: unknown.slice(0, 50) });
			const machines = found.flatMap(({ machine }) => machine ?? []);
			cloneMachine(store, source, machines, { interfaces, storage }, user.username);
			return Reply.nothing();
		},
		power_parameters({ id }) {
			const machines = id?.length ? store.machines.bySystemIds(id) : store.machines.all();
			const settings = store.bmcs.allParameters();
			return Object.fromEntries(
				machines.map((machine) => [machine.systemId, (machine.bmcId !== null && settings.get(machine.bmcId)) || {}]),
			);
		},
		set_zone({ zone: word, nodes = [] }) {
			const zone = store.zones.byName(word) ?? (/^\d{1,15}$/.test(word) ? store.zones.byId(Number(word)) : undefined);
			if (!zone) throw unfit('zone', 'Select a valid choice. That choice is not one of the available choices.');
			const found = nodes.map((id) => ({ id, node: store.nodes.bySystemId(id) }));
			const unknown = found.filter(({ node }) => !node).map(({ id }) => id);
			if (unknown.length > 0) throw unfit('nodes', `Unknown node(s): ${shortList(unknown)}.`);
			store.transaction(() => {
				for (const { node } of found) if (node) store.machines.update(node.id, { zoneId: zone.id });
			});
			return null;
		},
	});
}

const shortList = (words: readonly string[]) =>
	words
		.slice(0, 50)
		.map((word) => cleanLine(word))
		.join(', ');
