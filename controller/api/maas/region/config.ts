import { cleanLine } from '../../../domain/clean.ts';
import { type ConfigItem, type ConfigName, configItems, configNames, isConfigName, readConfig } from '../../../domain/config.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, unfit } from '../failures.ts';
import { mandatory, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';

/** Other names of the same: two repositories by their URL, and a name of older clients. */
const ARCHIVES = ['main_archive', 'ports_archive'] as const;
const aliases: Readonly<Record<string, ConfigName>> = { ntp_server: 'ntp_servers' };

const entries = Object.entries<ConfigItem>(configItems);
const acting = entries.filter(([, item]) => item.acts).map(([name, item]) => `${name} (${item.acts})`);
const idle = entries.filter(([, item]) => !item.acts).map(([name]) => name);

export const configResource = resource({
	name: 'MaasHandler',
	path: 'maas/',
	doc: 'The configuration of the region.',
	actions: {
		get_config: {
			doc: `Show one configuration value, as bare JSON.\n${entries.map(([name, item]) => `:${name}: ${item.doc}`).join('\n')}`,
			who: 'user',
			get: true,
			parameters: { name: mandatory(text('Which one.', { max: 100 })) },
		},
		set_config: {
			doc: [
				'Set one configuration value. An empty value is null, where it may be none.',
				`These take effect at once: main_archive, ports_archive (the repositories); ${acting.join('; ')}.`,
				`These are kept and shown again, and change nothing yet: ${idle.join(', ')}.`,
			].join('\n'),
			who: 'admin',
			parameters: { name: mandatory(text('Which one.', { max: 100 })), value: text('Its new value.', { max: 8192 }) },
		},
	},
});

export function configHandlers({ store }: Parts): Implemented[] {
	const find = (given: string): ConfigName | (typeof ARCHIVES)[number] => {
		const name = aliases[given] ?? given;
		if (isConfigName(name)) return name;
		const archive = ARCHIVES.find((each) => each === name);
		if (archive) return archive;
		const valid = [...configNames, ...ARCHIVES].toSorted().join(', ');
		throw unfit('name', `${cleanLine(given)} is not a valid config setting (valid settings are: ${valid}).`);
	};
	const isArchive = (name: string): name is (typeof ARCHIVES)[number] => ARCHIVES.some((each) => each === name);
	return [
		on(configResource, {
			get_config({ name: given }, { user }) {
				const name = find(given);
				if (isArchive(name)) return store.packageRepositories.byName(name)?.url ?? null;
				if ((configItems[name] as ConfigItem).secret && !user.isAdmin) throw forbidden();
				return store.config.get(name);
			},
			set_config({ name: given, value = '' }, { user }) {
				const name = find(given);
				return store.transaction(() => {
					if (isArchive(name)) setArchive(name, value);
					else {
						const read = readConfig(name, value);
						if ('problem' in read) throw unfit(name, read.problem);
						store.config.set(name, read.value);
					}
					const secret = !isArchive(name) && (configItems[name] as ConfigItem).secret;
					const shown = secret ? 'a new secret' : cleanLine(value, 200) || 'nothing';
					store.events.append({ kind: 'user', text: `Configuration: ${name} is ${shown}`, by: user.username });
					return Reply.ok();
				});
			},
		}),
	];

	function setArchive(name: (typeof ARCHIVES)[number], url: string): void {
		const repository = store.packageRepositories.byName(name);
		if (!repository) throw unfit('name', `The repository ${name} has been renamed.`);
		try {
			store.packageRepositories.update(repository.id, { url });
		} catch (error) {
			throw error instanceof Refusal && error.field === 'url' ? unfit(name, error.message) : error;
		}
	}
}
