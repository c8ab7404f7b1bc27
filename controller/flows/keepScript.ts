import { Refusal } from '../domain/errors.ts';
import type { Script } from '../domain/script.ts';
import { defaultHeader, readScriptHeader, type ScriptHeader } from '../domain/scriptHeader.ts';
import type { NewScript, StoredScript } from '../store/scripts.ts';
import type { Store } from '../store/store.ts';

/** What is said with a script beside its text; what its own header says counts more. */
export interface ScriptForm {
	/** `undefined`: as the header calls it */
	readonly name?: string | undefined;
	readonly content: string;
	readonly otherwise?: ScriptHeader | undefined;
	readonly comment?: string | undefined;
	/** the form's name of the content, for refusals */
	readonly field: string;
}

/** Longer ones are programs and belong into a package. */
const MAX_SCRIPT = 2 << 20;

/** Adds a script. Throws Refusal `bad-input` with field name or the content's field for a name that is taken or none, or a bad header. */
export function addScript(store: Store, form: ScriptForm, at: string): StoredScript {
	const script = described(form, defaultHeader, at);
	if (store.scripts.byName(script.name)) throw taken(store, script.name);
	return store.scripts.save(script, form.comment);
}

/** Changes a script of an operator's own; other content is a new revision. Throws as `addScript`. */
export function changeScript(store: Store, script: StoredScript, form: ScriptForm, at: string): StoredScript {
	return store.transaction(() => {
		const changed = described({ ...form, name: form.name ?? script.name }, headerOf(script), at);
		if (changed.name !== script.name) {
			if (store.scripts.byName(changed.name)) throw taken(store, changed.name);
			store.scripts.rename(script.id, changed.name);
		}
		return store.scripts.save(changed, form.comment);
	});
}

/** `revision`: an id, or how many revisions to go back: 0 or a negative number. `undefined` when there is no such revision. */
export function revertScript(store: Store, script: StoredScript, revision: number, at: string): StoredScript | undefined {
	const history = store.scripts.revisions(script.id).get(script.id) ?? [];
	const to = revision > 0 ? history.find(({ id }) => id === revision) : history[-revision];
	if (!to) return undefined;
	const words = described({ name: script.name, content: to.content, field: 'to' }, headerOf(script), at);
	// other scripts may have its old name by now
	return store.scripts.revert(script, to, { ...words, name: script.name });
}

/** What the product brings along, as this version has it; headers may say more than the list. */
export function keepBuiltinScripts(
	store: Store,
	scripts: readonly (Omit<Script, 'parameters'> & Pick<ScriptHeader, 'hardwareType' | 'parallel' | 'destructive'>)[],
	at: string,
): void {
	store.scripts.bringIn(
		scripts.map(({ name, title, kind, timeoutSeconds, tags, hardwareType, parallel, destructive, content }) => {
			const otherwise = { ...defaultHeader, title, kind, timeoutSeconds, tags, hardwareType, parallel, destructive };
			return described({ name, content, otherwise, field: 'content' }, defaultHeader, at);
		}),
	);
}

/** What is known of a stored script, as its header would say it. */
export const headerOf = (script: StoredScript): ScriptHeader => ({
	...script,
	timeoutSeconds: Math.ceil(script.timeoutMs / 1000),
	unknown: [],
});

function described({ name, content, otherwise, field }: ScriptForm, usual: ScriptHeader, at: string): NewScript {
	if (content.length > MAX_SCRIPT)
		throw new Refusal('bad-input', `The script has ${content.length} characters; ${MAX_SCRIPT} are kept at most.`, { field });
	const header = readScriptHeader(content, { ...(otherwise ?? usual), name: null });
	if ('problem' in header) throw new Refusal('bad-input', `Line ${header.line}: ${header.problem}`, { field });
	const { timeoutSeconds, unknown, title, description, ...words } = header;
	const called = header.name ?? name;
	if (called === undefined) throw new Refusal('bad-input', 'This field is required.', { field: 'name' });
	return {
		...words,
		...{ name: called, title: title ?? '', description: description ?? '' },
		...{ content, timeoutMs: timeoutSeconds * 1000, updatedAt: at },
	};
}

const taken = (store: Store, name: string) =>
	store.scripts.byName(name)?.builtin
		? new Refusal('bad-input', `${name} is the name of a builtin script.`, { field: 'name' })
		: new Refusal('bad-input', 'Script with this Name already exists.', { field: 'name' });
