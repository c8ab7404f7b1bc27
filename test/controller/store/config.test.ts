import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { dataPaths } from '../../../controller/store/dataDirectory.ts';
import { openStore } from '../../../controller/store/store.ts';
import { makeStore } from '../../support/makeStore.ts';

test('what was never set has its default; what was set outlives the process', (t) => {
	const { store, folder } = makeStore(t);
	assert.deepEqual([store.config.get('maas_name'), store.config.text('http_proxy')], [hostname(), '']);
	store.config.set('maas_name', 'lab');
	store.config.set('enable_http_proxy', false);
	store.config.set('node_timeout', 45);
	const again = openStore(dataPaths(folder));
	t.after(() => again.close());
	assert.deepEqual(
		[again.config.get('maas_name'), again.config.flag('enable_http_proxy'), again.config.count('node_timeout')],
		['lab', false, 45],
	);
	assert.deepEqual(again.settings.get(), store.settings.get(), 'our own settings live beside them');
});

test('a secret is sealed on the disk', (t) => {
	const { store, folder } = makeStore(t);
	store.config.set('theme', 'found-in-plain-text');
	store.config.set('vcenter_password', 'sw0rdfish-of-vcenter');
	assert.equal(store.config.get('vcenter_password'), 'sw0rdfish-of-vcenter');
	const disk = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'))
		.join('');
	assert.ok(disk.includes('found-in-plain-text'));
	assert.ok(!disk.includes('sw0rdfish'));
});
