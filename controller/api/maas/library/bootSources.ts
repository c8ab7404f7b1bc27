import type { BootSource, BootSourceSelection } from '../../../store/library/bootSources.ts';
import type { Parts } from '../../parts.ts';
import { modelTime } from '../dates.ts';
import { notFound, unfit } from '../failures.ts';
import { boolean, file, integer, list, required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';

const sourceFields = {
	url: text('The mirror’s address, with streams/v1 below it.', { max: 2048 }),
	name: text('A name for people.', { max: 255 }),
	keyring_filename: text('The file on the controller with the keys that sign the mirror’s index.', { max: 1024 }),
	keyring_data: file('These keys themselves, instead of a file on the controller.'),
	priority: integer('Of two sources with the same image the higher number wins.', { max: 1_000_000 }),
	enabled: boolean('Whether images are fetched from it.'),
	skip_keyring_verification: boolean('Take an index that nobody has signed.'),
};

export const bootSourcesResource = resource({
	name: 'BootSourcesHandler',
	path: 'boot-sources/',
	doc: 'Mirrors that images are fetched from.',
	actions: {
		read: { doc: 'List all boot sources.', who: 'user' },
		create: { doc: 'Add a boot source.', who: 'admin', parameters: { ...sourceFields, url: required(sourceFields.url) } },
	},
});

export const bootSourceResource = resource({
	name: 'BootSourceHandler',
	path: 'boot-sources/{id}/',
	doc: 'One boot source.',
	actions: {
		read: { doc: 'Show a boot source.', who: 'user' },
		update: { doc: 'Change a boot source.', who: 'admin', parameters: sourceFields },
		delete: { doc: 'Delete a boot source with its selections; images that were fetched stay.', who: 'admin' },
	},
});

const words = (what: string) => list(`Which ${what}; * for all.`);
const selectionFields = {
	os: text('The operating system: ubuntu.', { max: 20 }),
	release: text('Its release: noble.', { max: 20 }),
	arches: words('architectures'),
	subarches: words('subarchitectures'),
	labels: words('labels'),
};

export const bootSourceSelectionsResource = resource({
	name: 'BootSourceSelectionsHandler',
	path: 'boot-sources/{boot_source_id}/selections/',
	doc: 'What is fetched from a boot source.',
	actions: {
		read: { doc: 'List a boot source’s selections.', who: 'user' },
		create: {
			doc: 'Select a release.',
			who: 'admin',
			parameters: { ...selectionFields, os: required(selectionFields.os), release: required(selectionFields.release) },
		},
	},
});

export const bootSourceSelectionResource = resource({
	name: 'BootSourceSelectionHandler',
	path: 'boot-sources/{boot_source_id}/selections/{id}/',
	doc: 'One selection of a boot source.',
	actions: {
		read: { doc: 'Show a selection.', who: 'user' },
		update: { doc: 'Change a selection.', who: 'admin', parameters: selectionFields },
		delete: { doc: 'Select a release no longer.', who: 'admin' },
	},
});

const sourceObject = (source: BootSource) => ({
	id: source.id,
	name: source.name,
	url: source.url,
	keyring_filename: source.keyringFilename,
	keyring_data: Buffer.from(source.keyringData).toString('base64'),
	priority: source.priority,
	enabled: source.enabled,
	skip_keyring_verification: source.skipKeyringVerification,
	created: modelTime(source.createdAt),
	updated: modelTime(source.updatedAt),
	resource_uri: uriOf(bootSourceResource.path, { id: source.id }),
});

const selectionObject = ({ id, sourceId, os, release, arches, subarches, labels }: BootSourceSelection) => ({
	...{ boot_source_id: sourceId, id, os, release, arches, subarches, labels },
	resource_uri: uriOf(bootSourceSelectionResource.path, { boot_source_id: sourceId, id }),
});

export function bootSourceHandlers({ store }: Parts): Implemented[] {
	const sources = store.bootSources;
	const source = (id: string): BootSource => {
		const found = sources.byId(idIn(id, 'BootSource'));
		if (!found) throw notFound('BootSource');
		return found;
	};
	const selection = (uri: { boot_source_id: string; id: string }): BootSourceSelection => {
		const found = sources.selection(source(uri.boot_source_id).id, idIn(uri.id, 'BootSourceSelection'));
		if (!found) throw notFound('BootSourceSelection');
		return found;
	};
	return [
		on(bootSourcesResource, {
			read: () => sources.all().map(sourceObject),
			create: ({ url, ...change }) => Reply.created(sourceObject(sources.create({ ...fieldsOf(change), url: checkUrl(url) }))),
		}),
		on(bootSourceResource, {
			read: (_, { uri }) => sourceObject(source(uri.id)),
			update: ({ url, ...change }, { uri }) =>
				sourceObject(sources.update(source(uri.id).id, { ...fieldsOf(change), url: url === undefined ? url : checkUrl(url) })),
			delete(_, { uri }) {
				sources.delete(source(uri.id).id);
				return Reply.nothing();
			},
		}),
		on(bootSourceSelectionsResource, {
			read: (_, { uri }) => sources.selections(source(uri.boot_source_id).id).map(selectionObject),
			create: (chosen, { uri }) => Reply.created(selectionObject(sources.select(source(uri.boot_source_id).id, chosen))),
		}),
		on(bootSourceSelectionResource, {
			read: (_, { uri }) => selectionObject(selection(uri)),
			update(change, { uri }) {
				const { id, sourceId } = selection(uri);
				const { os, release, ...rest } = change;
				return selectionObject(
					sources.updateSelection(sourceId, id, { ...rest, os: os || undefined, release: release || undefined }),
				);
			},
			delete(_, { uri }) {
				const { id, sourceId } = selection(uri);
				sources.unselect(sourceId, id);
				return Reply.nothing();
			},
		}),
	];
}

interface SourceForm {
	name?: string | undefined;
	keyring_filename?: string | undefined;
	keyring_data?: { bytes: Buffer } | undefined;
	priority?: number | undefined;
	enabled?: boolean | undefined;
	skip_keyring_verification?: boolean | undefined;
}

const fieldsOf = (form: SourceForm) => ({
	name: form.name,
	keyringFilename: form.keyring_filename,
	keyringData: form.keyring_data?.bytes,
	priority: form.priority,
	enabled: form.enabled,
	skipKeyringVerification: form.skip_keyring_verification,
});

function checkUrl(url: string): string {
	const trimmed = url.trim();
	const parsed = URL.canParse(trimmed) ? new URL(trimmed) : null;
	if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || /\s/.test(trimmed)) throw unfit('url', 'Enter a valid URL.');
	return trimmed;
}
