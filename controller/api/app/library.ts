import { Refusal } from '../../domain/errors.ts';
import { defaultHeader } from '../../domain/scriptHeader.ts';
import { addScript, changeScript } from '../../flows/keepScript.ts';
import type { Parts } from '../parts.ts';
import type { ImageView, ScriptView } from '../views.ts';
import { administrator, type Handlers, type NamesOf } from './handlers.ts';

/** Images and scripts. */
export function libraryHandlers(parts: Parts): Handlers<NamesOf<'images' | 'scripts'>> {
	const { store, jobScripts, now } = parts;
	const views = (): ScriptView[] => {
		const updated = new Map(store.scripts.all().map((script) => [script.name, script.builtin ? null : script.updatedAt]));
		return jobScripts.all().map(({ name, title, kind, builtin, timeoutSeconds, tags }) => ({
			name,
			title: title || name,
			kind,
			builtin,
			timeoutMs: timeoutSeconds * 1000,
			tags: [...tags],
			updatedAt: updated.get(name) ?? null,
		}));
	};
	return {
		'images.list': () => imageViews(parts),
		'images.delete': async ({ id }, { user }) => {
			administrator(user);
			const image = store.images.byId(id);
			if (!image) throw new Refusal('not-found', 'There is no such image.', { field: 'id' });
			await store.images.delete(id);
			parts.imagesChanged();
			store.events.append({ kind: 'user', text: `Image ${image.name} was deleted`, by: user.username });
			return null;
		},
		'scripts.list': views,
		'scripts.add': ({ name, content }, { user }) => {
			administrator(user);
			const before = store.scripts.byName(name);
			if (before?.builtin) throw new Refusal('conflict', `${name} is the name of a builtin script.`, { field: 'name' });
			const form = { name, content, otherwise: defaultHeader, field: 'content' };
			const at = now().toISOString();
			const kept = before ? changeScript(store, before, form, at) : addScript(store, form, at);
			store.events.append({ kind: 'user', text: `Script ${kept.name} was added`, by: user.username });
			return views().find((script) => script.name === kept.name) as ScriptView;
		},
		'scripts.delete': ({ name }, { user }) => {
			administrator(user);
			if (store.scripts.byName(name)?.builtin || !store.scripts.delete(name))
				throw new Refusal('not-found', 'There is no script of your own with this name.', { field: 'name' });
			store.events.append({ kind: 'user', text: `Script ${name} was deleted`, by: user.username });
			return null;
		},
	};
}

export function imageViews({ store }: Parts): ImageView[] {
	const used = store.images.usedBy();
	return store.images.list().map((image) => ({
		id: image.id,
		name: image.name,
		format: image.format,
		size: image.size,
		diskSize: image.diskSize,
		sha256: image.sha256,
		uploadedAt: image.uploadedAt,
		usedBy: used.get(image.id) ?? 0,
	}));
}
