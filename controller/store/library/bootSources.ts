import type { Selectable } from 'kysely';
import { Refusal } from '../../domain/errors.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';

/** A mirror of images in simplestreams form. */
export interface BootSource {
	readonly id: number;
	readonly name: string;
	readonly url: string;
	/** a file on the controller, or '' */
	readonly keyringFilename: string;
	readonly keyringData: Uint8Array;
	/** of two sources with the same image the one with the higher number is taken */
	readonly priority: number;
	readonly enabled: boolean;
	readonly skipKeyringVerification: boolean;
	readonly createdAt: string;
	readonly updatedAt: string;
}

/** What is fetched from a source; `*` stands for all. */
export interface BootSourceSelection {
	readonly id: number;
	readonly sourceId: number;
	readonly os: string;
	readonly release: string;
	readonly arches: readonly string[];
	readonly subarches: readonly string[];
	readonly labels: readonly string[];
}

type Changes<Whole> = { readonly [Key in keyof Whole]?: Whole[Key] | undefined };
export type SourceChange = Changes<Omit<BootSource, 'id' | 'createdAt' | 'updatedAt'>>;
export type SelectionChange = Changes<Omit<BootSourceSelection, 'id' | 'sourceId'>>;

/** The first start has one source, images.maas.io, with the current Ubuntu LTS selected. */
export interface BootSourceStore {
	all(): BootSource[];
	byId(id: number): BootSource | undefined;
	/** Throws Refusal `bad-input` with field url for one that is there already, keyring_data for two keyrings. */
	create(source: SourceChange & { readonly url: string }): BootSource;
	update(id: number, change: SourceChange): BootSource;
	/** With its selections. */
	delete(id: number): void;
	selections(sourceId: number): BootSourceSelection[];
	selection(sourceId: number, id: number): BootSourceSelection | undefined;
	/** Throws Refusal `bad-input` with field release for a release that is selected already. */
	select(sourceId: number, selection: SelectionChange & { readonly os: string; readonly release: string }): BootSourceSelection;
	updateSelection(sourceId: number, id: number, change: SelectionChange): BootSourceSelection;
	unselect(sourceId: number, id: number): void;
}

export function createBootSourceStore(db: Database, now: () => Date): BootSourceStore {
	const sources = () => db.sql.selectFrom('boot_source').selectAll().orderBy('id');
	const byId = (id: number) => db.all(sources().where('id', '=', id)).map(toSource)[0];
	const selections = (sourceId: number) =>
		db.sql.selectFrom('boot_source_selection').selectAll().where('boot_source_id', '=', sourceId).orderBy('id');
	const selection = (sourceId: number, id: number) => db.all(selections(sourceId).where('id', '=', id)).map(toSelection)[0];

	const save = (source: Omit<BootSource, 'id'>, id: number | null): BootSource => {
		const same = db.first(sources().where('url', '=', source.url));
		if (same && same.id !== id) throw new Refusal('bad-input', 'Boot source with this Url already exists.', { field: 'url' });
		if (source.keyringFilename !== '' && source.keyringData.length > 0)
			throw new Refusal('bad-input', 'Only one of keyring_filename or keyring_data can be specified.', { field: 'keyring_data' });
		const row = {
			name: source.name,
			url: source.url,
			keyring_filename: source.keyringFilename,
			keyring_data: source.keyringData,
			priority: source.priority,
			enabled: source.enabled ? 1 : 0,
			skip_keyring_verification: source.skipKeyringVerification ? 1 : 0,
			created_at: source.createdAt,
			updated_at: source.updatedAt,
		};
		if (id !== null) db.run(db.sql.updateTable('boot_source').set(row).where('id', '=', id));
		return { ...source, id: id ?? db.run(db.sql.insertInto('boot_source').values(row)).id };
	};
	const saveSelection = (chosen: Omit<BootSourceSelection, 'id'>, id: number | null): BootSourceSelection => {
		const { sourceId, os, release } = chosen;
		const same = db.first(selections(sourceId).where('os', '=', os).where('release', '=', release));
		if (same && same.id !== id)
			throw new Refusal('bad-input', `${os}/${release} is selected from this boot source already.`, { field: 'release' });
		const row = {
			...{ boot_source_id: sourceId, os, release, arches: JSON.stringify(chosen.arches) },
			...{ subarches: JSON.stringify(chosen.subarches), labels: JSON.stringify(chosen.labels) },
		};
		if (id !== null) db.run(db.sql.updateTable('boot_source_selection').set(row).where('id', '=', id));
		return { ...chosen, id: id ?? db.run(db.sql.insertInto('boot_source_selection').values(row)).id };
	};

	return {
		all: () => db.all(sources()).map(toSource),
		byId,
		create: (given) =>
			db.transaction(() => {
				const at = now().toISOString();
				return save({ ...plainSource, ...defined(given), url: given.url, createdAt: at, updatedAt: at }, null);
			}),
		update: (id, change) =>
			db.transaction(() => {
				const before = byId(id) as BootSource;
				// a new keyring of one kind takes the place of one of the other kind
				const instead = {
					...(change.keyringFilename ? { keyringData: new Uint8Array() } : {}),
					...(change.keyringData?.length ? { keyringFilename: '' } : {}),
				};
				return save({ ...before, ...instead, ...defined(change), updatedAt: now().toISOString() }, id);
			}),
		delete: (id) => void db.run(db.sql.deleteFrom('boot_source').where('id', '=', id)),
		selections: (sourceId) => db.all(selections(sourceId)).map(toSelection),
		selection,
		select: (sourceId, given) =>
			db.transaction(() => saveSelection({ ...all, ...defined(given), sourceId, os: given.os, release: given.release }, null)),
		updateSelection: (sourceId, id, change) =>
			db.transaction(() => saveSelection({ ...(selection(sourceId, id) as BootSourceSelection), ...defined(change) }, id)),
		unselect: (sourceId, id) =>
			void db.run(db.sql.deleteFrom('boot_source_selection').where('boot_source_id', '=', sourceId).where('id', '=', id)),
	};
}

const plainSource = {
	...{ name: '', keyringFilename: '', keyringData: new Uint8Array(), priority: 0, enabled: true },
	skipKeyringVerification: false,
};
const all = { arches: ['*'], subarches: ['*'], labels: ['*'] };

/** What was given, without what was not. */
const defined = <Change extends object>(change: Change) =>
	Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
		[Key in keyof Change]: Exclude<Change[Key], undefined>;
	};

const toSource = (row: Selectable<Tables['boot_source']>): BootSource => ({
	id: row.id,
	name: row.name,
	url: row.url,
	keyringFilename: row.keyring_filename,
	keyringData: row.keyring_data ?? new Uint8Array(),
	priority: row.priority,
	enabled: row.enabled === 1,
	skipKeyringVerification: row.skip_keyring_verification === 1,
	createdAt: row.created_at,
	updatedAt: row.updated_at,
});

const toSelection = (row: Selectable<Tables['boot_source_selection']>): BootSourceSelection => ({
	id: row.id,
	sourceId: row.boot_source_id,
	os: row.os,
	release: row.release,
	arches: JSON.parse(row.arches),
	subarches: JSON.parse(row.subarches),
	labels: JSON.parse(row.labels),
});
