import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { dataPaths } from '../../../../controller/store/dataDirectory.ts';
import { first } from '../../../../controller/store/migrations/001-first.ts';
import { openStore } from '../../../../controller/store/store.ts';
import { temporaryFolder } from '../../../support/diskFile.ts';

const at = '2026-03-04T05:06:07.000Z';

test('a rack of the first version goes on: its machine in its pool, its image and its script in MAAS’s lists', (t) => {
	const places = dataPaths(temporaryFolder(t));
	mkdirSync(path.dirname(places.database), { recursive: true });
	const raw = new Sqlite(places.database);
	raw.exec(first);
	raw.exec(`
		insert into user (id, username, password_hash, is_admin, created_at) values (7, 'ann', 'x', 1, '${at}');
		insert into boot_image values (3, 'debian', 'raw.zst', 1000, 4096, '${'a'.repeat(64)}', 'debian.raw.zst', '${at}');
		insert into script values ('rack-label', 'Label', 'commissioning', '#!/bin/sh', 5000, '["label"]', '${at}');
		insert into node (id, system_id, kind, hostname, status, status_at, zone_id, pool_id, owner_id, image_id, power_state, created_at)
			values (9, 'abc234', 'machine', 'node-9', 'deployed', '${at}', 1, 1, 7, 3, 'on', '${at}');
		insert into interface (id, node_id, name, mac) values (4, 9, 'eth0', '52:54:00:4c:00:01');
		pragma user_version = 1`);
	raw.close();
	mkdirSync(places.images);
	writeFileSync(path.join(places.images, 'debian.raw.zst'), '');

	const store = openStore(places);
	const machine = store.machines.byId(9);
	assert.deepEqual(
		[machine?.poolId, machine?.imageId, machine?.status, store.pools.byId(0)?.name],
		[0, 3, 'deployed', 'default'],
	);
	assert.deepEqual(store.inventory.macs([9]).get(9), ['52:54:00:4c:00:01']);
	assert.deepEqual(store.bootResources.list(), [
		{
			...{ id: 1, type: 'Uploaded', name: 'debian', architecture: 'amd64/generic', title: null, baseImage: null },
			lastDeployedAt: null,
			sets: [
				{
					...{
						id: 1,
						resourceId: 1,
						version: '20260304',
						filetype: 'ddzstd',
						sha256: 'a'.repeat(64),
						size: 1000,
						received: 1000,
					},
					...{ complete: true, file: null, imageId: 3, problem: null },
				},
			],
		},
	]);
	assert.deepEqual(store.bootResources.systemsOfImages().get(3), { osystem: 'custom', distroSeries: 'debian' });
	const script = store.scripts.byName('rack-label');
	assert.deepEqual([script?.tags, script?.timeoutMs, script?.builtin, script?.hardwareType], [['label'], 5000, false, 'node']);
	assert.deepEqual(store.scripts.revisions().get(script?.id ?? 0), [{ id: 1, comment: '', createdAt: at, content: '#!/bin/sh' }]);
	store.close();

	const after = new Sqlite(places.database, { readonly: true });
	assert.deepEqual(after.pragma('foreign_key_check'), []);
	assert.deepEqual(after.pragma('integrity_check', { simple: true }), 'ok');
	after.close();
});
