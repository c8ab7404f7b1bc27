import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One archive as apt understands it: where it is, which suites, and the key that must have signed it. */
export interface AptSource {
	uris: string[];
	suites: string[];
	/** Path of a keyring file; null means the keys that the system trusts for every archive. */
	signedBy: string | null;
}

/** The release that the agent environment is made of. Machines see this kernel, whatever the host's release is. */
const RELEASE = 'bookworm';
const SUITE = new RegExp(`^${RELEASE}(-updates|-security)?$`);

/**
 * The system's own Debian bookworm entries from /etc/apt, in both of apt's formats. Foreign entries (other suites, other
 * components) are left out. Options that weaken authentication (`trusted=yes`) are not taken over.
 */
export async function systemSources(etcApt = '/etc/apt'): Promise<AptSource[]> {
	const found: AptSource[] = [];
	for (const file of await sourceFiles(etcApt)) {
		const text = await readFile(file, 'utf8');
		found.push(...(file.endsWith('.sources') ? parseStanzas(text) : parseLines(text)));
	}
	return found;
}

/** The same entries with the main archive replaced by `mirror`; security entries stay as the system has them. */
export function withMirror(sources: readonly AptSource[], mirror: string): AptSource[] {
	const keyring = sources.find((source) => source.signedBy)?.signedBy ?? '/usr/share/keyrings/debian-archive-keyring.gpg';
	const security = sources.filter((source) => source.suites.every((suite) => suite.endsWith('-security')));
	return [{ uris: [checkedMirror(mirror)], suites: [RELEASE, `${RELEASE}-updates`], signedBy: keyring }, ...security];
}

/** apt's deb822 text for a private sources file. */
export function renderSources(sources: readonly AptSource[]): string {
	return sources
		.map(({ uris, suites, signedBy }) =>
			[
				'Types: deb',
				`URIs: ${uris.join(' ')}`,
				`Suites: ${suites.join(' ')}`,
				'Components: main',
				...(signedBy ? [`Signed-By: ${signedBy}`] : []),
			].join('\n'),
		)
		.join('\n\n')
		.concat('\n');
}

function checkedMirror(mirror: string): string {
	const url = URL.canParse(mirror) ? new URL(mirror) : null;
	// A space or a line end would become another field of the sources file.
	if (!url || !['http:', 'https:', 'file:'].includes(url.protocol) || /\s/.test(mirror)) {
		throw new Error(`mirror ${JSON.stringify(mirror)} is not an http, https or file address`);
	}
	return mirror;
}

async function sourceFiles(etcApt: string): Promise<string[]> {
	const parts = await readdir(join(etcApt, 'sources.list.d')).catch(() => []);
	const main = await readdir(etcApt).catch(() => []);
	return [
		...main.filter((name) => name === 'sources.list').map((name) => join(etcApt, name)),
		...parts
			.filter((name) => name.endsWith('.list') || name.endsWith('.sources'))
			.sort()
			.map((name) => join(etcApt, 'sources.list.d', name)),
	];
}

/** `deb [signed-by=KEYRING] URI SUITE COMPONENT…`, sources.list(5) one-line style. */
function parseLines(text: string): AptSource[] {
	return text.split('\n').flatMap((line) => {
		const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
		if (!match) return [];
		const [, options = '', uri = '', suite = '', components = ''] = match;
		if (!SUITE.test(suite) || !components.trim().split(/\s+/).includes('main')) return [];
		return [{ uris: [uri], suites: [suite], signedBy: /signed-by=(\S+)/i.exec(options)?.[1] ?? null }];
	});
}

/** deb822 stanzas, sources.list(5). */
function parseStanzas(text: string): AptSource[] {
	return text.split(/\n\s*\n/).flatMap((stanza) => {
		const words = (field: string) => new RegExp(`^${field}:\\s*(.*)$`, 'im').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
		const suites = words('Suites').filter((suite) => SUITE.test(suite));
		const on = words('Enabled')[0]?.toLowerCase() !== 'no';
		if (!on || !words('Types').includes('deb') || !words('Components').includes('main') || suites.length === 0) return [];
		const key = words('Signed-By')[0];
		// A key given inline begins on the line after the field; only files can be handed on in one line.
		return [{ uris: words('URIs'), suites, signedBy: key?.startsWith('/') ? key : null }];
	});
}
