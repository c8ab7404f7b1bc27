import { Refusal } from '../../domain/errors.ts';
import { readScriptHeader } from '../../domain/scriptHeader.ts';
import type { Parts } from '../parts.ts';
import type { ImageView, ScriptView } from '../views.ts';
import { administrator, type Handlers, type NamesOf } from './handlers.ts';

/** Images and scripts. */
export function libraryHandlers(parts: Parts): Handlers<NamesOf<'images' | 'scripts'>> {
	const { store, jobScripts, now } = parts;
	const views = (): ScriptView[] => {
		const updated = new Map(store.scripts.all().map((script) => [script.name, script.updatedAt]));
		return jobScripts.all().map(({ name, title, kind, builtin, timeoutSeconds, tags }) => ({
			name,
			title,
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
			if (jobScripts.all().some((script) => script.builtin && script.name === name))
				throw new Refusal('conflict', `${name} is the name of a builtin script.`, { field: 'name' });
			if (!content.startsWith('#!'))
				throw new Refusal('bad-input', 'A script begins with #! and its interpreter.', { field: 'content' });
			const header = readScriptHeader(content);
			if ('problem' in header) throw new Refusal('bad-input', `Line ${header.line}: ${header.problem}`, { field: 'content' });
			store.scripts.save({
				name,
				title: header.title ?? name,
				kind: header.kind,
				content,
				timeoutMs: header.timeoutSeconds * 1000,
				tags: header.tags,
				updatedAt: now().toISOString(),
			});
			store.events.append({ kind: 'user', text: `Script ${name} was added`, by: user.username });
			return views().find((script) => script.name === name) as ScriptView;
		},
		'scripts.delete': ({ name }, { user }) => {
			administrator(user);
			if (!store.scripts.delete(name))
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
