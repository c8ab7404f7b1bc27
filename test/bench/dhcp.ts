import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureNetport } from '../../controller/services/netportBuild.ts';
import { makeNamespaces, type Program } from '../support/namespaces.ts';
import { cpuSeconds, median, printTable } from './measure.ts';

/**
 * DHCP beside dnsmasq in this very run, through a relay as a rack has one, with the packets of a UEFI PXE ROM. Needs root. Both have
 * a lease on disk before they tell the machine. The npm package `dhcp` is no peer: it answers no relay, and a PXE machine's request
 * for option 60 ends its process.
 */
const CLIENTS = Number(process.argv[2] ?? 1000);
const ROUNDS = Number(process.argv[3] ?? 3);
const [SERVER, RELAY] = ['10.79.0.1', '10.79.0.2'];
const here = (name: string): string => path.join(import.meta.dirname, name);

const folder = await mkdtemp(path.join(tmpdir(), 'bench-dhcp-'));
await chmod(folder, 0o777);
const netport = await ensureNetport(path.join(tmpdir(), 'metaldesk-test-netport'), { installed: [] });
const spaces = makeNamespaces(['server', 'load']);
spaces.connect({ namespace: 'server', device: 'e0' }, { namespace: 'load', device: 'e0' });
spaces.ip('server', `addr add ${SERVER}/16 dev e0`);
spaces.ip('load', `addr add ${RELAY}/16 dev e0`);

const dnsmasq = (round: number) => [
	...[
		'dnsmasq',
		'--no-daemon',
		'--user=nobody',
		'--port=0',
		'--interface=e0',
		'--bind-interfaces',
		'--no-ping',
		'--dhcp-authoritative',
	],
	...['--dhcp-range=10.79.1.0,10.79.200.250,255.255.0.0,1h', '--dhcp-lease-max=50000', '--dhcp-boot=bootx64.efi', '--quiet-dhcp'],
	`--dhcp-leasefile=${folder}/leases-${round}`,
];
const servers: [string, (round: number) => readonly string[], string][] = [
	[
		'metaldesk',
		(round) => [process.execPath, here('dhcpServer.ts'), netport, 'e0', SERVER, path.join(folder, `data-${round}`)],
		'serving',
	],
	['dnsmasq', dnsmasq, 'DHCP'],
];

async function load(server: Program, clients: number, inFlight: number) {
	const pid = server.child.pid as number;
	const before = cpuSeconds(pid);
	const { status, output } = await spaces.start('load', [
		process.execPath,
		here('dhcpLoad.ts'),
		netport,
		RELAY,
		SERVER,
		...[clients, inFlight, 1].map(String),
	]).ended;
	if (status !== 0) throw new Error(output);
	const result = JSON.parse(output) as { bound: number; seconds: number; median: number; worst: number; repeated: number };
	return { ...result, rate: result.bound / result.seconds, cpu: ((cpuSeconds(pid) - before) * 1e6) / result.bound };
}

type Result = Awaited<ReturnType<typeof load>>;
const show = (title: string, results: ReadonlyMap<string, readonly Result[]>): void => {
	const of = (name: string, field: keyof Result): number => median((results.get(name) ?? []).map((result) => result[field]));
	printTable(
		`DHCP, ${title}`,
		[...results.keys()].map((server) => ({
			server,
			'DORA/s': of(server, 'rate'),
			'of dnsmasq': of(server, 'rate') / of('dnsmasq', 'rate'),
			'median ms': of(server, 'median'),
			'worst ms': of(server, 'worst'),
			'all after s': of(server, 'seconds'),
			'CPU us each': of(server, 'cpu'),
			repeated: of(server, 'repeated'),
		})),
	);
};

try {
	const results = { new: new Map<string, Result[]>(), known: new Map<string, Result[]>(), rack: new Map<string, Result[]>() };
	for (let round = 0; round < ROUNDS; round++) {
		for (const [name, command, ready] of servers) {
			const server = spaces.start('server', command(round));
			await server.says(ready);
			const keep = (into: Map<string, Result[]>, result: Result) => into.set(name, [...(into.get(name) ?? []), result]);
			keep(results.rack, await load(server, 96, 96));
			keep(results.new, await load(server, CLIENTS, 32));
			keep(results.known, await load(server, CLIENTS, 32));
			server.child.kill();
			await server.ended;
		}
	}
	show('96 machines switched on at once', results.rack);
	show(`${CLIENTS} new machines, 32 at a time`, results.new);
	show(`the same ${CLIENTS} again`, results.known);
} finally {
	await spaces.remove();
	await rm(folder, { recursive: true });
}
