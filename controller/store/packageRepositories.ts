import type { Selectable } from 'kysely';
import { Refusal } from '../domain/errors.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** Where machines get packages from. */
export interface PackageRepository {
	readonly id: number;
	readonly name: string;
	readonly url: string;
	readonly distributions: readonly string[];
	readonly disabledPockets: readonly string[];
	readonly disabledComponents: readonly string[];
	readonly disableSources: boolean;
	readonly components: readonly string[];
	readonly arches: readonly string[];
	/** OpenPGP, ASCII armour */
	readonly key: string;
	readonly enabled: boolean;
	/** Ubuntu's own: may be pointed elsewhere, never deleted */
	readonly isDefault: boolean;
}
export type RepositoryChange = {
	readonly [Name in keyof Omit<PackageRepository, 'id' | 'isDefault'>]?: PackageRepository[Name] | undefined;
};

export interface PackageRepositoryStore {
	all(): PackageRepository[];
	byId(id: number): PackageRepository | undefined;
	byName(name: string): PackageRepository | undefined;
	/** Throws Refusal `bad-input` with the field, for a taken name or what is no URL, name, key or component of such a repository. */
	create(repository: RepositoryChange & { readonly name: string; readonly url: string }): PackageRepository;
	update(id: number, change: RepositoryChange): PackageRepository;
	/** Throws Refusal `bad-input` for a default one. */
	delete(id: number): void;
}

export const pockets = ['updates', 'security', 'backports'] as const;
export const defaultComponents = ['restricted', 'universe', 'multiverse'] as const;

export function createPackageRepositoryStore(db: Database): PackageRepositoryStore {
	const all = () => db.sql.selectFrom('package_repository').selectAll().orderBy('id');
	const one = (row: Selectable<Tables['package_repository']> | undefined) => row && fromRow(row);
	const byId = (id: number) => one(db.first(all().where('id', '=', id)));
	const byName = (name: string) => one(db.first(all().where('name', '=', name)));
	const check = (next: PackageRepository) => {
		const wrong = problemOf(next);
		if (wrong) throw new Refusal('bad-input', wrong.text, { field: wrong.field });
		const other = byName(next.name);
		if (other && other.id !== next.id)
			throw new Refusal('bad-input', 'Package repository with this Name already exists.', { field: 'name' });
	};
	return {
		all: () => db.all(all()).map(fromRow),
		byId,
		byName,
		create: (given) =>
			db.transaction(() => {
				check({ ...blank, ...present(given), id: 0 });
				const { id } = db.run(
					db.sql.insertInto('package_repository').values({ ...toRow(given), name: given.name, url: given.url }),
				);
				return byId(id) as PackageRepository;
			}),
		update: (id, change) =>
			db.transaction(() => {
				check({ ...(byId(id) as PackageRepository), ...present(change) });
				const row = toRow(change);
				if (Object.keys(row).length > 0) db.run(db.sql.updateTable('package_repository').set(row).where('id', '=', id));
				return byId(id) as PackageRepository;
			}),
		delete(id) {
			if (byId(id)?.isDefault) throw new Refusal('bad-input', 'This is a default package repository, it cannot be deleted.');
			db.run(db.sql.deleteFrom('package_repository').where('id', '=', id));
		},
	};
}

const blank: PackageRepository = {
	id: 0,
	name: '',
	url: '',
	distributions: [],
	disabledPockets: [],
	disabledComponents: [],
	disableSources: true,
	components: [],
	arches: [],
	key: '',
	enabled: true,
	isDefault: false,
};

/** All of it ends in files of apt on the machines: one word stays one word, one line one line. */
function problemOf(next: PackageRepository): { field: string; text: string } | null {
	const { name, url, key, isDefault } = next;
	if (!/^[\p{L}\p{N}][\p{L}\p{N} ._()+-]{0,40}$/u.test(name))
		return { field: 'name', text: 'Use up to 41 letters, digits, blanks, dots, dashes and underscores.' };
	if (!/^(https?|ftp|ppa|cloud-archive|file|mirror):[^\s"']+$/.test(url) || url.length > 2048)
		return { field: 'url', text: 'Enter a valid repository URL.' };
	const words = /^[A-Za-z0-9][A-Za-z0-9._/~+-]{0,100}$/;
	for (const [field, list] of [
		['distributions', next.distributions],
		['components', next.components],
		['arches', next.arches],
	] as const)
		for (const word of list) if (!words.test(word)) return { field, text: `“${word.slice(0, 40)}” is no word of a repository.` };
	const strangePocket = next.disabledPockets.find((each) => !pockets.some((pocket) => pocket === each));
	if (strangePocket !== undefined)
		return { field: 'disabled_pockets', text: `“${strangePocket.slice(0, 40)}” is none of ${pockets.join(', ')}.` };
	const strangeComponent = next.disabledComponents.find((each) => !defaultComponents.some((component) => component === each));
	if (strangeComponent !== undefined)
		return {
			field: 'disabled_components',
			text: `“${strangeComponent.slice(0, 40)}” is none of ${defaultComponents.join(', ')}.`,
		};
	if (!isDefault && next.disabledComponents.length > 0)
		return { field: 'disabled_components', text: 'Only default repositories have components that can be disabled.' };
	if (isDefault && next.components.length > 0)
		return { field: 'components', text: 'A default repository has the components of Ubuntu; disable those you don’t want.' };
	if (key !== '' && !/^-----BEGIN PGP PUBLIC KEY BLOCK-----\s[\s\S]*-----END PGP PUBLIC KEY BLOCK-----\s*$/.test(key.trim()))
		return { field: 'key', text: 'Enter an OpenPGP public key in ASCII armour.' };
	return null;
}

const present = (change: RepositoryChange) =>
	Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<PackageRepository>;

const fromRow = (row: Selectable<Tables['package_repository']>): PackageRepository => ({
	id: row.id,
	name: row.name,
	url: row.url,
	distributions: JSON.parse(row.distributions),
	disabledPockets: JSON.parse(row.disabled_pockets),
	disabledComponents: JSON.parse(row.disabled_components),
	disableSources: row.disable_sources === 1,
	components: JSON.parse(row.components),
	arches: JSON.parse(row.arches),
	key: row.key,
	enabled: row.enabled === 1,
	isDefault: row.is_default === 1,
});

const toRow = (change: RepositoryChange) => ({
	...(change.name === undefined ? {} : { name: change.name }),
	...(change.url === undefined ? {} : { url: change.url }),
	...(change.distributions === undefined ? {} : { distributions: JSON.stringify(change.distributions) }),
	...(change.disabledPockets === undefined ? {} : { disabled_pockets: JSON.stringify(change.disabledPockets) }),
	...(change.disabledComponents === undefined ? {} : { disabled_components: JSON.stringify(change.disabledComponents) }),
	...(change.disableSources === undefined ? {} : { disable_sources: change.disableSources ? 1 : 0 }),
	...(change.components === undefined ? {} : { components: JSON.stringify(change.components) }),
	...(change.arches === undefined ? {} : { arches: JSON.stringify(change.arches) }),
	...(change.key === undefined ? {} : { key: change.key }),
	...(change.enabled === undefined ? {} : { enabled: change.enabled ? 1 : 0 }),
});
