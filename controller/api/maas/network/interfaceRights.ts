import type { Status } from '../../../domain/lifecycle.ts';
import type { Interface } from '../../../store/network/interfaces.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Store } from '../../../store/store.ts';
import type { User } from '../../../store/users.ts';
import { conflict, forbidden, notFound } from '../failures.ts';
import { checkEdit } from '../rights.ts';
import { type InterfaceObject, interfaceObjects } from './interfaceObject.ts';

const CHANGEABLE: readonly Status[] = ['new', 'ready', 'allocated', 'broken'];

/**
 * Who may change interfaces, and when (facts §2.11): a device's are its owner's, all others the administrators'. A machine must be New,
 * Ready, Allocated or Broken, or Deployed where only facts are changed (`update`). `verb` is MAAS's word in the sentence.
 */
export function mayChange(node: Node, user: User, verb: string, only?: Node['kind']): Node {
	if (node.kind === 'device') checkEdit(user, node);
	else if (!user.isAdmin) throw forbidden('');
	if (node.kind === 'controller' && verb !== 'update') throw forbidden('Interfaces of a controller are found, not made.');
	if (only && node.kind !== only) throw notFound('Machine');
	const allowed = verb === 'update' ? [...CHANGEABLE, 'deployed' as const] : CHANGEABLE;
	if (node.kind === 'machine' && !allowed.includes(node.status))
		throw conflict(`Cannot ${verb} interface because the machine is not New, Ready, Allocated, or Broken.`);
	return node;
}

/** By id, or by name. */
export function findInterface(store: Store, node: Node, id: string): Interface {
	const mine = store.network.interfaces.ofNodes([node.id]);
	const found = mine.find((row) => String(row.id) === id) ?? mine.find((row) => row.name === id);
	if (!found) throw notFound('Interface');
	return found;
}

export function showInterface(store: Store, { id, nodeId }: Interface): InterfaceObject {
	const object = interfaceObjects(store, [nodeId])
		.get(nodeId)
		?.find((each) => each.id === id);
	if (!object) throw notFound('Interface');
	return object;
}
