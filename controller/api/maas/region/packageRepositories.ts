import { defaultComponents, type PackageRepository, pockets, type RepositoryChange } from '../../../store/packageRepositories.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { boolean, list, required, text, type Values } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';

const fields = {
	name: text('The repository’s name.', { max: 256 }),
	url: text('Where it is: http://…, or ppa:…', { max: 2048 }),
	distributions: list('Distributions of it that are used.'),
	disabled_pockets: list(`Pockets that are left out: ${pockets.join(', ')}.`),
	disabled_components: list(`Components that are left out, of a default repository: ${defaultComponents.join(', ')}.`),
	disable_sources: boolean('Leave out sources; true unless given.'),
	components: list('Components that are used, of any other repository.'),
	arches: list('Architectures it is for.'),
	key: text('The OpenPGP key that signs it, in ASCII armour.', { max: 65_536 }),
	enabled: boolean('Whether machines use it; true unless given.'),
};

export const packageRepositoriesResource = resource({
	name: 'PackageRepositoriesHandler',
	path: 'package-repositories/',
	doc: 'Where machines get packages from. Metaldesk keeps these and shows them; images that it deploys have their own.',
	actions: {
		read: { doc: 'List all package repositories.', who: 'user' },
		create: {
			doc: 'Add a package repository.',
			who: 'admin',
			parameters: { ...fields, name: required(fields.name), url: required(fields.url) },
		},
	},
});

export const packageRepositoryResource = resource({
	name: 'PackageRepositoryHandler',
	path: 'package-repositories/{id}/',
	doc: 'One package repository, by id or name.',
	actions: {
		read: { doc: 'Show a package repository.', who: 'user' },
		update: { doc: 'Change a package repository.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a package repository that is no default.', who: 'admin' },
	},
});

const repositoryObject = (repository: PackageRepository) => ({
	id: repository.id,
	name: repository.name,
	url: repository.url,
	distributions: repository.distributions,
	disabled_pockets: repository.disabledPockets,
	disabled_components: repository.disabledComponents,
	disable_sources: repository.disableSources,
	components: repository.components,
	arches: repository.arches,
	key: repository.key,
	enabled: repository.enabled,
	resource_uri: uriOf(packageRepositoryResource.path, { id: repository.id }),
});

const changeOf = (input: Values<typeof fields>): RepositoryChange => ({
	name: input.name,
	url: input.url,
	distributions: input.distributions,
	disabledPockets: input.disabled_pockets,
	disabledComponents: input.disabled_components,
	disableSources: input.disable_sources,
	components: input.components,
	arches: input.arches,
	key: input.key,
	enabled: input.enabled,
});

export function packageRepositoryHandlers({ store }: Parts): Implemented[] {
	const repositories = store.packageRepositories;
	const find = (word: string) => {
		const repository = repositories.byName(word) ?? repositories.byId(idIn(word, 'PackageRepository'));
		if (!repository) throw notFound('PackageRepository');
		return repository;
	};
	return [
		on(packageRepositoriesResource, {
			read: () => repositories.all().map(repositoryObject),
			create: (input) => repositoryObject(repositories.create({ ...changeOf(input), name: input.name, url: input.url })),
		}),
		on(packageRepositoryResource, {
			read: (_, { uri }) => repositoryObject(find(uri.id)),
			update: (input, { uri }) => repositoryObject(repositories.update(find(uri.id).id, changeOf(input))),
			delete(_, { uri }) {
				repositories.delete(find(uri.id).id);
				return Reply.nothing();
			},
		}),
	];
}
