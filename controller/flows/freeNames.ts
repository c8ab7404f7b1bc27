import { randomInt } from 'node:crypto';
import { makeHostname } from '../domain/hostname.ts';
import { makeSystemId } from '../domain/machine.ts';
import type { Store } from '../store/store.ts';

const chance = () => randomInt(2 ** 32) / 2 ** 32;

/** An id that no node has. */
export function freeSystemId(store: Store): string {
	let systemId = makeSystemId(chance);
	while (store.nodes.bySystemId(systemId)) systemId = makeSystemId(chance);
	return systemId;
}

/** A host name that no node has: two words, or `wanted`, with a number where that is taken. */
export function freeHostname(store: Store, wanted?: string): string {
	let hostname = wanted ?? makeHostname(chance);
	for (let count = 2; store.machines.hostnameTaken(hostname); count++) hostname = `${wanted ?? makeHostname(chance)}-${count}`;
	return hostname;
}
