import { defaultHeader } from '../../../domain/scriptHeader.ts';
import { addScript, changeScript, headerOf, revertScript } from '../../../flows/keepScript.ts';
import type { StoredScript } from '../../../store/scripts.ts';
import type { Parts } from '../../parts.ts';
import { MaasRefusal, notFound, unfit } from '../failures.ts';
import { boolean, integer, list, mandatory, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { readScriptForm, scriptFields } from './scriptForm.ts';
import { hardwareTypes, SCRIPT_PATH, scriptObject, scriptTypes } from './scriptObject.ts';

const include_script = boolean('Whether the scripts’ texts are part of the answer.');
const tag = mandatory(text('The tag.', { max: 255 }));

export const scriptsResource = resource({
	name: 'NodeScriptsHandler',
	path: 'scripts/',
	doc: 'Scripts that machines run: those that come along, and your own.',
	actions: {
		read: {
			doc: 'List all scripts.',
			who: 'user',
			parameters: {
				type: text('Only these: commissioning, testing, release, deployment, or MAAS’s number.', { max: 40 }),
				hardware_type: text('Only those for node, cpu, memory, storage, network or gpu, or MAAS’s number.', { max: 40 }),
				include_script,
				filters: list('Only those with one of these names, tags or types.', { parting: /,/ }),
			},
		},
		create: {
			doc: 'Add a script. What its header says counts more than what is said here.',
			who: 'admin',
			parameters: scriptFields,
		},
	},
});

export const scriptResource = resource({
	name: 'NodeScriptHandler',
	path: SCRIPT_PATH,
	doc: 'One script, by its name or number.',
	actions: {
		read: { doc: 'Show a script.', who: 'user', parameters: { include_script } },
		update: { doc: 'Change a script; another text is a new revision.', who: 'admin', parameters: scriptFields },
		delete: { doc: 'Delete a script of your own.', who: 'admin' },
		download: {
			doc: 'A script’s text.',
			who: 'user',
			get: true,
			parameters: { revision: integer('Of which revision; the newest one’s when it is not said.'), rev: integer('The same.') },
		},
		revert: {
			doc: 'Go back to an older revision; the newer ones are deleted.',
			who: 'admin',
			parameters: {
				to: mandatory(
					integer('The revision’s number; or how many revisions to go back, as a negative number.', { min: -100_000 }),
				),
			},
		},
		add_tag: { doc: 'Give a script a tag.', who: 'admin', parameters: { tag } },
		remove_tag: { doc: 'Take a tag away.', who: 'admin', parameters: { tag } },
	},
});

/** By the name or the number in a path. */
export function findScript({ store }: Pick<Parts, 'store'>, word: string): StoredScript {
	const script = /^\d{1,15}$/.test(word) ? store.scripts.byId(Number(word)) : store.scripts.byName(word);
	if (!script) throw notFound('Script');
	return script;
}

/** What comes with the product can be tagged and given another time limit, no more. */
const changeable = ['tags', 'timeout', 'comment'];

export function scriptHandlers(parts: Parts): Implemented[] {
	const { store, now } = parts;
	const at = () => now().toISOString();
	const shown = (script: StoredScript, content = false) =>
		scriptObject(script, store.scripts.revisions(script.id).get(script.id) ?? [], content);
	const retag = (script: StoredScript, tags: readonly string[]) =>
		shown(store.scripts.save({ ...script, tags, updatedAt: at() }));
	return [
		on(scriptsResource, {
			read({ type, hardware_type, include_script = false, filters = [] }) {
				const kinds = type === undefined ? null : codeOf(type, scriptTypes, 'type');
				const hardware = hardware_type === undefined ? null : codeOf(hardware_type, hardwareTypes, 'hardware_type');
				const history = store.scripts.revisions();
				return store.scripts
					.all()
					.filter((script) => kinds === null || script.kind === kinds)
					.filter((script) => hardware === null || script.hardwareType === hardware)
					.filter(({ name, tags, kind }) => filters.length === 0 || filters.some((word) => [name, kind, ...tags].includes(word)))
					.map((script) => scriptObject(script, history.get(script.id) ?? [], include_script));
			},
			create(input, call) {
				const form = readScriptForm(input, call, defaultHeader);
				const { content, name } = form;
				if (content === undefined) throw unfit('script', 'This field is required.');
				return shown(addScript(store, { ...form, name, content, field: 'script' }, at()));
			},
		}),
		on(scriptResource, {
			read: ({ include_script }, { uri }) => shown(findScript(parts, uri.name), include_script),
			update(input, call) {
				const script = findScript(parts, call.uri.name);
				const form = readScriptForm(input, call, headerOf(script));
				const said = Object.keys(input).filter((field) => input[field as keyof typeof input] !== undefined);
				if (!script.builtin)
					return shown(changeScript(store, script, { ...form, content: form.content ?? script.content, field: 'script' }, at()));
				const other = form.content === undefined ? said.find((field) => !changeable.includes(field)) : 'script';
				if (other !== undefined) throw unfit(other, 'Not allowed to change on default scripts.');
				const { tags, timeoutSeconds } = form.otherwise ?? headerOf(script);
				return shown(store.scripts.save({ ...script, tags, timeoutMs: timeoutSeconds * 1000, updatedAt: at() }));
			},
			delete(_, { uri }) {
				const script = findScript(parts, uri.name);
				if (script.builtin) throw new MaasRefusal(400, 'Unable to delete default script');
				store.scripts.delete(script.name);
				return Reply.nothing();
			},
			download({ revision, rev }, { uri }) {
				const script = findScript(parts, uri.name);
				const wanted = revision ?? rev;
				if (wanted === undefined) return Reply.bytes(Buffer.from(script.content), 'application/binary');
				const found = store.scripts
					.revisions(script.id)
					.get(script.id)
					?.find(({ id }) => id === wanted);
				if (!found) throw new MaasRefusal(404, `${script.name} has no revision ${wanted}.`);
				return Reply.bytes(Buffer.from(found.content), 'application/binary');
			},
			revert({ to }, { uri }) {
				const script = findScript(parts, uri.name);
				if (script.builtin) throw new MaasRefusal(400, 'Unable to revert default script');
				const reverted = revertScript(store, script, to, at());
				if (!reverted) throw new MaasRefusal(400, `${script.name} has no revision ${to} to go back to.`);
				return shown(reverted);
			},
			add_tag({ tag }, { uri }) {
				const script = findScript(parts, uri.name);
				if (!/^[\w.-]{1,255}$/.test(tag)) throw unfit('tag', 'Enter letters, digits, dots, dashes and underscores.');
				return retag(script, [...new Set([...script.tags, tag])]);
			},
			remove_tag({ tag }, { uri }) {
				const script = findScript(parts, uri.name);
				return retag(
					script,
					script.tags.filter((each) => each !== tag),
				);
			},
		}),
	];
}

function codeOf<Word extends string>(sent: string, table: Readonly<Record<Word, { code: number }>>, field: string): Word {
	const word = sent.trim().toLowerCase();
	const words = Object.keys(table) as Word[];
	const found = words.find((each) => each === (word === 'test' ? 'testing' : word) || String(table[each].code) === word);
	if (found === undefined) throw unfit(field, `Select a valid choice. It should be one of: ${words.join(', ')}.`);
	return found;
}
