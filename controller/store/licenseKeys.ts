import { Refusal } from '../domain/errors.ts';
import type { Database } from './database.ts';

/** What an operating system that wants one is installed with. */
export interface LicenseKey {
	readonly osystem: string;
	readonly distroSeries: string;
	readonly licenseKey: string;
}

export interface LicenseKeyStore {
	all(): LicenseKey[];
	find(osystem: string, distroSeries: string): LicenseKey | undefined;
	/** Throws Refusal `bad-input` when that release has a key already. */
	create(key: LicenseKey): LicenseKey;
	/** Moves a key to another release, or changes it. */
	update(old: LicenseKey, next: LicenseKey): LicenseKey;
	delete(key: LicenseKey): void;
}

export function createLicenseKeyStore(db: Database): LicenseKeyStore {
	const all = () =>
		db.sql
			.selectFrom('license_key')
			.select(['osystem', 'distro_series as distroSeries', 'license_key as licenseKey'])
			.orderBy('osystem')
			.orderBy('distro_series');
	const find = (osystem: string, distroSeries: string) =>
		db.first(all().where('osystem', '=', osystem).where('distro_series', '=', distroSeries));
	const remove = (key: LicenseKey) => {
		db.run(db.sql.deleteFrom('license_key').where('osystem', '=', key.osystem).where('distro_series', '=', key.distroSeries));
	};
	const create = (key: LicenseKey) => {
		if (find(key.osystem, key.distroSeries))
			throw new Refusal('bad-input', 'License key with this operating system and distro series already exists.', {
				field: '__all__',
			});
		db.run(
			db.sql
				.insertInto('license_key')
				.values({ osystem: key.osystem, distro_series: key.distroSeries, license_key: key.licenseKey }),
		);
		return key;
	};
	return {
		all: () => db.all(all()),
		find,
		create: (key) => db.transaction(() => create(key)),
		update: (old, next) =>
			db.transaction(() => {
				remove(old);
				return create(next);
			}),
		delete: remove,
	};
}
