import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { abandonedWorkFolders, makeWorkFolder } from '../../../controller/bootAssets/workFolder.ts';

test('folders of a process that ended are abandoned, those of living ones and others are not', async (t) => {
	const parent = await mkdtemp(join(tmpdir(), 'metaldesk-work-'));
	t.after(async () => await rm(parent, { recursive: true }));
	await makeWorkFolder(parent, 'out');
	const ended = spawnSync('true').pid;
	for (const name of [`out-${ended}-abcdef`, `out-${ended}`, `other-${ended}-abcdef`, 'out-1-abcdef', 'out-x-abcdef'])
		await mkdir(join(parent, name));
	assert.deepEqual(await abandonedWorkFolders(parent, 'out'), [join(parent, `out-${ended}-abcdef`)]);
	assert.deepEqual(await abandonedWorkFolders(join(parent, 'none'), 'out'), []);
});
