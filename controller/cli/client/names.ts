import type { DescribedAction, Description, Handler } from '../../api/maas/describe.ts';

/** A noun of the command line, as MAAS's own names it: `BootResourcesHandler` → `boot-resources`, `SSHKeysHandler` → `sshkeys`. */
export function nounOf(handler: string): string {
	return (handler.match(/[A-Z]*[a-z0-9]+|[A-Z]+/g) ?? [])
		.map((part) => part.toLowerCase())
		.filter((part) => part !== 'handler')
		.join('-');
}

/** `power_on` → `power-on`; both are taken. */
export const verbOf = (action: string): string => action.replaceAll('_', '-');

export interface Noun {
	readonly name: string;
	readonly handler: Handler;
}

/** What a description offers, sorted; a handler for callers without key stands in where there is no other. */
export function nounsOf(description: Description): Noun[] {
	return description.resources
		.map(({ name, auth, anon }) => ({ name: nounOf(name), handler: auth ?? anon }))
		.filter((noun): noun is Noun => noun.handler !== null)
		.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export const findVerb = (handler: Handler, verb: string): DescribedAction | undefined =>
	handler.actions.find((action) => verbOf(action.name) === verbOf(verb));
