import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { Database } from './database.ts';

export interface User {
	readonly id: number;
	readonly username: string;
	readonly isAdmin: boolean;
}
export interface SshKey {
	readonly id: number;
	readonly type: string;
	readonly fingerprint: string;
	readonly comment: string;
	readonly key: string;
}

export interface UserStore {
	any(): boolean;
	byId(id: number): User | undefined;
	byName(username: string): User | undefined;
	firstAdmin(): User | undefined;
	/** `undefined` when the name is taken, and with `onlyFirst` when there is any user already. */
	create(user: {
		username: string;
		password: string;
		isAdmin: boolean;
		at: string;
		onlyFirst?: boolean;
	}): Promise<User | undefined>;
	/** Takes as long for an unknown user as for a wrong password. */
	checkPassword(username: string, password: string): Promise<User | undefined>;
	openSession(userId: number, expiresAt: string): string;
	bySession(token: string, now: string): User | undefined;
	closeSession(token: string): void;
	/** `consumer:token:secret`, as MAAS's clients take it. */
	createApiKey(userId: number, name: string): string;
	/** The user whose key this is, or why it is nobody's. */
	byApiToken(consumerKey: string, tokenKey: string, tokenSecret: string): User | 'unknown-consumer' | 'wrong-token' | 'disabled';
	sshKeys(userId: number): SshKey[];
	addSshKey(userId: number, key: Omit<SshKey, 'id'>): SshKey | undefined;
	deleteSshKey(userId: number, id: number): boolean;
	names(): Map<number, string>;
}

export function createUserStore(db: Database): UserStore {
	const users = () => db.sql.selectFrom('user').select(['id', 'username', 'is_admin']);
	const one = (row: { id: number; username: string; is_admin: number } | undefined) =>
		row && { id: row.id, username: row.username, isAdmin: row.is_admin === 1 };
	return {
		any: () => db.first(users().limit(1)) !== undefined,
		byId: (id) => one(db.first(users().where('id', '=', id))),
		byName: (username) => one(db.first(users().where('username', '=', username))),
		firstAdmin: () => one(db.first(users().where('is_admin', '=', 1).orderBy('id').limit(1))),
		async create({ username, password, isAdmin, at, onlyFirst = false }) {
			const password_hash = await hashPassword(password);
			return db.transaction(() => {
				const inTheWay = onlyFirst ? users().limit(1) : users().where('username', '=', username);
				if (db.first(inTheWay)) return undefined;
				const { id } = db.run(
					db.sql.insertInto('user').values({ username, password_hash, is_admin: isAdmin ? 1 : 0, created_at: at }),
				);
				return { id, username, isAdmin };
			});
		},
		async checkPassword(username, password) {
			const row = db.first(db.sql.selectFrom('user').selectAll().where('username', '=', username));
			const good = await isPassword(password, row?.password_hash ?? nobodysHash);
			return good ? one(row) : undefined;
		},
		openSession(userId, expiresAt) {
			const token = randomBytes(32).toString('base64url');
			db.run(db.sql.insertInto('session').values({ token_hash: hashToken(token), user_id: userId, expires_at: expiresAt }));
			return token;
		},
		bySession: (token, now) =>
			one(
				db.first(
					users()
						.innerJoin('session', 'session.user_id', 'user.id')
						.where('token_hash', '=', hashToken(token))
						.where('expires_at', '>', now),
				),
			),
		closeSession(token) {
			db.run(db.sql.deleteFrom('session').where('token_hash', '=', hashToken(token)));
		},
		createApiKey(userId, name) {
			const key = { consumer_key: letters(18), token_key: letters(18), token_secret: letters(32) };
			db.run(db.sql.insertInto('api_token').values({ user_id: userId, name, ...key }));
			return `${key.consumer_key}:${key.token_key}:${key.token_secret}`;
		},
		byApiToken(consumerKey, tokenKey, tokenSecret) {
			const row = db.first(db.sql.selectFrom('api_token').selectAll().where('consumer_key', '=', consumerKey));
			if (!row) return 'unknown-consumer';
			if (!sameText(row.token_key, tokenKey) || !sameText(row.token_secret, tokenSecret)) return 'wrong-token';
			return one(db.first(users().where('id', '=', row.user_id).where('is_active', '=', 1))) ?? 'disabled';
		},
		sshKeys: (userId) =>
			db.all(
				db.sql
					.selectFrom('ssh_key')
					.select(['id', 'type', 'fingerprint', 'comment', 'key'])
					.where('user_id', '=', userId)
					.orderBy('id'),
			),
		addSshKey: (userId, key) =>
			db.transaction(() => {
				const same = db.sql
					.selectFrom('ssh_key')
					.select('id')
					.where('user_id', '=', userId)
					.where('fingerprint', '=', key.fingerprint);
				if (db.first(same)) return undefined;
				const { id } = db.run(db.sql.insertInto('ssh_key').values({ user_id: userId, ...key }));
				return { id, ...key };
			}),
		deleteSshKey: (userId, id) =>
			db.run(db.sql.deleteFrom('ssh_key').where('user_id', '=', userId).where('id', '=', id)).changes > 0,
		names: () => new Map(db.all(users()).map((user) => [user.id, user.username])),
	};
}

const hashToken = (token: string) => createHash('sha256').update(token).digest('base64url');

/** Alphanumeric, as MAAS's keys are: clients put them into URLs and shells unquoted. */
function letters(length: number): string {
	const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
	let text = '';
	// 4 * 56 = 224: a byte above that would favour the first letters
	while (text.length < length)
		for (const byte of randomBytes(length)) if (byte < 224 && text.length < length) text += alphabet[byte % 56];
	return text;
}

export function sameText(left: string, right: string): boolean {
	return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
}

const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
/** The hash of no password: checked when the user does not exist. */
const nobodysHash = `scrypt:${Buffer.alloc(16).toString('base64')}:${Buffer.alloc(32).toString('base64')}`;

function derive(password: string, salt: Buffer): Promise<Buffer> {
	return new Promise((resolve, reject) =>
		scrypt(password.normalize('NFKC'), salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key))),
	);
}

async function hashPassword(password: string): Promise<string> {
	const salt = randomBytes(16);
	return `scrypt:${salt.toString('base64')}:${(await derive(password, salt)).toString('base64')}`;
}

async function isPassword(password: string, stored: string): Promise<boolean> {
	const [, salt = '', hash = ''] = stored.split(':');
	return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64')), Buffer.from(hash, 'base64'));
}
