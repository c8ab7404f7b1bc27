/** What may stand in the DNS (RFC 1035 §2.3.1 and §2.3.4, RFC 1123 §2.1): pure checks that answer what is wrong in a sentence, or `null`. */

const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** Services and keys stand under labels with underscores: `_ldap._tcp` (RFC 2782, RFC 8552). */
const SERVICE_LABEL = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

/** A machine's name, without its domain. */
export function hostnameProblem(name: string): string | null {
	if (name === '') return 'This field may not be empty.';
	if (name.length > 63) return 'A host name has at most 63 characters.';
	return LABEL.test(name) ? null : 'A host name has letters, digits and inner dashes only.';
}

/** The name of a domain: `example.org`, `maas`. One dot at its end is left out by the caller. */
export function domainNameProblem(name: string): string | null {
	if (name === '') return 'This field may not be empty.';
	if (name.length > 253) return 'A domain name has at most 253 characters.';
	if (name.split('.').every((label) => LABEL.test(label))) return null;
	return 'A domain name has labels of letters, digits and inner dashes, parted by dots.';
}

/** The name of a resource within its domain: `@` for the domain itself, `*` for all that is not there, labels with underscores too. */
export function resourceNameProblem(name: string): string | null {
	if (name === '@' || name === '*') return null;
	if (name === '') return 'This field may not be empty.';
	if (name.length > 191) return 'A name has at most 191 characters.';
	const labels = name.startsWith('*.') ? name.slice(2) : name;
	if (labels.split('.').every((label) => SERVICE_LABEL.test(label))) return null;
	return 'A name has labels of letters, digits, underscores and inner dashes, parted by dots.';
}

/** What a record may point to: a full name, with or without the dot at its end. */
export function targetProblem(name: string): string | null {
	const bare = name.replace(/\.$/, '');
	if (bare.length > 253) return 'A name has at most 253 characters.';
	return bare !== '' && bare.split('.').every((label) => SERVICE_LABEL.test(label)) ? null : 'is no domain name';
}

/** `www` in `example.org` → `www.example.org`; `@` is the domain itself. */
export const fqdnOf = (name: string, domain: string): string => (name === '@' ? domain : `${name}.${domain}`);

/** A host's full name, as clients and cloud-init see it. */
export const hostFqdn = (hostname: string, domain: string): string => `${hostname}.${domain}`;

/** The longest domain of `domains` that a full name is in, and what is left before it (`@` when nothing is). */
export function splitFqdn<Domain extends { readonly name: string }>(
	fqdn: string,
	domains: readonly Domain[],
): { name: string; domain: Domain } | null {
	const whole = fqdn.replace(/\.$/, '').toLowerCase();
	const fitting = domains
		.filter((domain) => whole === domain.name.toLowerCase() || whole.endsWith(`.${domain.name.toLowerCase()}`))
		.toSorted((a, b) => b.name.length - a.name.length);
	const domain = fitting[0];
	if (!domain) return null;
	return { name: whole.length === domain.name.length ? '@' : whole.slice(0, -domain.name.length - 1), domain };
}
