import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { toFailure } from '../../../controller/api/errors.ts';
import { openDatabase } from '../../../controller/store/database.ts';
import { dataPaths } from '../../../controller/store/dataDirectory.ts';
import { openStore } from '../../../controller/store/store.ts';
import { addMachine } from '../../support/makeStore.ts';
import { needsRoot } from '../../support/needs.ts';

function folder(t: TestContext): string {
	const made = mkdtempSync(path.join(tmpdir(), 'metaldesk-db-'));
	t.after(() => rmSync(made, { recursive: true, force: true }));
	return made;
}

test('a transaction is all or nothing, also one within another', (t) => {
	const db = openDatabase(path.join(folder(t), 'db'));
	t.after(db.close);
	const zone = (name: string) => db.run(db.sql.insertInto('zone').values({ name }));
	const names = () => db.all(db.sql.selectFrom('zone').select('name').orderBy('id')).map((row) => row.name);
	assert.throws(
		() =>
			db.transaction(() => {
				zone('one');
				db.transaction(() => zone('two'));
				throw new Error('no');
			}),
		/no/,
	);
	assert.deepEqual(names(), ['default']);
	db.transaction(() => db.transaction(() => zone('one')));
	assert.deepEqual(names(), ['default', 'one']);
});

test('news is told after the commit, in order, and never of what was rolled back', (t) => {
	const db = openDatabase(path.join(folder(t), 'db'));
	t.after(db.close);
	const told: string[] = [];
	db.transaction(() => {
		db.afterCommit(() => told.push('first'));
		db.transaction(() => db.afterCommit(() => told.push('second')));
		told.push('inside');
	});
	assert.throws(() =>
		db.transaction(() => {
			db.afterCommit(() => told.push('never'));
			throw new Error('no');
		}),
	);
	db.afterCommit(() => told.push('at once'));
	assert.deepEqual(told, ['inside', 'first', 'second', 'at once']);
});

test('what a listener does in a transaction of its own tells its own news', (t) => {
	const db = openDatabase(path.join(folder(t), 'db'));
	t.after(db.close);
	const told: string[] = [];
	db.transaction(() => {
		db.afterCommit(() => db.transaction(() => db.afterCommit(() => told.push('of the listener'))));
		db.afterCommit(() => told.push('second'));
	});
	assert.deepEqual(told, ['of the listener', 'second']);
});

test('foreign keys hold, and a machine takes all of its rows with it', (t) => {
	const places = dataPaths(folder(t));
	const store = openStore(places);
	t.after(store.close);
	const { id } = addMachine(store, 1);
	store.events.append({ kind: 'user', nodeId: id, text: 'Locked' });
	store.results.createJob({ nodeId: id, kind: 'test', at: '2026', scripts: [{ name: 'a', kind: 'testing' }] });
	assert.throws(() => store.machines.update(id, { ownerId: 4711 }), { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' });
	store.machines.delete(id);
	const raw = new Sqlite(places.database, { readonly: true });
	for (const table of ['interface', 'event', 'job', 'script_result'])
		assert.equal(raw.prepare(`select count(*) from ${table}`).pluck().get(), 0, table);
	raw.close();
});

test('a database of a newer program is left alone, with a sentence', (t) => {
	const file = path.join(folder(t), 'db');
	openDatabase(file).close();
	const raw = new Sqlite(file);
	raw.pragma('user_version = 99');
	raw.close();
	assert.throws(() => openDatabase(file), /written by a newer Metaldesk \(schema 99, this program knows \d+\)/);
});

test('a file that is no database is an error, not an empty region', (t) => {
	const file = path.join(folder(t), 'db');
	writeFileSync(file, 'this is a letter to my aunt, and no database at all\n'.repeat(40));
	assert.throws(() => openDatabase(file), { code: 'SQLITE_NOTADB' });
});

test('a full disk: the change is refused whole, reading goes on, and writing again when there is space', {
	skip: needsRoot(),
}, (t) => {
	const place = mkdtempSync(path.join(tmpdir(), 'metaldesk-db-'));
	execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', place]);
	t.after(() => {
		execFileSync('umount', ['-l', place]);
		rmSync(place, { recursive: true });
	});
	const store = openStore(dataPaths(place));
	t.after(store.close);
	const { id } = addMachine(store, 1);
	const heard: string[] = [];
	store.events.subscribe(({ text }) => heard.push(text));
	writeFileSync(path.join(place, 'ballast'), Buffer.alloc(1024));
	for (let size = 2 ** 21; size >= 1024; size /= 2)
		try {
			writeFileSync(path.join(place, `ballast ${size}`), Buffer.alloc(size));
		} catch (error) {
			assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
		}

	const change = () =>
		store.transaction(() => {
			store.machines.update(id, { hostname: 'renamed' });
			for (let line = 0; line < 500; line++) store.events.append({ kind: 'user', nodeId: id, text: 'x'.repeat(200) });
		});
	assert.throws(change, (error) => {
		const { status, body } = toFailure(error);
		assert.deepEqual(
			[status, body.code, body.text],
			[507, 'storage-full', 'The disk that holds Metaldesk’s data is full; nothing was changed.'],
		);
		return true;
	});
	assert.deepEqual([store.machines.byId(id)?.hostname, store.events.ofMachine(id), heard], ['node-1', [], []]);

	for (let size = 2 ** 21; size >= 1024; size /= 2) rmSync(path.join(place, `ballast ${size}`), { force: true });
	change();
	assert.deepEqual([store.machines.byId(id)?.hostname, heard.length], ['renamed', 500]);
});
