import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dataPaths } from '../../controller/store/dataDirectory.ts';
import { openStore } from '../../controller/store/store.ts';
import { makeMaasClient } from './maasClient.ts';
import { addMany } from './manyMachines.ts';

export type BenchController = Awaited<ReturnType<typeof serveMany>>;

/** A controller as a process of its own, with so many commissioned machines in its store, in four zones, one in ten tagged `gpu`, one in a hundred `rare`. */
export async function serveMany(count: number) {
	const data = mkdtempSync(path.join(tmpdir(), 'metaldesk-bench-'));
	const store = openStore(dataPaths(data));
	const user = await store.users.create({
		username: 'ann',
		password: 'correct horse',
		isAdmin: true,
		at: new Date().toISOString(),
	});
	if (!user) throw new Error('no user');
	const key = store.users.createApiKey(user.id, 'bench');
	const cookie = `metaldesk_session=${store.users.openSession(user.id, '9999-01-01T00:00:00.000Z')}`;
	const zones = [1, ...[2, 3, 4].map((row) => store.zones.create(`row-${row}`, '').id)];
	const machines = addMany(store, count, zones);
	store.close();

	const entry = path.resolve(import.meta.dirname, '../../controller/process.ts');
	const child = spawn(process.execPath, [entry, 'serve', '--data', data, '--http', '127.0.0.1:0', '--log-level', 'error'], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const url = await new Promise<string>((resolve, reject) => {
		child.stdout.on('data', (text: Buffer) => {
			const found = /ready (http:\/\/\S+)\/MAAS/.exec(String(text))?.[1];
			if (found) resolve(found);
		});
		child.on('exit', (code) => reject(new Error(`the controller ended with ${code}`)));
	});
	const client = makeMaasClient(url, key);
	for (const [tag, every] of [
		['gpu', 10],
		['rare', 100],
	] as const) {
		await client.post('tags/', null, { name: tag });
		const add = machines.filter((_, at) => at % every === 0).map((machine) => machine.systemId);
		await client.post(`tags/${tag}/`, 'update_nodes', { add });
	}
	return {
		url,
		client,
		cookie,
		data,
		pid: child.pid as number,
		oneId: machines[count >> 1]?.systemId ?? '',
		async stop() {
			child.removeAllListeners('exit');
			const ended = new Promise((resolve) => child.once('exit', resolve));
			child.kill('SIGTERM');
			await ended;
		},
	};
}
