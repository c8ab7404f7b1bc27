/** What a controller costs that has nothing to do: start to `ready`, resident memory, CPU time over half a minute. Budget: 150 MB, 1 %. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SECONDS = 30;
const data = mkdtempSync(path.join(tmpdir(), 'metaldesk-idle-'));
const entry = path.resolve(import.meta.dirname, '../../controller/process.ts');
const began = performance.now();
const controller = spawn(process.execPath, [entry, 'serve', '--data', data, '--http', '127.0.0.1:0'], {
	stdio: ['ignore', 'pipe', 'ignore'],
});
await new Promise<void>((resolve, reject) => {
	controller.stdout.on('data', (text: Buffer) => String(text).includes('ready') && resolve());
	controller.on('exit', (code) => reject(new Error(`the controller ended with ${code}`)));
});
const ready = performance.now() - began;
await sleep(3000);
const before = cpuSeconds(controller.pid as number);
await sleep(SECONDS * 1000);
const used = cpuSeconds(controller.pid as number) - before;
const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${controller.pid}/status`, 'utf8'))?.[1]) / 1024;
console.log(`start to ready   ${ready.toFixed(0)} ms`);
console.log(`memory           ${rss.toFixed(0)} MB resident (budget 150 MB: ${(rss / 150).toFixed(2)})`);
console.log(
	`processor        ${((100 * used) / SECONDS).toFixed(2)} % of one core (budget 1 %: ${(used / SECONDS / 0.01).toFixed(2)})`,
);
controller.removeAllListeners('exit');
controller.kill('SIGTERM');
await new Promise((resolve) => controller.on('exit', resolve));
rmSync(data, { recursive: true, force: true });

/** utime + stime of proc(5), in seconds; the clock tick is 100 Hz on every Linux that Node runs on. */
function cpuSeconds(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return (Number(fields[11]) + Number(fields[12])) / 100;
}
