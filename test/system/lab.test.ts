/** The main job, end to end, with everything real: QEMU machines, BMCs, boot loaders, kernel, Debian, SSH. Takes minutes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { LabReport } from '../lab/drive/report.ts';
import { needsRoot } from '../support/needs.ts';

const program = join(import.meta.dirname, '../lab/lab.ts');

/** Its temporary files go to a folder of its own, so that other labs beside it don't count. */
function startLab(...args: string[]) {
	const folder = mkdtempSync(join(tmpdir(), 'metaldesk-labtest-'));
	const env = { ...process.env, TMPDIR: folder };
	const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
	const output = { stdout: '', stderr: '' };
	child.stdout.on('data', (bytes: Buffer) => {
		output.stdout += bytes;
	});
	child.stderr.on('data', (bytes: Buffer) => {
		output.stderr += bytes;
	});
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	return { child, output, ended, leftovers: () => readdir(folder), remove: () => rm(folder, { recursive: true }) };
}

describe('npm run lab', { skip: needsRoot(), concurrency: false }, () => {
	it('takes machines with different firmware from power-on to SSH and back to erased disks', {
		timeout: 40 * 60_000,
	}, async () => {
		const lab = startLab('--machines', '2', '--firmware', 'mixed', '--through', 'released', '--json');
		const status = await lab.ended;
		assert.equal(status, 0, lab.output.stderr);

		const report = JSON.parse(lab.output.stdout.trim().split('\n').at(-1) ?? '') as LabReport;
		const summary = report.machines.map(({ name, firmware, status: reached, problem, ssh, hostname }) => ({
			name,
			firmware,
			reached,
			problem,
			loggedInto: ssh?.hostname === hostname,
		}));
		assert.deepEqual(summary, [
			{ name: 'm1', firmware: 'bios', reached: 'Ready', problem: null, loggedInto: true },
			{ name: 'm2', firmware: 'uefi', reached: 'Ready', problem: null, loggedInto: true },
		]);
		for (const { stages } of report.machines) {
			assert.deepEqual([...new Set(stages.map(({ boot }) => boot))], ['enlist', 'commission', 'deploy', 'local', 'erase']);
		}
		assert.deepEqual(await lab.leftovers(), [], 'its folder is gone');
		await lab.remove();
	});

	it('cleans up when it is interrupted', { timeout: 5 * 60_000 }, async () => {
		const lab = startLab('--machines', '1');
		await new Promise<void>((resolve, reject) => {
			lab.child.stderr.on('data', () => lab.output.stderr.includes('powered on') && resolve());
			void lab.ended.then(() => reject(new Error(`it ended early: ${lab.output.stderr}`)));
		});
		assert.equal((await lab.leftovers()).length, 1, 'it has a folder while it runs');
		lab.child.kill('SIGINT');
		assert.equal(await lab.ended, 1);
		assert.deepEqual(await lab.leftovers(), []);
		await lab.remove();
	});

	it('says which option is wrong', async () => {
		const lab = startLab('--machines', 'many');
		assert.equal(await lab.ended, 2);
		await lab.remove();
		assert.match(lab.output.stderr, /^--machines many: a whole number from 1 to 100\n/);
	});
});
