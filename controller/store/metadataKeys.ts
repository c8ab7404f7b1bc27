import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';
import { sameText } from './sameText.ts';
import type { Secrets } from './secrets.ts';

/** The OAuth keys by which cloud-init on a deployed machine signs its requests (the consumer secret is always empty, as MAAS's). */
export interface MetadataKeys {
	readonly consumerKey: string;
	readonly tokenKey: string;
	readonly tokenSecret: string;
}

export interface MetadataKeyStore {
	/** New keys for each deployment: the old system's stop working. */
	renew(nodeId: number): MetadataKeys;
	current(nodeId: number): MetadataKeys | undefined;
	/** The machine whose keys these are. */
	nodeOf(keys: MetadataKeys): number | undefined;
	revoke(nodeId: number): void;
}

export function createMetadataKeyStore(db: Database, secrets: Secrets): MetadataKeyStore {
	const key = () => randomBytes(18).toString('hex').slice(0, 18);
	return {
		renew(nodeId) {
			const keys = { consumerKey: key(), tokenKey: key(), tokenSecret: randomBytes(16).toString('hex') };
			db.run(
				db.sql
					.updateTable('node')
					.set({ metadata_keys: secrets.seal(keys), metadata_token_key: keys.tokenKey })
					.where('id', '=', nodeId),
			);
			return keys;
		},
		current(nodeId) {
			const row = db.first(db.sql.selectFrom('node').select('metadata_keys').where('id', '=', nodeId));
			return row?.metadata_keys ? (secrets.unseal(row.metadata_keys) as MetadataKeys) : undefined;
		},
		nodeOf({ consumerKey, tokenKey, tokenSecret }) {
			const row = db.first(db.sql.selectFrom('node').select(['id', 'metadata_keys']).where('metadata_token_key', '=', tokenKey));
			if (!row?.metadata_keys) return undefined;
			const keys = secrets.unseal(row.metadata_keys) as MetadataKeys;
			return sameText(keys.consumerKey, consumerKey) && sameText(keys.tokenSecret, tokenSecret) ? row.id : undefined;
		},
		revoke(nodeId) {
			db.run(db.sql.updateTable('node').set({ metadata_keys: null, metadata_token_key: null }).where('id', '=', nodeId));
		},
	};
}
