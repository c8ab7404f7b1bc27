/** The scheme and host of the pages that the desktop itself brings (localPages.ts). */
export const localOrigin = 'metaldesk://local';

/** Whether a page or its parts may come from `address`: only from the controller at `controllerOrigin` and from the desktop itself. */
export function isOurAddress(address: string, controllerOrigin: string): boolean {
	const url = URL.canParse(address) ? new URL(address) : undefined;
	if (!url) return false;
	if (url.protocol === 'metaldesk:') return `metaldesk://${url.host}` === localOrigin;
	const origin = url.protocol === 'ws:' ? `http://${url.host}` : url.origin;
	return origin === controllerOrigin;
}

/**
 * The address to give to the system's browser, or `undefined` where that would be dangerous: other schemes start other programs with
 * words that a machine or a page has chosen, and a name in front of the host is there to deceive whoever reads it.
 */
export function externalAddress(address: string): string | undefined {
	const url = address.length <= 2_000 && URL.canParse(address) ? new URL(address) : undefined;
	if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
	if (url.username !== '' || url.password !== '') return undefined;
	return url.href;
}

/**
 * Whether a Content-Security-Policy keeps foreign and inline scripts out: scripts are limited to the page's own origin, by `script-src` or
 * by `default-src` in its place, without the words that undo it.
 */
export function keepsScriptsOut(policy: string): boolean {
	const directives = new Map<string, string[]>();
	for (const directive of policy.split(';')) {
		const [name = '', ...sources] = directive.trim().toLowerCase().split(/\s+/);
		// CSP level 3, section 2.2.1: of two directives of one name the first counts.
		if (!directives.has(name)) directives.set(name, sources);
	}
	const scripts = directives.get('script-src') ?? directives.get('default-src');
	return scripts?.every((source) => source === "'self'" || source === "'none'" || /^'(?:sha\d{3}|nonce)-/.test(source)) ?? false;
}
