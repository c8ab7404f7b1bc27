/**
 * Fifty clients that allocate and release in a loop for a minute, against 200 machines: how many pairs a second, and whether two
 * ever held the same machine. A wrong answer ends the run with exit code 1. `npm run bench allocate -- 10` runs ten seconds.
 */
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { makeMaasClient } from '../support/maasClient.ts';
import { serveMany } from '../support/serveMany.ts';
import { median, residentMegabytes } from './measure.ts';

const CLIENTS = 50;
const MACHINES = 200;
const seconds = Number(process.argv[2] ?? 60);
const controller = await serveMany(MACHINES);
const held = new Map<string, number>();
const wrong: string[] = [];
const taken: number[] = [];
let pairs = 0;
let none = 0;

const end = Date.now() + seconds * 1000;
await Promise.all(Array.from({ length: CLIENTS }, (_, at) => loop(at)));
console.log(`clients           ${CLIENTS}, machines ${MACHINES}, ${seconds} s`);
console.log(
	`pairs             ${pairs} allocated and released (${(pairs / seconds).toFixed(1)} a second), ${none} answers “no machine”`,
);
console.log(
	`one allocation    median ${median(taken).toFixed(1)} ms, 99 of 100 below ${taken.toSorted((a, b) => a - b)[Math.floor(taken.length * 0.99)]?.toFixed(1)} ms`,
);
console.log(`memory            ${residentMegabytes(controller.pid).toFixed(0)} MB resident`);
console.log(`wrong answers     ${wrong.length}`);
for (const each of wrong.slice(0, 5)) console.log(`  ${each}`);
if (wrong.length > 0) process.exitCode = 1;
await controller.stop();
rmSync(controller.data, { recursive: true, force: true });

async function loop(number: number): Promise<void> {
	const client = makeMaasClient(controller.url, controller.client.key);
	while (Date.now() < end) {
		const began = performance.now();
		const answer = await client.post('machines/', 'allocate', { mem: 8192, cpu_count: 4, agent_name: `client-${number}` });
		taken.push(performance.now() - began);
		if (answer.status === 409) {
			none++;
			continue;
		}
		if (answer.status !== 200) {
			wrong.push(`allocate: ${answer.status} ${answer.text.slice(0, 200)}`);
			continue;
		}
		const machine = answer.json<{ system_id: string; status_name: string; cpu_count: number; memory: number }>();
		if (machine.status_name !== 'Allocated' || machine.cpu_count < 4 || machine.memory < 8192)
			wrong.push(`does not fit: ${answer.text.slice(0, 200)}`);
		const other = held.get(machine.system_id);
		if (other !== undefined) wrong.push(`${machine.system_id} was given to client ${other} and to client ${number}`);
		held.set(machine.system_id, number);
		await pause(Math.random() * 20);
		held.delete(machine.system_id);
		const released = await client.post(`machines/${machine.system_id}/`, 'release');
		if (released.status !== 200) wrong.push(`release: ${released.status} ${released.text.slice(0, 200)}`);
		pairs++;
	}
}
