import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { type Bmc, createIpmiClient, type IpmiClient } from '../../controller/ipmi-js/client.ts';
import { getChassisStatus } from '../../controller/ipmi-js/commands/chassis.ts';
import { type IpmiSim, startIpmiSim } from '../support/ipmiSim.ts';
import { median, printTable } from './measure.ts';

/** The power state of 64 BMCs at once beside FreeIPMI's parallel engine, in turns within one run. */
const BMCS = 64;
const ROUNDS = Number(process.argv[2] ?? 5);
const PREFIX = '127.9.0.';
const PORT = 6230;
const run = promisify(execFile);

const sims: IpmiSim[] = [];
const login = (sim: IpmiSim, cipherSuite: Bmc['cipherSuite']): Bmc => ({
	...{ host: sim.address, port: sim.port, userName: sim.userName, password: sim.password, cipherSuite: cipherSuite ?? 'auto' },
	workarounds: new Set(['opensesspriv'] as const),
});
const newClient = (): IpmiClient => createIpmiClient({ socket: async () => createSocket('udp4') });

async function askAll(client: IpmiClient, cipherSuite: Bmc['cipherSuite']): Promise<number> {
	const states = await Promise.all(sims.map((sim) => client.run(login(sim, cipherSuite), getChassisStatus)));
	return states.length;
}

/** Opens a session with each BMC, asks, closes it: what ipmipower does. */
async function askOnce(cipherSuite: Bmc['cipherSuite']): Promise<number> {
	const client = newClient();
	const answers = await askAll(client, cipherSuite);
	await client.close();
	return answers;
}

async function ipmipower(): Promise<number> {
	const hosts = Array.from({ length: BMCS }, (_, index) => `${PREFIX}${index + 1}:${PORT}`).join(',');
	const options = ['-D', 'LAN_2_0', '-I', '3', '-W', 'opensesspriv', '-u', 'admin', '-p', 'secret', '-h', hosts, '--stat'];
	const { stdout } = await run('ipmipower', options);
	return stdout.match(/: (on|off)$/gm)?.length ?? 0;
}

/** CPU seconds of this process and of the children that it waited for. */
function cpu(): number {
	const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
	const ticks = fields.slice(13, 15).reduce((sum, each) => sum + Number(each), 0);
	const { user, system } = process.cpuUsage();
	return ticks / 100 + (user + system) / 1e6;
}

try {
	for (let index = 1; index <= BMCS; index++)
		sims.push(await startIpmiSim({ address: `${PREFIX}${index}`, port: PORT, chassisProgram: false }));
	const kept = newClient();
	const ways: [string, () => Promise<number>][] = [
		['ipmipower, one process', ipmipower],
		['metaldesk, sessions opened and closed', () => askOnce(3)],
		['metaldesk, suite found by trying 17, then 3', () => askOnce('auto')],
		['metaldesk, sessions kept (the power check of a running rack)', () => askAll(kept, 3)],
	];
	const measured = new Map(ways.map(([name]) => [name, { seconds: [] as number[], cpu: 0, answers: 0 }]));
	// Once without a clock: the compiler has seen the code, and the kept sessions are open.
	for (const [, ask] of ways) await ask();
	for (let round = 0; round < ROUNDS; round++)
		for (const [name, ask] of ways) {
			const row = measured.get(name);
			if (!row) continue;
			const [begin, cpuBefore] = [performance.now(), cpu()];
			row.answers += await ask();
			row.seconds.push((performance.now() - begin) / 1000);
			row.cpu += cpu() - cpuBefore;
		}
	await kept.close();
	const peer = median(measured.get(ways[0]?.[0] ?? '')?.seconds ?? []);
	const rows = [...measured].map(([name, { seconds, cpu: used, answers }]) => ({
		client: name,
		'all answered after, ms': median(seconds) * 1000,
		'fastest … slowest': `${(Math.min(...seconds) * 1000).toFixed(1)} … ${(Math.max(...seconds) * 1000).toFixed(1)}`,
		'ratio to ipmipower': median(seconds) / peer,
		'CPU ms per BMC': (used * 1000) / answers,
		'answers of all': `${answers} of ${BMCS * ROUNDS}`,
	}));
	printTable(`IPMI: power state of ${BMCS} BMCs (ipmi_sim), median of ${ROUNDS} rounds in turns`, rows);
} finally {
	for (const sim of sims) await sim.stop();
}
