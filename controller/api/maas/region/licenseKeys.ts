import type { LicenseKey } from '../../../store/licenseKeys.ts';
import type { Parts } from '../../parts.ts';
import { notFound, unfit } from '../failures.ts';
import { required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';

const fields = {
	osystem: text('The operating system: windows, …', { max: 255 }),
	distro_series: text('Its release.', { max: 255 }),
	license_key: text('The key.', { max: 255 }),
};
const all = {
	osystem: required(fields.osystem),
	distro_series: required(fields.distro_series),
	license_key: required(fields.license_key),
};

export const licenseKeysResource = resource({
	name: 'LicenseKeysHandler',
	path: 'license-keys/',
	doc: 'Licence keys of operating systems that need one; one for each release.',
	actions: {
		read: { doc: 'List all licence keys.', who: 'admin' },
		create: { doc: 'Add a licence key.', who: 'admin', parameters: all },
	},
});

export const licenseKeyResource = resource({
	name: 'LicenseKeyHandler',
	path: 'license-key/{osystem}/{distro_series}',
	doc: 'The licence key of one release.',
	actions: {
		read: { doc: 'Show a licence key.', who: 'admin' },
		update: { doc: 'Change a licence key.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a licence key.', who: 'admin' },
	},
});

const licenseKeyObject = (key: LicenseKey) => ({
	osystem: key.osystem,
	distro_series: key.distroSeries,
	license_key: key.licenseKey,
	resource_uri: uriOf(licenseKeyResource.path, { osystem: key.osystem, distro_series: key.distroSeries }),
});

export function licenseKeyHandlers({ store }: Parts): Implemented[] {
	const find = ({ osystem, distro_series }: { osystem: string; distro_series: string }) => {
		const key = store.licenseKeys.find(osystem, distro_series);
		if (!key) throw notFound('LicenseKey');
		return key;
	};
	/** The names come into paths. */
	const check = (key: LicenseKey) => {
		for (const [field, word] of [
			['osystem', key.osystem],
			['distro_series', key.distroSeries],
		] as const)
			if (!/^[A-Za-z0-9][\w.+-]*$/.test(word)) throw unfit(field, 'Use letters, digits, dots, dashes and underscores.');
		if (!/^[\x21-\x7e]+$/.test(key.licenseKey)) throw unfit('license_key', 'Enter the key’s characters without blanks.');
		return key;
	};
	return [
		on(licenseKeysResource, {
			read: () => store.licenseKeys.all().map(licenseKeyObject),
			create: ({ osystem, distro_series: distroSeries, license_key: licenseKey }) =>
				licenseKeyObject(store.licenseKeys.create(check({ osystem, distroSeries, licenseKey }))),
		}),
		on(licenseKeyResource, {
			read: (_, { uri }) => licenseKeyObject(find(uri)),
			update(input, { uri }) {
				const old = find(uri);
				const next = check({
					osystem: input.osystem || old.osystem,
					distroSeries: input.distro_series || old.distroSeries,
					licenseKey: input.license_key || old.licenseKey,
				});
				return licenseKeyObject(store.licenseKeys.update(old, next));
			},
			delete(_, { uri }) {
				store.licenseKeys.delete(find(uri));
				return Reply.nothing();
			},
		}),
	];
}
