import { type Expression, sql } from 'kysely';

/** For `where(column, 'in', among(ids))`: the same text, and one bound value, for any number of ids or words (SQLite binds at most 32,766). */
export const among = <Value extends number | string>(values: Iterable<Value>): Expression<Value> =>
	sql<Value>`(select value from json_each(${JSON.stringify([...values])}))`;
