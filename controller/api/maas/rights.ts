import type { Node } from '../../store/nodes.ts';
import type { Store } from '../../store/store.ts';
import type { User } from '../../store/users.ts';
import { forbidden, notFound } from './failures.ts';

/** The id in a path; anything but a number is an object that does not exist. */
export function idIn(text: string, kind: string): number {
	if (!/^\d{1,15}$/.test(text)) throw notFound(kind);
	return Number(text);
}

/** The node of a path. Everybody who is signed in sees every node (MAAS without RBAC). */
export function findNode(store: Store, systemId: string, kind?: Node['kind']): Node {
	const node = store.nodes.bySystemId(systemId);
	if (!node || (kind && node.kind !== kind)) throw notFound(kind ? KINDS[kind] : 'Node');
	return node;
}

/** MAAS's “edit”: administrators, the owner, and everybody while nobody owns the node. */
export const mayEdit = (user: User, node: Pick<Node, 'ownerId'>): boolean =>
	user.isAdmin || node.ownerId === null || node.ownerId === user.id;

/** Throws MAAS's 403. */
export function checkEdit(user: User, node: Pick<Node, 'ownerId'>): void {
	if (!mayEdit(user, node)) throw forbidden('');
}

const KINDS = { machine: 'Machine', device: 'Device', controller: 'Controller' } as const;
