import { type Expression, sql } from 'kysely';

/** For `where(column, 'in', among(ids))`: the same text, and one bound value, for any number of ids (SQLite binds at most 32,766). */
export const among = (ids: Iterable<number>): Expression<number> =>
	sql<number>`(select value from json_each(${JSON.stringify([...ids])}))`;
