import type { Generated } from 'kysely';

type Flag = Generated<number>;

/** What the region keeps for its clients: tags, resources, scripts, files, notices. Lists and objects are JSON text. */
export interface LibraryTables {
	tag: {
		id: Generated<number>;
		name: string;
		comment: Generated<string>;
		/** XPath over lshw; '' for a tag that is set by hand */
		definition: Generated<string>;
		kernel_opts: Generated<string>;
	};
	node_tag: { node_id: number; tag_id: number };
	package_repository: {
		id: Generated<number>;
		name: string;
		url: string;
		distributions: Generated<string>;
		disabled_pockets: Generated<string>;
		disabled_components: Generated<string>;
		disable_sources: Flag;
		components: Generated<string>;
		arches: Generated<string>;
		key: Generated<string>;
		enabled: Flag;
		is_default: Flag;
	};
	boot_source: {
		id: Generated<number>;
		name: string;
		url: string;
		keyring_filename: Generated<string>;
		keyring_data: Uint8Array | null;
		priority: Generated<number>;
		enabled: Flag;
		skip_keyring_verification: Flag;
		created_at: string;
		updated_at: string;
	};
	boot_source_selection: {
		id: Generated<number>;
		boot_source_id: number;
		os: string;
		release: string;
		arches: Generated<string>;
		subarches: Generated<string>;
		labels: Generated<string>;
	};
	boot_resource: {
		id: Generated<number>;
		type: 'Synced' | 'Uploaded';
		name: string;
		architecture: string;
		title: string | null;
		base_image: string | null;
		created_at: string;
		last_deployed_at: string | null;
	};
	/** One version of a boot resource; an uploaded one is one file. */
	boot_resource_set: {
		id: Generated<number>;
		resource_id: number;
		version: string;
		/** what MAAS's uploads call it: tgz, ddraw, ddgz, … and ddzstd */
		filetype: string;
		sha256: string;
		size: number;
		/** bytes of the upload that are there */
		received: Generated<number>;
		/** all bytes are there, and have this hash */
		complete: Flag;
		/** in the image folder, while it is being received or prepared, or when it is no disk image */
		file: string | null;
		/** what machines get deployed from it */
		image_id: number | null;
		/** why no machine can be deployed with it */
		problem: string | null;
		/** when its last bytes came */
		touched_at: string;
	};
	license_key: { osystem: string; distro_series: string; license_key: string };
	script: {
		id: Generated<number>;
		name: string;
		title: string;
		kind: string;
		content: string;
		timeout_ms: number;
		tags: string;
		updated_at: string;
		description: Generated<string>;
		/** what the MAAS header says beyond the columns */
		metadata: Generated<string>;
		/** the product brought it along */
		builtin: Flag;
	};
	script_revision: { id: Generated<number>; script_id: number; content: string; comment: Generated<string>; created_at: string };
	notification: {
		id: Generated<number>;
		ident: string | null;
		user_id: number | null;
		users: Flag;
		admins: Flag;
		message: string;
		context: Generated<string>;
		category: Generated<string>;
		dismissable: Flag;
		created_at: string;
	};
	notification_dismissal: { notification_id: number; user_id: number };
	/** Juju's files. */
	stored_file: { id: Generated<number>; owner_id: number | null; filename: string; key: string; content: Uint8Array };
	ssl_key: { id: Generated<number>; user_id: number; key: string };
}
