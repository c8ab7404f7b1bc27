import { Refusal } from '../../domain/errors.ts';
import { checkNetworkName } from '../../domain/network/names.ts';

/**
 * A name that no other one has. Throws Refusal `bad-input`, field `name`; it may be the name that was given to it when it had none
 * (`fabric-3`).
 */
export function freeName(
	kind: 'Fabric' | 'Space',
	name: string,
	all: readonly { readonly id: number; readonly name: string }[],
	own: { readonly id: number } | null,
): string {
	if (!own || name !== `${kind.toLowerCase()}-${own.id}`) checkNetworkName(kind, name);
	if (all.some((each) => each.name === name && each.id !== own?.id))
		throw new Refusal('bad-input', `${kind} with this Name already exists.`, { field: 'name' });
	return name;
}
