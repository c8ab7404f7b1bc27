import { defaultHeader } from '../../../domain/scriptHeader.ts';
import { addScript, changeScript } from '../../../flows/keepScript.ts';
import type { StoredScript } from '../../../store/scripts.ts';
import type { Parts } from '../../parts.ts';
import { MaasRefusal, notFound } from '../failures.ts';
import { file, required, type SentFile, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { textOf } from './scriptForm.ts';

const content = file('The script.');

/** The way to scripts before MAAS 2.2, for old clients. */
export const commissioningScriptsResource = resource({
	name: 'CommissioningScriptsHandler',
	path: 'commissioning-scripts/',
	doc: 'Commissioning scripts by their names; scripts/ knows more.',
	actions: {
		read: { doc: 'List the names of all commissioning scripts.', who: 'admin' },
		create: {
			doc: 'Add a commissioning script.',
			who: 'admin',
			parameters: { name: required(text('Its name.', { max: 255 })), content: required(content) },
		},
	},
});

export const commissioningScriptResource = resource({
	name: 'CommissioningScriptHandler',
	path: 'commissioning-scripts/{name}',
	doc: 'One commissioning script.',
	actions: {
		read: { doc: 'The script’s text.', who: 'admin' },
		update: { doc: 'Replace the script’s text.', who: 'admin', parameters: { content: required(content) } },
		delete: { doc: 'Delete the script.', who: 'admin' },
	},
});

export function commissioningScriptHandlers({ store, now }: Parts): Implemented[] {
	const find = (name: string): StoredScript => {
		const script = store.scripts.byName(name);
		if (script?.kind !== 'commissioning') throw notFound('Script');
		return script;
	};
	const own = (name: string): StoredScript => {
		const script = find(name);
		if (script.builtin) throw new MaasRefusal(400, 'Not allowed to change on default scripts.');
		return script;
	};
	const object = ({ name, content }: StoredScript) => ({
		...{ name, content: Buffer.from(content).toString('base64'), deprecated: true },
		resource_uri: uriOf(commissioningScriptResource.path, { name }),
	});
	/** Unless its header says what else it is. */
	const form = (name: string, sent: SentFile) => ({
		...{ name, content: textOf(sent, 'content'), field: 'content' },
		otherwise: { ...defaultHeader, kind: 'commissioning' as const },
	});
	return [
		on(commissioningScriptsResource, {
			read: () =>
				store.scripts
					.all()
					.filter(({ kind }) => kind === 'commissioning')
					.map(({ name }) => name),
			create: ({ name, content }) => Reply.created(object(addScript(store, form(name, content), now().toISOString()))),
		}),
		on(commissioningScriptResource, {
			read: (_, { uri }) => Reply.bytes(Buffer.from(find(uri.name).content), 'application/binary'),
			update: ({ content }, { uri }) => object(changeScript(store, own(uri.name), form(uri.name, content), now().toISOString())),
			delete(_, { uri }) {
				store.scripts.delete(own(uri.name).name);
				return Reply.nothing();
			},
		}),
	];
}
