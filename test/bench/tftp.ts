import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureNetport } from '../../controller/services/netportBuild.ts';
import { makeNamespaces, type Program } from '../support/namespaces.ts';
import { cpuSeconds, median, printTable } from './measure.ts';

/** TFTP beside other servers, one after another in this very run: a machine's speed changes too much to compare runs. Needs root. */
const SIZE = 4 * 1024 * 1024;
const ROUNDS = Number(process.argv[2] ?? 3);
/** Only cases whose title has this word. */
const ONLY = process.argv[3] ?? '';
const ADDRESS = '10.79.0.1';
const here = (name: string): string => path.join(import.meta.dirname, name);

const folder = await mkdtemp(path.join(tmpdir(), 'bench-tftp-'));
await chmod(folder, 0o755);
const file = path.join(folder, 'file');
await writeFile(file, Buffer.alloc(SIZE, 'netboot!'), { mode: 0o644 });
const netport = await ensureNetport(path.join(tmpdir(), 'metaldesk-test-netport'), { installed: [] });
const spaces = makeNamespaces(['server', 'load']);
spaces.connect({ namespace: 'server', device: 'e0' }, { namespace: 'load', device: 'e0' });
spaces.ip('server', `addr add ${ADDRESS}/24 dev e0`);
spaces.ip('load', 'addr add 10.79.0.2/24 dev e0');

const servers: [string, readonly string[], string | null][] = [
	['metaldesk', [process.execPath, here('tftpServer.ts'), netport, 'e0', file], 'serving'],
	[
		'dnsmasq',
		['dnsmasq', '--no-daemon', '--user=nobody', '--port=0', '--enable-tftp', `--tftp-root=${folder}`, '--tftp-max=100'],
		'TFTP',
	],
	['atftpd', ['atftpd', '--daemon', '--no-fork', '--logfile', '/dev/null', '--user', 'nobody', folder], null],
	['npm tftp', [process.execPath, here('tftpPeer.cjs'), folder, ADDRESS], 'serving'],
];
const cases: [string, number, number, number][] = [
	['one transfer, blksize 1468, windowsize 1', 1, 1468, 1],
	['one transfer, blksize 1468, windowsize 16', 1, 1468, 16],
	['one transfer, blksize 1468, windowsize 64', 1, 1468, 64],
	['one transfer, blksize 512, windowsize 1', 1, 512, 1],
	['24 at once, blksize 1468, windowsize 1', 24, 1468, 1],
	['24 at once, blksize 1468, windowsize 16', 24, 1468, 16],
];

async function load(server: Program, transfers: number, blksize: number, windowsize: number) {
	const pid = server.child.pid as number;
	const before = cpuSeconds(pid);
	const command = [process.execPath, here('tftpLoad.ts'), ADDRESS, transfers, blksize, windowsize, SIZE].map(String);
	const { status, output } = await spaces.start('load', command).ended;
	if (status !== 0) throw new Error(output);
	const { seconds, window } = JSON.parse(output) as { seconds: number; window: number };
	const bytes = transfers * SIZE;
	return { speed: bytes / seconds / 2 ** 20, cpu: ((cpuSeconds(pid) - before) * 2 ** 30) / bytes, window };
}

try {
	for (const [title, transfers, blksize, windowsize] of cases.filter(([name]) => name.includes(ONLY))) {
		const rows = [];
		for (const [name, command, ready] of servers) {
			if (name === 'atftpd' && !existsSync('/usr/sbin/atftpd')) continue;
			const server = spaces.start('server', command);
			if (ready) await server.says(ready);
			else await new Promise((done) => setTimeout(done, 500));
			const results = [];
			for (let round = 0; round <= ROUNDS; round++) results.push(await load(server, transfers, blksize, windowsize));
			// The first round warms up.
			results.shift();
			rows.push({
				server: name,
				'MiB/s': median(results.map(({ speed }) => speed)),
				'CPU s per GiB': median(results.map(({ cpu }) => cpu)),
				window: results[0]?.window ?? 0,
			});
			server.child.kill();
			await server.ended;
		}
		const best = Math.max(...rows.filter(({ server }) => server !== 'metaldesk').map((row) => row['MiB/s']));
		printTable(
			`TFTP, ${title}`,
			rows.map((row) => ({ ...row, 'of the best peer': row['MiB/s'] / best })),
		);
	}
} finally {
	await spaces.remove();
	await rm(folder, { recursive: true });
}
