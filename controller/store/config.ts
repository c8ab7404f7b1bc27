import { hostname } from 'node:os';
import { type ConfigItem, type ConfigName, type ConfigValue, configItems, configNames } from '../domain/config.ts';
import type { Database } from './database.ts';
import type { Secrets } from './secrets.ts';

/** MAAS's configuration values (domain/config.ts says what each is and does). What was never set has its default. */
export interface ConfigStore {
	get(name: ConfigName): ConfigValue;
	/** Of a name whose kind is boolean. */
	flag(name: ConfigName): boolean;
	/** Of a name whose kind is integer. */
	count(name: ConfigName): number;
	/** Of a text or choice; '' for `null`. */
	text(name: ConfigName): string;
	all(): Readonly<Record<ConfigName, ConfigValue>>;
	/** The caller has checked the value (`readConfig`). */
	set(name: ConfigName, value: ConfigValue): void;
	/** Calls back after the commit of each change. */
	subscribe(listener: (name: ConfigName) => void): () => void;
}

export function createConfigStore(db: Database, secrets: Secrets): ConfigStore {
	const listeners = new Set<(name: ConfigName) => void>();
	const read = (name: ConfigName, text: string | undefined): ConfigValue => {
		const item: ConfigItem = configItems[name];
		if (text === undefined) return name === 'maas_name' ? hostname() : item.default;
		const value: unknown = JSON.parse(text);
		return (item.secret ? secrets.unseal(Buffer.from(String(value), 'base64')) : value) as ConfigValue;
	};
	const get = (name: ConfigName) =>
		read(name, db.first(db.sql.selectFrom('setting').select('value').where('name', '=', name))?.value);
	return {
		get,
		flag: (name) => get(name) === true,
		count: (name) => Number(get(name)),
		text: (name) => String(get(name) ?? ''),
		all() {
			const rows = new Map(db.all(db.sql.selectFrom('setting').selectAll()).map((row) => [row.name, row.value]));
			return Object.fromEntries(configNames.map((name) => [name, read(name, rows.get(name))])) as Record<ConfigName, ConfigValue>;
		},
		set(name, value) {
			const item: ConfigItem = configItems[name];
			const text = JSON.stringify(item.secret ? Buffer.from(secrets.seal(value)).toString('base64') : value);
			db.run(
				db.sql
					.insertInto('setting')
					.values({ name, value: text })
					.onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text })),
			);
			db.afterCommit(() => {
				for (const listener of listeners) listener(name);
			});
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
