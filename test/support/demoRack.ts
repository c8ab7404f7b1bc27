import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { dataPaths } from '../../controller/store/dataDirectory.ts';
import { openStore } from '../../controller/store/store.ts';

/** A controller as a process of its own with simulated machines, all of them Ready, and an administrator's key. */
export async function demoRack(t: TestContext, machines: number): Promise<{ url: string; key: string }> {
	const data = mkdtempSync(path.join(tmpdir(), 'metaldesk-demo-'));
	const store = openStore(dataPaths(data));
	const user = await store.users.create({
		username: 'ann',
		password: 'correct horse',
		isAdmin: true,
		at: new Date().toISOString(),
	});
	const key = store.users.createApiKey(user?.id ?? 0, 'demo');
	store.close();
	const entry = path.resolve(import.meta.dirname, '../../controller/process.ts');
	const child = spawn(
		process.execPath,
		[entry, 'serve', '--data', data, '--http', '127.0.0.1:0', '--simulate', String(machines), '--log-level', 'error'],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	t.after(async () => {
		const ended = new Promise((resolve) => child.once('exit', resolve));
		child.kill('SIGTERM');
		await ended;
		rmSync(data, { recursive: true, force: true });
	});
	const url = await new Promise<string>((resolve, reject) => {
		child.stdout.on('data', (text: Buffer) => {
			const found = /ready (http:\/\/\S+)\/MAAS/.exec(String(text))?.[1];
			if (found) resolve(found);
		});
		child.on('exit', (code) => reject(new Error(`the controller ended with ${code}`)));
	});
	const look = openStore(dataPaths(data));
	t.after(() => look.close());
	for (let tries = 0; look.machines.inStatus(['ready']).length < machines; tries++) {
		assert.ok(tries < 600, 'the machines become Ready');
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	return { url, key };
}
