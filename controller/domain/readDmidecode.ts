import { cleanText } from './clean.ts';

/** What `dmidecode` knows of the machine itself; each field by dmidecode's own name. */
export interface DmidecodeFacts {
	readonly bios: Section;
	readonly system: Section;
	readonly board: Section;
}

type Section = Readonly<Record<string, string | null>>;

const MAX_LINES = 20_000;

/** Reads the first section of each kind out of `dmidecode`'s text (SMBIOS 3.6, 7.1 to 7.3). Anything else in it is passed over. */
export function readDmidecode(text: string): DmidecodeFacts {
	const sections = new Map<string, Map<string, string | null>>();
	let open: Map<string, string | null> | null = null;
	for (const line of text.split('\n', MAX_LINES)) {
		const field = /^\t([A-Za-z ]{1,40}): (.*)$/.exec(line);
		if (field) open?.set(field[1] as string, cleanText(field[2]));
		else if (/^\S/.test(line)) {
			// A second board or system is a blade's or a node's neighbour in the same enclosure.
			open = wanted.has(line) && !sections.has(line) ? new Map() : null;
			if (open) sections.set(line, open);
		}
	}
	const section = (title: string) => Object.fromEntries(sections.get(title) ?? []);
	return { bios: section('BIOS Information'), system: section('System Information'), board: section('Base Board Information') };
}

const wanted = new Set(['BIOS Information', 'System Information', 'Base Board Information']);
