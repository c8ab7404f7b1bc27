import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase } from '../../../controller/store/database.ts';
import { prepared } from '../../../controller/store/prepared.ts';

test('a query that is written once answers for any values, each in all of its places', (t) => {
	const db = openDatabase(':memory:');
	t.after(db.close);
	for (const name of ['row-1', 'row-2']) db.run(db.sql.insertInto('zone').values({ name, description: `of ${name}` }));
	const query = prepared(
		db.sql
			.selectFrom('zone')
			.select('description')
			.where((where) => where.or([where('name', '=', 'NAME'), where('description', '=', 'NAME')]))
			.where('id', '>', -1)
			.limit(1),
		['NAME', -1],
	);
	assert.deepEqual(db.all(query('row-1', 0)), [{ description: 'of row-1' }]);
	assert.deepEqual(db.all(query('of row-2', 0)), [{ description: 'of row-2' }]);
	assert.deepEqual(db.all(query('row-1', 99)), []);
});
