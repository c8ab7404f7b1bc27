import { randomBytes } from 'node:crypto';
import { Refusal } from '../domain/errors.ts';
import type { Database } from './database.ts';
import { sameText } from './sameText.ts';
import type { User } from './users.ts';

/** The keys of MAAS's API: `consumer:token:secret`. Each has a consumer of its own, whose name is the key's. */
export interface ApiToken {
	readonly name: string;
	readonly consumerKey: string;
	readonly tokenKey: string;
	readonly tokenSecret: string;
}
export interface SshKey {
	readonly id: number;
	readonly type: string;
	readonly fingerprint: string;
	readonly comment: string;
	readonly key: string;
	/** `lp:user` or `gh:user`, where it was imported from */
	readonly source?: string | null;
}
export interface SslKey {
	readonly id: number;
	/** PEM */
	readonly key: string;
}

/** What people prove themselves by, and what their machines are given of theirs. */
export interface UserKeyStore {
	/** `consumer:token:secret`, as MAAS's clients take it. */
	createApiKey(userId: number, name: string): string;
	createApiToken(userId: number, name: string): ApiToken;
	/** In the order of their creation. */
	apiTokens(userId: number): ApiToken[];
	renameApiToken(userId: number, tokenKey: string, name: string): boolean;
	/** It is good for nothing from this moment on. */
	deleteApiToken(userId: number, tokenKey: string): boolean;
	/** The user whose key this is, or why it is nobody's. */
	byApiToken(consumerKey: string, tokenKey: string, tokenSecret: string): User | 'unknown-consumer' | 'wrong-token' | 'disabled';
	sshKeys(userId: number): SshKey[];
	sshKey(id: number): (SshKey & { userId: number }) | undefined;
	/** `undefined` when the user has it already. */
	addSshKey(userId: number, key: Omit<SshKey, 'id'>): SshKey | undefined;
	deleteSshKey(userId: number, id: number): boolean;
	sslKeys(userId: number): SslKey[];
	sslKey(id: number): (SslKey & { userId: number }) | undefined;
	/** Throws Refusal `bad-input` with field `key` when the user has it already. */
	addSslKey(userId: number, key: string): SslKey;
	deleteSslKey(userId: number, id: number): boolean;
}

export function createUserKeyStore(db: Database, now: () => Date, activeUser: (id: number) => User | undefined): UserKeyStore {
	const tokens = (userId: number) => db.sql.selectFrom('api_token').selectAll().where('user_id', '=', userId);
	const sshKeys = () =>
		db.sql
			.selectFrom('ssh_key')
			.select(['id', 'user_id as userId', 'type', 'fingerprint', 'comment', 'key', 'key_source as source'])
			.orderBy('id');
	const sslKeys = () => db.sql.selectFrom('ssl_key').select(['id', 'user_id as userId', 'key']).orderBy('id');

	const createApiToken = (userId: number, name: string): ApiToken => {
		const token = { name, consumerKey: letters(18), tokenKey: letters(18), tokenSecret: letters(32) };
		db.run(
			db.sql.insertInto('api_token').values({
				user_id: userId,
				name,
				consumer_key: token.consumerKey,
				token_key: token.tokenKey,
				token_secret: token.tokenSecret,
				created_at: now().toISOString(),
			}),
		);
		return token;
	};

	return {
		createApiKey(userId, name) {
			const { consumerKey, tokenKey, tokenSecret } = createApiToken(userId, name);
			return `${consumerKey}:${tokenKey}:${tokenSecret}`;
		},
		createApiToken,
		apiTokens: (userId) =>
			db.all(tokens(userId).orderBy('id')).map((row) => ({
				name: row.name,
				consumerKey: row.consumer_key,
				tokenKey: row.token_key,
				tokenSecret: row.token_secret,
			})),
		renameApiToken: (userId, tokenKey, name) =>
			db.run(db.sql.updateTable('api_token').set({ name }).where('user_id', '=', userId).where('token_key', '=', tokenKey))
				.changes > 0,
		deleteApiToken: (userId, tokenKey) =>
			db.run(db.sql.deleteFrom('api_token').where('user_id', '=', userId).where('token_key', '=', tokenKey)).changes > 0,
		byApiToken(consumerKey, tokenKey, tokenSecret) {
			const row = db.first(db.sql.selectFrom('api_token').selectAll().where('consumer_key', '=', consumerKey));
			if (!row) return 'unknown-consumer';
			if (!sameText(row.token_key, tokenKey) || !sameText(row.token_secret, tokenSecret)) return 'wrong-token';
			return activeUser(row.user_id) ?? 'disabled';
		},
		sshKeys: (userId) => db.all(sshKeys().where('user_id', '=', userId)).map(({ userId: _, ...key }) => key),
		sshKey: (id) => db.first(sshKeys().where('id', '=', id)),
		addSshKey: (userId, { source = null, ...key }) =>
			db.transaction(() => {
				const has = sshKeys().where('user_id', '=', userId).where('fingerprint', '=', key.fingerprint);
				if (db.first(has)) return undefined;
				const { id } = db.run(db.sql.insertInto('ssh_key').values({ user_id: userId, ...key, key_source: source }));
				return { id, ...key, source };
			}),
		deleteSshKey: (userId, id) =>
			db.run(db.sql.deleteFrom('ssh_key').where('user_id', '=', userId).where('id', '=', id)).changes > 0,
		sslKeys: (userId) => db.all(sslKeys().where('user_id', '=', userId)).map(({ id, key }) => ({ id, key })),
		sslKey: (id) => db.first(sslKeys().where('id', '=', id)),
		addSslKey: (userId, key) =>
			db.transaction(() => {
				if (db.first(sslKeys().where('user_id', '=', userId).where('key', '=', key)))
					throw new Refusal('bad-input', 'You have added this SSL key already.', { field: 'key' });
				return { id: db.run(db.sql.insertInto('ssl_key').values({ user_id: userId, key })).id, key };
			}),
		deleteSslKey: (userId, id) =>
			db.run(db.sql.deleteFrom('ssl_key').where('user_id', '=', userId).where('id', '=', id)).changes > 0,
	};
}

/** Alphanumeric, as MAAS's keys are: clients put them into URLs and shells unquoted. */
function letters(length: number): string {
	const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
	let text = '';
	// 4 * 56 = 224: a byte above that would favour the first letters
	while (text.length < length)
		for (const byte of randomBytes(length)) if (byte < 224 && text.length < length) text += alphabet[byte % 56];
	return text;
}
