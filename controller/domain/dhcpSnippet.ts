import { type Ipv4, parseIpv4 } from './address.ts';
import type { DhcpSettings } from './bootRequest.ts';
import { cleanLine } from './clean.ts';
import { domainNameProblem } from './dnsName.ts';

/**
 * A DHCP snippet is text in the language of ISC's dhcpd (dhcpd.conf(5)), which MAAS pastes into its configuration. Our own DHCP server
 * reads the statements of it that it can act by; the others are kept, and told of.
 */
export interface Snippet {
	/** what answers to DHCP requests get from it */
	readonly settings: SnippetSettings;
	/** statements that have no effect here, each as its first words */
	readonly ignored: readonly string[];
}
export type SnippetSettings = Partial<Pick<DhcpSettings, 'routers' | 'dnsServers' | 'domain'>>;

/** The statements that have an effect, by their names in dhcpd.conf. */
export const honoured = ['option routers', 'option domain-name-servers', 'option domain-name'] as const;

const MAX_LENGTH = 16_384;
/** RFC 2132 gives no limit; the whole answer has to fit into 576 bytes with firmware that knows no more. */
const MAX_ADDRESSES = 8;

/** Reads a snippet; `problem` says what is wrong with its syntax, in the words of dhcpd where it has some. */
export function readSnippet(text: string): Snippet | { problem: string } {
	if (text.length > MAX_LENGTH) return { problem: `A snippet has at most ${MAX_LENGTH} characters.` };
	if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text)) return { problem: 'Control characters are not allowed.' };
	const statements = split(text);
	if ('problem' in statements) return statements;
	if (statements.length === 0) return { problem: 'The snippet has no statement.' };

	let settings: SnippetSettings = {};
	const ignored: string[] = [];
	for (const statement of statements) {
		const name = honoured.find((each) => statement.startsWith(`${each} `));
		if (name === undefined) {
			ignored.push(cleanLine(statement, 60));
			continue;
		}
		const value = statement.slice(name.length).trim();
		const read = readers[name](value);
		if (typeof read === 'string') return { problem: `${name}: ${read}` };
		settings = { ...settings, ...read };
	}
	return { settings, ignored };
}

const readers: Readonly<Record<(typeof honoured)[number], (value: string) => SnippetSettings | string>> = {
	'option routers': (value) => addresses(value, (routers) => ({ routers })),
	'option domain-name-servers': (value) => addresses(value, (dnsServers) => ({ dnsServers })),
	'option domain-name'(value) {
		const domain = /^"([^"]*)"$/.exec(value)?.[1];
		if (domain === undefined) return 'a text in double quotes is expected.';
		return domainNameProblem(domain) ?? { domain };
	},
};

function addresses(value: string, settings: (addresses: Ipv4[]) => SnippetSettings): SnippetSettings | string {
	const words = value.split(',').map((word) => word.trim());
	if (words.length > MAX_ADDRESSES) return `at most ${MAX_ADDRESSES} addresses fit into an answer.`;
	const parsed = words.map(parseIpv4);
	const wrong = parsed.indexOf(null);
	if (wrong >= 0) return `“${cleanLine(words[wrong] ?? '', 40)}” is no IPv4 address.`;
	return settings(parsed as Ipv4[]);
}

/** Statements at the top level, each on one line without its semicolon; a block belongs to the statement that it follows. */
function split(text: string): string[] | { problem: string } {
	const statements: string[] = [];
	let statement = '';
	let depth = 0;
	let line = 1;
	const end = () => {
		if (statement.trim() !== '') statements.push(statement.trim().replace(/\s+/g, ' '));
		statement = '';
	};
	for (let at = 0; at < text.length; at++) {
		const sign = text[at] as string;
		if (sign === '\n') line++;
		if (sign === '#') {
			const rest = text.indexOf('\n', at);
			at = (rest < 0 ? text.length : rest) - 1;
		} else if (sign === '"') {
			const close = closingQuote(text, at);
			if (close < 0) return { problem: `Line ${line}: a double quote is not closed.` };
			statement += text.slice(at, close + 1);
			at = close;
		} else if (sign === '{') {
			if (depth === 0 && statement.trim() === '') return { problem: `Line ${line}: a block belongs to nothing.` };
			depth++;
			statement += sign;
		} else if (sign === '}') {
			if (--depth < 0) return { problem: `Line ${line}: unexpected }.` };
			statement += sign;
			if (depth === 0) end();
		} else if (sign === ';' && depth === 0) {
			if (statement.trim() === '') return { problem: `Line ${line}: a semicolon ends nothing.` };
			end();
		} else statement += sign;
	}
	if (depth > 0) return { problem: 'A block is not closed: } expected.' };
	if (statement.trim() !== '') return { problem: `“${cleanLine(statement, 60)}”: semicolon expected.` };
	return statements;
}

/** Of the string that begins at `from`; a backslash takes the next sign as it is. */
function closingQuote(text: string, from: number): number {
	for (let at = from + 1; at < text.length && text[at] !== '\n'; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '"') return at;
	}
	return -1;
}
