import { Refusal } from './errors.ts';

/** Names of zones, pools and tags as MAAS takes them: they come into URLs and command lines. Throws Refusal `bad-input`, field `name`. */
export function checkPlaceName(name: string, alsoAllowed: '' | ' ' = ''): void {
	const allowed = alsoAllowed === ' ' ? /^[A-Za-z0-9][A-Za-z0-9 _.-]*$/ : /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
	if (name.length > 256) throw new Refusal('bad-input', 'Ensure this value has at most 256 characters.', { field: 'name' });
	if (!allowed.test(name) || name === '.' || name === '..')
		throw new Refusal('bad-input', 'Use letters, digits, dashes, dots and underscores only, beginning with a letter or digit.', {
			field: 'name',
		});
}
