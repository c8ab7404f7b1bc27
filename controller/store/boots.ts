import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Mac } from '../domain/address.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** One boot of one network card, from its first packet to the end of what it was served. `purpose` is a BootPurpose or `unknown`. */
export interface Boot {
	readonly id: number;
	readonly mac: Mac;
	readonly nodeId: number | null;
	readonly purpose: string;
	readonly state: 'running' | 'done' | 'failed';
	/** the last stage that was seen, since `stageAt` */
	readonly stage: string;
	readonly stageAt: string;
	/** when the next stage is overdue */
	readonly deadlineAt: string | null;
	readonly startedAt: string;
	readonly endedAt: string | null;
	readonly verdict: { readonly text: string; readonly nextStep: string } | null;
}

export interface BootStore {
	start(boot: { mac: Mac; nodeId: number | null; purpose: string; stage: string; at: string; deadlineAt: string | null }): Boot;
	/** The latest boot of this card that has not ended. */
	running(mac: Mac): Boot | undefined;
	runningOf(nodeId: number): Boot[];
	byId(id: number): Boot | undefined;
	/** A token ends with its boot; one that has ended well since `since` still counts, for calls whose answer was lost. */
	byToken(token: string, since: string): Boot | undefined;
	latest(nodeId: number, limit: number): Boot[];
	pastDeadline(now: string): Boot[];
	update(
		id: number,
		change: Partial<Pick<Boot, 'nodeId' | 'purpose' | 'stage' | 'stageAt' | 'deadlineAt'>> & { token?: string },
	): void;
	end(id: number, state: 'done' | 'failed', at: string, verdict: Boot['verdict']): void;
	/** Milliseconds that each stage took in earlier boots of this purpose, newest first, at most `limit` values a stage. */
	durations(purpose: string, limit: number): { stage: string; ms: number }[];
}

export function createBootStore(db: Database): BootStore {
	const all = () => db.sql.selectFrom('boot').selectAll();
	const one = (row: Selectable<Tables['boot']> | undefined) => row && fromRow(row);
	return {
		start(boot) {
			const { id } = db.run(
				db.sql.insertInto('boot').values({
					mac: boot.mac,
					node_id: boot.nodeId,
					purpose: boot.purpose,
					state: 'running',
					stage: boot.stage,
					stage_at: boot.at,
					deadline_at: boot.deadlineAt,
					started_at: boot.at,
					ended_at: null,
					verdict: null,
					next_step: null,
					token_hash: null,
				}),
			);
			return one(db.first(all().where('id', '=', id))) as Boot;
		},
		running: (mac) => one(db.first(all().where('mac', '=', mac).where('state', '=', 'running').orderBy('id', 'desc').limit(1))),
		runningOf: (nodeId) => db.all(all().where('node_id', '=', nodeId).where('state', '=', 'running').orderBy('id')).map(fromRow),
		byId: (id) => one(db.first(all().where('id', '=', id))),
		byToken(token, since) {
			// by its index alone: every call of every agent comes through here
			const row = db.first(all().where('token_hash', '=', hashToken(token)));
			const counts = row && (row.state === 'running' || (row.state === 'done' && row.ended_at !== null && row.ended_at > since));
			return counts ? fromRow(row) : undefined;
		},
		latest: (nodeId, limit) => db.all(all().where('node_id', '=', nodeId).orderBy('id', 'desc').limit(limit)).map(fromRow),
		pastDeadline: (now) => db.all(all().where('state', '=', 'running').where('deadline_at', '<=', now)).map(fromRow),
		update(id, change) {
			db.run(
				db.sql
					.updateTable('boot')
					.set({
						...(change.nodeId === undefined ? {} : { node_id: change.nodeId }),
						...(change.purpose === undefined ? {} : { purpose: change.purpose }),
						...(change.stage === undefined ? {} : { stage: change.stage }),
						...(change.stageAt === undefined ? {} : { stage_at: change.stageAt }),
						...(change.deadlineAt === undefined ? {} : { deadline_at: change.deadlineAt }),
						...(change.token === undefined ? {} : { token_hash: hashToken(change.token) }),
					})
					.where('id', '=', id),
			);
		},
		end(id, state, at, verdict) {
			db.run(
				db.sql
					.updateTable('boot')
					.set({ state, ended_at: at, deadline_at: null, verdict: verdict?.text ?? null, next_step: verdict?.nextStep ?? null })
					.where('id', '=', id)
					.where('state', '=', 'running'),
			);
		},
		durations: (purpose, limit) =>
			db
				.all(
					db.sql
						.selectFrom('event')
						.innerJoin('boot', 'boot.id', 'event.boot_id')
						.select(['event.stage', 'event.ms'])
						.where('boot.purpose', '=', purpose)
						.where('event.kind', '=', 'stage')
						.where('event.ms', 'is not', null)
						.orderBy('event.id', 'desc')
						.limit(limit),
				)
				.flatMap(({ stage, ms }) => (stage === null || ms === null ? [] : [{ stage, ms }])),
	};
}

const hashToken = (token: string) => createHash('sha256').update(token).digest('base64url');

function fromRow(row: Selectable<Tables['boot']>): Boot {
	return {
		id: row.id,
		mac: row.mac as Mac,
		nodeId: row.node_id,
		purpose: row.purpose,
		state: row.state,
		stage: row.stage,
		stageAt: row.stage_at,
		deadlineAt: row.deadline_at,
		startedAt: row.started_at,
		endedAt: row.ended_at,
		verdict: row.verdict === null ? null : { text: row.verdict, nextStep: row.next_step ?? '' },
	};
}
