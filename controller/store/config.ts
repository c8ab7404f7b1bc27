import { hostname } from 'node:os';
import { type ConfigItem, type ConfigName, type ConfigValue, configItems } from '../domain/config.ts';
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
	/** The caller has checked the value (`readConfig`). */
	set(name: ConfigName, value: ConfigValue): void;
}

export function createConfigStore(db: Database, secrets: Secrets): ConfigStore {
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
		set(name, value) {
			const item: ConfigItem = configItems[name];
			const text = JSON.stringify(item.secret ? Buffer.from(secrets.seal(value)).toString('base64') : value);
			db.run(
				db.sql
					.insertInto('setting')
					.values({ name, value: text })
					.onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text })),
			);
		},
	};
}
