import type { DescribedAction, Handler } from '../../api/maas/describe.ts';
import { Stop } from './stop.ts';

/** What follows `PROFILE NOUN VERB`, understood. */
export interface Words {
	/** values of the path's placeholders, in its order */
	readonly uri: readonly string[];
	/** `key=value`, in the order given; a key may repeat */
	readonly form: readonly (readonly [name: string, value: string])[];
	/** `key@=file`: the value is what the file holds */
	readonly files: readonly (readonly [name: string, path: string])[];
	readonly json: boolean;
	readonly watch: boolean;
	readonly wait: boolean;
	readonly help: boolean;
}

const FLAGS = ['--json', '--watch', '--wait', '--help'] as const;

/** Throws Stop 2 with the usage of the command for words that don't fit it. */
export function readWords(words: readonly string[], handler: Handler, action: DescribedAction, command: string): Words {
	const form: [string, string][] = [];
	const files: [string, string][] = [];
	const uri: string[] = [];
	const flags = new Set<string>();
	for (const word of words) {
		const pair = /^([A-Za-z_][\w.:-]*)(@?)=(.*)$/s.exec(word);
		if ((FLAGS as readonly string[]).includes(word)) flags.add(word);
		else if (word === '-h') flags.add('--help');
		else if (word.startsWith('--')) throw new Stop(2, `there is no option ${word}\n${usage(handler, action, command)}`);
		else if (uri.length < handler.params.length) uri.push(word);
		else if (pair) (pair[2] === '@' ? files : form).push([pair[1] as string, pair[3] as string]);
		else throw new Stop(2, `“${word}” is not key=value\n${usage(handler, action, command)}`);
	}
	if (uri.length < handler.params.length && !flags.has('--help'))
		throw new Stop(2, `${handler.params[uri.length]} is missing\n${usage(handler, action, command)}`);
	const has = (flag: (typeof FLAGS)[number]) => flags.has(flag);
	return { uri, form, files, json: has('--json'), watch: has('--watch'), wait: has('--wait'), help: has('--help') };
}

export function usage(handler: Handler, action: DescribedAction, command: string): string {
	const placeholders = handler.params.map((name) => name.toUpperCase());
	const required = (action.parameters ?? []).filter((each) => each.required).map((each) => `${each.name}=…`);
	return `usage: ${[command, ...placeholders, ...required, '[key=value…]'].join(' ')} [--json]`;
}

/** Usage, what it does, and every parameter. */
export function help(handler: Handler, action: DescribedAction, command: string): string {
	const parameters = action.parameters ?? [];
	const width = Math.max(0, ...parameters.map((each) => each.name.length));
	const lines = parameters.map((each) => {
		const choices = each.choices ? ` One of: ${each.choices.join(', ')}.` : '';
		return `  ${each.name.padEnd(width)}  ${each.required ? 'Required. ' : ''}${each.doc}${choices}`;
	});
	const [doc] = action.doc.split('\n\n:param', 1);
	const rest = /\n:param NAME: (.*)$/s.exec(action.doc)?.[1];
	return [
		usage(handler, action, command),
		'',
		doc,
		...(lines.length > 0 ? ['', ...lines] : []),
		...(rest ? ['', `Further parameters: ${rest}`] : []),
	].join('\n');
}
