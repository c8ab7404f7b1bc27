import type { Database } from './database.ts';

/** What the operator changes while the controller runs. The defaults are the cautious choice. */
export interface Settings {
	/** the agent may create its own user on the BMC of a machine that enlists */
	readonly configureBmcs: boolean;
	/** `signed`: shim and GRUB of Debian, works with and without Secure Boot; `ipxe`: faster over slow links, not under Secure Boot */
	readonly uefiLoader: 'signed' | 'ipxe';
	/** commission a machine as soon as it has enlisted */
	readonly commissionOnEnlist: boolean;
	/** where public keys are imported from; `{user}` stands for the name */
	readonly sshImport: { readonly launchpad: string; readonly github: string };
}

const defaults: Settings = {
	configureBmcs: false,
	uefiLoader: 'signed',
	commissionOnEnlist: false,
	sshImport: {
		launchpad: 'https://launchpad.net/~{user}/+sshkeys',
		github: 'https://api.github.com/users/{user}/keys',
	},
};

export interface SettingStore {
	get(): Settings;
	set(change: { [Name in keyof Settings]?: Settings[Name] | undefined }): Settings;
}

export function createSettingStore(db: Database): SettingStore {
	const get = (): Settings => {
		const rows = db.all(db.sql.selectFrom('setting').selectAll());
		return {
			...defaults,
			...Object.fromEntries(rows.filter((row) => row.name in defaults).map((row) => [row.name, JSON.parse(row.value)])),
		};
	};
	return {
		get,
		set(change) {
			return db.transaction(() => {
				for (const [name, value] of Object.entries(change)) {
					if (value === undefined) continue;
					const text = JSON.stringify(value);
					db.run(
						db.sql
							.insertInto('setting')
							.values({ name, value: text })
							.onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text })),
					);
				}
				return get();
			});
		},
	};
}
