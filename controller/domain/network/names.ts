import { cleanLine } from '../clean.ts';
import { Refusal } from '../errors.ts';

/** Refuses a name that could not be told from others, or not be shown. `kind` is the word for the sentence: Fabric, Space, … */
export function checkNetworkName(kind: 'Fabric' | 'Space' | 'VLAN' | 'Subnet', name: string): string {
	const refuse = (text: string): never => {
		throw new Refusal('bad-input', text, { field: 'name' });
	};
	if (name.length > 255) refuse(`Ensure this value has at most 255 characters (it has ${name.length}).`);
	const allowed = kind === 'Subnet' ? /^[.: \w/-]+$/ : /^\w[ \w-]*$/;
	if (!allowed.test(name) || name.trim() === '')
		refuse(`“${cleanLine(name)}” is no name for a ${kind}: use letters, digits, blanks, dashes and underscores.`);
	// a name of this form is what one without a name is called by
	if ((kind === 'Fabric' && /^fabric-\d+$/.test(name)) || (kind === 'Space' && /^space-\d+$/.test(name)))
		refuse(`Reserved ${kind.toLowerCase()} name.`);
	// `vid:10` and `10` are specifiers, and the empty space is called so
	if (kind === 'Space' && name === 'undefined') refuse('Reserved space name.');
	return name;
}

/** Names of interfaces as Linux takes them: 15 bytes, no slash, no colon, no blank (dev_valid_name in net/core/dev.c). */
export function checkInterfaceName(name: string): string {
	if (!/^[A-Za-z0-9_.+-]{1,15}$/.test(name) || name === '.' || name === '..')
		throw new Refusal(
			'bad-input',
			`“${cleanLine(name)}” is no interface name: use at most 15 letters, digits, dots, dashes and underscores.`,
			{
				field: 'name',
			},
		);
	return name;
}
