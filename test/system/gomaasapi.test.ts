import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { demoRack } from '../support/demoRack.ts';
import { serveMany } from '../support/serveMany.ts';

const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'metaldesk-gomaasapi-'));
const program = path.join(folder, 'client');

/** Juju's library, from Debian's package, in the small program beside this test. */
before(async () => {
	const env = {
		...process.env,
		GO111MODULE: 'off',
		GOPATH: '/usr/share/gocode',
		GOFLAGS: '',
		GOCACHE: path.join(tmpdir(), 'metaldesk-gocache'),
	};
	await run('go', ['build', '-o', program, path.join(import.meta.dirname, 'gomaasapi/main.go')], { env });
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('Juju’s library takes a list of 1,000 machines, and every other list', async (t) => {
	const controller = await serveMany(1000);
	t.after(async () => {
		await controller.stop();
		rmSync(controller.data, { recursive: true, force: true });
	});
	const { stdout } = await run(program, [`${controller.url}/MAAS`, controller.client.key ?? '', 'list']);
	const found = JSON.parse(stdout) as Record<string, unknown>;
	assert.equal(found.machines, 1000);
	assert.equal(found.zones, 4);
	assert.equal(found.tags, 2);
	assert.ok((found.capabilities as string[]).includes('network-deployment-ubuntu'));
});

test('Juju’s library allocates, deploys, makes a container’s device, keeps a file and releases, on the demo rack', async (t) => {
	const { url, key } = await demoRack(t, 4);
	const { stdout } = await run(program, [`${url}/MAAS`, key, 'deploy'], { timeout: 300_000 });
	assert.deepEqual(JSON.parse(stdout), {
		noMatch: true,
		allocated: 'Allocated',
		rootDisks: 1,
		ownerData: { 'juju-controller-uuid': '2f1c4a86-0d5f-4b57-8c0e-5a1f5f6f0b11', 'juju-units': 'mysql/0' },
		badSeries: true,
		deploying: 'Deploying',
		deployed: 'Deployed',
		ofAgent: 1,
		addresses: true,
		deviceInterfaces: 1,
		deviceAddress: true,
		secondInterface: 'eth1',
		devices: 1,
		files: 1,
		fileContent: true,
		released: 'Ready',
		unknownMachine: true,
	});
});
