import { cleanLine } from '../../domain/clean.ts';

/**
 * An answer for people: a list as a table, an object as lines of name and value, text as it is. Text comes from machines and other
 * users: control characters are taken out, so that nothing can rewrite the terminal.
 */
export function forPeople(value: unknown, width: number): string {
	if (Array.isArray(value))
		return value.length === 0 ? 'nothing' : value.every(isObject) ? table(value, width) : value.map(cell).join('\n');
	if (isObject(value)) return record(value);
	return cell(value);
}

type Row = Record<string, unknown>;
const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The columns worth seeing first, where an object has them; others follow while there is room. */
const FIRST = [
	'system_id',
	'id',
	'hostname',
	'name',
	'filename',
	'username',
	'cidr',
	'status_name',
	'power_state',
	'owner',
	'zone',
	'pool',
	'ip',
	'type',
	'cpu_count',
	'memory',
	'architecture',
	'tag_names',
	'created',
	'level',
	'description',
];
const NEVER = ['resource_uri'];

function table(rows: readonly Row[], width: number): string {
	const names = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
		(name) => !NEVER.includes(name) && rows.some((row) => cell(row[name]) !== '') && rows.every((row) => isShort(row[name])),
	);
	const ordered = names.toSorted((a, b) => rank(a) - rank(b));
	const columns: { name: string; wide: number }[] = [];
	let used = 0;
	for (const name of ordered) {
		const wide = Math.min(40, Math.max(name.length, ...rows.map((row) => cell(row[name]).length)));
		if (used + wide > width && columns.length > 0) continue;
		columns.push({ name, wide });
		used += wide + 2;
	}
	const line = (cells: (name: string) => string) =>
		columns
			.map(({ name, wide }) => fit(cells(name), wide))
			.join('  ')
			.trimEnd();
	return [line((name) => name), ...rows.map((row) => line((name) => cell(row[name])))].join('\n');
}

const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** An object that is a value of another counts when it has a name: zone, pool, VLAN. */
const isShort = (value: unknown) => !isObject(value) || cell(value) !== '';

function record(value: Row): string {
	// what is empty says nothing; a script reads --json
	const entries = Object.entries(value)
		.filter(([name, each]) => !NEVER.includes(name) && long(each) !== '')
		.toSorted(([a], [b]) => rank(a) - rank(b));
	const wide = Math.max(...entries.map(([name]) => name.length), 0);
	return entries.map(([name, each]) => `${name.padEnd(wide)}  ${long(each)}`.trimEnd()).join('\n');
}

const long = (value: unknown): string => {
	if (Array.isArray(value) && value.some(isObject))
		return `${value.length} (${value.map(cell).filter(Boolean).slice(0, 8).join(', ')})`;
	if (isObject(value) && cell(value) === '')
		return Object.entries(value)
			.filter(([name]) => !NEVER.includes(name))
			.map(([name, each]) => `${name}=${cell(each)}`)
			.join(' ');
	return cell(value);
};

function cell(value: unknown): string {
	if (value === null || value === undefined) return '';
	if (Array.isArray(value)) return value.map(cell).filter(Boolean).join(',');
	if (isObject(value)) return cell(value.name ?? value.hostname ?? value.cidr ?? value.ip_address ?? '');
	return cleanLine(String(value), 300);
}

const fit = (text: string, wide: number) => (text.length > wide ? `${text.slice(0, wide - 1)}…` : text.padEnd(wide));
