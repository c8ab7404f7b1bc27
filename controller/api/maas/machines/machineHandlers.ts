import { dropPowerSettings, setPowerSettings } from '../../../flows/powerSettings.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { conflict, unfit } from '../failures.ts';
import { Reply } from '../reply.ts';
import { type Call, type Implemented, on } from '../resource.ts';
import { readMachineForm } from './forms/machineForm.ts';
import { hardwareDetails } from './hardwareDetails.ts';
import { machineResource } from './machine.ts';
import { machineConfiguration } from './machineConfiguration.ts';
import { machineOrders } from './machineOrders.ts';
import { type MachineUri, oneMachine } from './oneMachine.ts';
import { powerOrders } from './powerOrders.ts';

export function machineHandlers(parts: Parts): Implemented {
	const { store, actions } = parts;
	const { find, editable, shown } = oneMachine(parts);
	const annotate = (uri: MachineUri, user: User, rest: Call['rest']) => {
		const machine = editable(uri, user);
		if (machine.ownerId !== user.id) throw conflict("Cannot set workload annotation: it hasn't been acquired.");
		store.machines.update(machine.id, { ownerData: annotated(machine.ownerData, rest) });
		return shown(machine);
	};
	return on(machineResource, {
		...machineOrders(parts),
		...powerOrders(parts),
		...machineConfiguration(parts),
		read: (_, { uri }) => shown(find(uri)),
		update(input, { uri, user, rest }) {
			const machine = find(uri);
			const { hostname, facts, power } = readMachineForm(parts, input, rest, machine);
			store.transaction(() => {
				store.machines.update(machine.id, { ...facts, ...(hostname === undefined ? {} : { hostname }) });
				if (power) setPowerSettings(store, machine, power, user.username);
				if (power === null) dropPowerSettings(store, machine, user.username);
			});
			return shown(machine);
		},
		delete(_, { uri, user }) {
			actions.delete(find(uri), user);
			return Reply.nothing();
		},
		get_token(_, { uri }) {
			const keys = store.metadataKeys.current(find(uri).id);
			return keys ? { token_key: keys.tokenKey, token_secret: keys.tokenSecret, consumer_key: keys.consumerKey } : null;
		},
		details: (_, { uri }) => hardwareDetails(store, find(uri).id),
		set_workload_annotations: (_, { uri, user, rest }) => annotate(uri, user, rest),
		set_owner_data: (_, { uri, user, rest }) => annotate(uri, user, rest),
	});
}

/** Beyond this it is no annotation any more; every machine list carries it. */
const MAX_ANNOTATIONS = 64 * 1024;

/** An empty value deletes its key. */
export function annotated(before: Readonly<Record<string, string>>, rest: Call['rest']): Record<string, string> {
	const data = new Map(Object.entries(before));
	for (const [key, values] of rest) {
		const value = values.at(-1) ?? '';
		if (value === '') data.delete(key);
		else data.set(key, value.toWellFormed());
	}
	const after = Object.fromEntries(data);
	if (JSON.stringify(after).length > MAX_ANNOTATIONS)
		throw unfit('__all__', `All annotations of a machine together have at most ${MAX_ANNOTATIONS} characters.`);
	return after;
}
