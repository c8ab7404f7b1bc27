/**
 * MAAS's API with 100, 1,000 and 10,000 machines of 5 network cards and 6 disks: lists, one machine, an allocation of six clauses, the
 * page's first snapshot and one change; how each grows (slope of log time over log machines: 1 is linear); memory. The peer of the list
 * is a server that answers the same bytes from memory, measured in turns in the same run: nothing can be faster than that.
 * `npm run bench machines -- 100 1000` measures these sizes only.
 */
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';
import { type BenchController, serveMany } from '../support/serveMany.ts';
import { median, printTable, residentMegabytes } from './measure.ts';

const sizes = process.argv.slice(2).map(Number).filter(Boolean);
const TURNS = 7;
const SIX = {
	mem: '16384',
	cpu_count: '8',
	arch: 'amd64',
	tags: 'gpu',
	not_in_zone: 'row-2',
	storage: 'root:100(ssd),data:1000',
};

const rows: Record<string, string | number>[] = [];
const times = new Map<string, [machines: number, ms: number][]>();
for (const count of sizes.length > 0 ? sizes : [100, 1000, 10_000]) await measure(count);
printTable('milliseconds', rows);
for (const [what, points] of times) if (points.length > 1) console.log(`slope of ${what.padEnd(34)} ${slope(points).toFixed(2)}`);

async function measure(count: number): Promise<void> {
	const controller = await serveMany(count);
	const { client } = controller;
	const note = (what: string, ms: number) => times.set(what, [...(times.get(what) ?? []), [count, ms]]);
	const row: Record<string, string | number> = { machines: count };
	const asked = async (what: string, work: () => Promise<{ status: number; text: string }>, turns = TURNS) => {
		const taken: number[] = [];
		for (let turn = 0; turn < turns; turn++) taken.push(await timed(work));
		row[what] = median(taken);
		note(what, median(taken));
	};
	row['machines/ cold'] = await timed(() => client.get('machines/'));
	const whole = await client.get('machines/');
	const peer = await memoryServer(whole.text);
	const own: number[] = [];
	const others: number[] = [];
	for (let turn = 0; turn < (count > 2000 ? 3 : TURNS); turn++) {
		own.push(await timed(() => client.get('machines/')));
		others.push(await timed(async () => ({ status: 200, text: await (await fetch(peer.url)).text() })));
	}
	peer.stop();
	row['machines/ warm'] = median(own);
	note('machines/ warm', median(own));
	row['to bytes from memory'] = median(own) / median(others);
	const changed: number[] = [];
	for (let turn = 0; turn < (count > 2000 ? 3 : TURNS); turn++) {
		await client.put(`machines/${controller.oneId}/`, { description: `before turn ${turn}` });
		changed.push(await timed(() => client.get('machines/')));
	}
	row['after a change'] = median(changed);
	note('machines/ after a change', median(changed));
	row.MB = whole.text.length / 1e6;
	await asked('by zone', () => client.get('machines/', { zone: 'row-3' }));
	await asked('by tag', () => client.get('machines/', { tags: 'rare' }));
	await asked('one machine', () => client.get(`machines/${controller.oneId}/`));
	await asked('allocate, 6 clauses', () => client.post('machines/', 'allocate', { ...SIX, dry_run: true }));
	const { snapshot, delta } = await live(controller);
	row['live snapshot'] = snapshot;
	row['live change'] = delta;
	note('live snapshot', snapshot);
	note('live change', delta);
	row['RSS MB'] = residentMegabytes(controller.pid);
	rows.push(row);
	await controller.stop();
	rmSync(controller.data, { recursive: true, force: true });
}

/** From asking for the page's WebSocket to all machines, and from a change by the API to its news. */
async function live({ url, client, cookie, oneId }: BenchController): Promise<{ snapshot: number; delta: number }> {
	const began = performance.now();
	const socket = new WebSocket(`${url.replace('http', 'ws')}/MAAS/app/live`, { headers: { cookie } });
	const next = (type: string) =>
		new Promise<void>((resolve, reject) => {
			socket.on('error', reject);
			socket.on('close', () => reject(new Error('the page was dropped')));
			socket.on('message', (text: Buffer) => text.subarray(0, 40).includes(`"${type}"`) && resolve());
		});
	await next('machines');
	const snapshot = performance.now() - began;
	await pause(500);
	const changes: number[] = [];
	for (let turn = 0; turn < TURNS; turn++) {
		const changed = performance.now();
		const told = next('machine');
		await client.put(`machines/${oneId}/`, { description: `turn ${turn}` });
		await told;
		changes.push(performance.now() - changed);
	}
	socket.terminate();
	return { snapshot, delta: median(changes) };
}

async function timed(work: () => Promise<{ status: number; text: string }>): Promise<number> {
	const began = performance.now();
	const { status, text } = await work();
	if (status !== 200) throw new Error(`${status}: ${text.slice(0, 300)}`);
	return performance.now() - began;
}

async function memoryServer(text: string): Promise<{ url: string; stop(): void }> {
	const bytes = Buffer.from(text);
	const server = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		stop: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

/** Least squares through the points in logarithms. */
function slope(points: readonly (readonly [number, number])[]): number {
	const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
	const mean = (at: 0 | 1) => logs.reduce((sum, point) => sum + point[at], 0) / logs.length;
	const [x, y] = [mean(0), mean(1)];
	const over = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
	return over / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
