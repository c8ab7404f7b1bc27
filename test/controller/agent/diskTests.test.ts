import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { builtinScriptBody } from '../../../controller/agent/builtinScripts.ts';
import { MiB, temporaryFolder } from '../../support/diskFile.ts';

const AGENT = path.join(import.meta.dirname, '../../../controller/agent');

/** Runs a builtin test on the disk `/dev/sda` (or `disk`) in busybox, as the agent would; `tool` stands for smartctl. */
async function run(t: TestContext, script: string, tool: string, disk = 'sda') {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'smartctl'), tool);
	chmodSync(path.join(folder, 'smartctl'), 0o700);
	const body = (await builtinScriptBody({ kind: 'testing', name: script }))
		.replaceAll('/usr/lib/metaldesk', AGENT)
		.replaceAll('/usr/sbin/smartctl', path.join(folder, 'smartctl'))
		.replace(/^(\s*)sleep \d+$/gm, '$1:');
	const env = { ...process.env, METALDESK_SCRIPT: script, RESULT_PATH: path.join(folder, 'result') };
	const result = () => (existsSync(env.RESULT_PATH) ? readFileSync(env.RESULT_PATH, 'utf8') : null);
	try {
		const said = execFileSync('busybox', ['sh', '-c', body, 'sh', `--storage=/dev/${disk}`], {
			...{ cwd: folder, env, encoding: 'utf8' },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		return { said: said.trim().split('\n').at(-1), exit: 0, result: result() };
	} catch (error) {
		const { stdout, stderr, status } = error as { stdout: string; stderr: string; status: number };
		return { said: `${stdout}${stderr}`.trim().split('\n').at(-1), exit: status, result: result() };
	}
}

/** A disk that tests itself for two looks and then has `entry` as the newest one of its log. */
const testing = (idle: string, busy: string, entry: string) => `#!/bin/sh
echo "$*" >>calls
case "$*" in
-t*) echo 'Testing has begun'; touch begun ;;
-c*) exit 0 ;;
-l*) if [ ! -e begun ]; then echo '${idle}'
	elif [ ! -e looked ]; then touch looked; echo '${busy}'
	else printf '%s\\n' '${idle}' '${entry}'; fi ;;
esac
`;
const ata = 'SMART Self-test log structure revision number 1';
const nvme = 'Self-test status: No self-test in progress';

for (const [what, script, tool, expected] of [
	[
		'an ATA disk that passes',
		'smartctl-short',
		testing(
			ata,
			'Self-test routine in progress... 90% of test remaining.',
			'# 1  Short offline       Completed without error       00%      2135         -',
		),
		{ said: 'sda: passed', exit: 0 },
	],
	[
		'an ATA disk that fails',
		'smartctl-long',
		testing(
			ata,
			'Self-test routine in progress... 90% of test remaining.',
			'# 1  Extended offline    Completed: read failure       90%      2135         12345',
		),
		{ said: 'sda: # 1  Extended offline    Completed: read failure       90%      2135         12345', exit: 1 },
	],
	[
		'a SCSI disk that passes',
		'smartctl-short',
		testing(
			'SMART Self-test log',
			'Self test in progress ...',
			'# 1  Background short  Completed                   -     213                 - [-   -    -]',
		),
		{ said: 'sda: passed', exit: 0 },
	],
	[
		'an NVMe disk that passes',
		'smartctl-short',
		testing(
			nvme,
			'Self-test status: Short self-test in progress (25% completed)',
			' 0   Short             Completed without error                 312            -     -   -   -    -',
		),
		{ said: 'sda: passed', exit: 0 },
	],
	[
		'a disk whose log stays empty',
		'smartctl-short',
		testing(ata, 'in progress', ''),
		{ said: 'sda: its log has no self-test.', exit: 1 },
	],
	[
		'a disk that can’t',
		'smartctl-conveyance',
		'#!/bin/sh\ncase $1 in -t) echo "Conveyance Self-test not supported"; exit 4 ;; esac\n',
		{ said: 'Conveyance Self-test not supported', exit: 0 },
	],
	[
		'a disk that tests itself already',
		'smartctl-short',
		'#!/bin/sh\necho Self-test in progress\n',
		{ said: 'sda is testing itself already.', exit: 1 },
	],
] as const)
	test(`${script}: ${what}`, async (t) => {
		assert.deepEqual(await run(t, script, tool), { ...expected, result: null });
	});

test('badblocks: a good disk keeps its bytes when they are written back, and loses them to patterns', async (t) => {
	const file = path.join(temporaryFolder(t), 'disk');
	const bytes = Buffer.alloc(2 * MiB, 'kept');
	writeFileSync(file, bytes);
	const counts = 'results:\n  badblocks: 0\n  read_errors: 0\n  write_errors: 0\n  comparison_errors: 0\n';
	const passed = async (script: string) => {
		const { said = '', ...rest } = await run(t, script, '', `..${file}`);
		assert.match(said, /Pass completed, 0 bad blocks found\. \(0\/0\/0 errors\)$/);
		assert.deepEqual(rest, { exit: 0, result: counts });
	};
	await passed('badblocks');
	assert.ok(readFileSync(file).equals(bytes));
	await passed('badblocks-destructive');
	assert.ok(!readFileSync(file).equals(bytes));
	const none = await run(t, 'badblocks', '', `..${file}-none`);
	assert.deepEqual([none.exit, none.result, /ended with 1 and no result\.$/.test(none.said ?? '')], [1, null, true]);
});
