import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type BuiltinScript, builtinScriptBody, builtinScripts } from '../../controller/agent/builtinScripts.ts';
import { withCalls, withParameters } from '../../controller/domain/script.ts';
import { type AgentMachine, BOOT_MAC, startAgentMachine } from '../support/agentMachine.ts';
import { type AgentServer, type Job, type JobScript, startAgentServer } from '../support/agentServer.ts';
import { testBootAssets } from '../support/bootAssets.ts';

const run = promisify(execFile);
const TOKEN = 'one-boot-token';
const FIND_DISK = '. /usr/lib/metaldesk/disk.sh; disk=/dev/$(find_disk serial:VD0001) || exit 1';
let assets = '';
let scratch = '';

before(async () => {
	assets = await testBootAssets();
	scratch = await mkdtemp(join(tmpdir(), 'metaldesk-agent-'));
});
after(async () => await rm(scratch, { recursive: true, force: true }));

describe('a machine that is commissioned', () => {
	let server: AgentServer;
	let machine: AgentMachine;

	it('reports itself and delivers every builtin script within 512 MB of memory', async (t) => {
		await run('qemu-img', ['create', '-q', join(scratch, 'virtio.raw'), '64M']);
		await run('qemu-img', ['create', '-q', join(scratch, 'nvme.raw'), '96M']);
		// memtester takes hours in software emulation, and there is no internet to reach
		const wanted = builtinScripts.filter(
			({ kind, name }) =>
				kind === 'commissioning' || (kind === 'testing' && !['memtester', 'internet-connectivity'].includes(name)),
		);
		const scripts = await Promise.all(wanted.map((script) => jobScript(script)));
		server = await startAgentServer([{ id: '7', kind: 'commission', scripts, end: 'poweroff' }], { token: TOKEN });
		machine = startAgentMachine({
			assets,
			port: server.port,
			token: TOKEN,
			extra: [
				...disk('virtio', 'virtio-blk-pci,serial=VD0001'),
				...disk('nvme', 'nvme,serial=NV0001'),
				...['-smp', '2,sockets=1,cores=2', '-uuid', '01234567-89ab-cdef-0123-456789abcdef'],
				...['-smbios', 'type=1,manufacturer=Example "Metal",product=Server\\9,serial=SN-42'],
			],
		});
		const seconds = await machine.ended(180);
		await server.stop();
		t.diagnostic(
			`report ${String(server.report?.kernel_seconds)} s after the kernel's start; power-on to powered off ${seconds.toFixed(1)} s`,
		);
		for (const [id, { seconds: took }] of server.delivered) t.diagnostic(`  ${id}: ${took} s`);
		assert.equal(server.done, true, machine.console());
		assert.deepEqual(
			scripts.map(({ id }) => [id, server.delivered.get(id)?.exit]),
			scripts.map(({ id }) => [id, 0]),
		);
		const { memory, kernel_seconds, ...facts } = server.report ?? {};
		assert.ok(Number(memory) > 400e6 && Number(memory) < 512 * 1024 * 1024, `memory ${String(memory)}`);
		assert.ok(Number(kernel_seconds) > 0);
		assert.deepEqual(facts, {
			architecture: 'amd64',
			macs: [BOOT_MAC],
			boot_mac: BOOT_MAC,
			uuid: '01234567-89ab-cdef-0123-456789abcdef',
			serial: 'SN-42',
			vendor: 'Example "Metal"',
			product: 'Server\\9',
			firmware: 'bios',
			secure_boot: false,
		});
	});

	it('describes its hardware in the shape of MAAS', () => {
		const text = server.delivered.get('50-maas-01-commissioning')?.stdout ?? '';
		const { resources, networks, environment } = JSON.parse(text) as Inventory;
		assert.equal(environment.kernel_architecture, 'x86_64');
		assert.equal(resources.cpu.total, 2);
		assert.deepEqual(
			resources.cpu.sockets.map(({ cores }) => cores.map(({ threads }) => threads.map(({ id }) => id))),
			[[[0], [1]]],
		);
		assert.equal(resources.memory.total, 512 * 1024 * 1024);
		assert.deepEqual(
			resources.network.cards.map(({ driver, ports }) => [
				driver,
				ports.map(({ id, address, link_detected }) => [id, address, link_detected]),
			]),
			[['virtio_net', [['eth0', BOOT_MAC, true]]]],
		);
		assert.deepEqual(
			resources.storage.disks.map(({ id, serial, size, type, block_size, device_id }) => ({
				id,
				serial,
				size,
				type,
				block_size,
				device_id,
			})),
			[
				{
					id: 'nvme0n1',
					serial: 'NV0001',
					size: 96 * 1024 * 1024,
					type: 'nvme',
					block_size: 512,
					device_id: 'nvme-QEMU_NVMe_Ctrl_NV0001',
				},
				{ id: 'vda', serial: 'VD0001', size: 64 * 1024 * 1024, type: 'virtio', block_size: 512, device_id: 'virtio-VD0001' },
			],
		);
		assert.deepEqual(
			[resources.system.vendor, resources.system.product, resources.system.serial, resources.system.type],
			['Example "Metal"', 'Server\\9', 'SN-42', 'virtual-machine'],
		);
		assert.ok(networks.eth0?.addresses.some(({ address }) => address === '10.0.2.15'));
	});

	it('prints lshw as XML, lscpu and lsblk as JSON, and no token', () => {
		assert.match(stdoutOf(server, 'maas-lshw'), /^<\?xml[\s\S]*<\/node>\s*$/);
		assert.ok(JSON.parse(stdoutOf(server, 'maas-lscpu')));
		assert.ok(JSON.parse(stdoutOf(server, 'maas-lsblk')));
		assert.match(stdoutOf(server, 'maas-dmidecode'), /SN-42/);
		assert.match(stdoutOf(server, 'maas-nvme'), /NV0001/);
		assert.match(stdoutOf(server, '30-maas-01-bmc-config'), /No BMC found/);
		for (const [name, { stdout }] of server.delivered) assert.ok(!stdout.includes(TOKEN), `${name} shows the token`);
	});
});

describe('a machine with unkind scripts', () => {
	it('streams, ends what hangs, survives a full disk and a restarted controller, and goes on with the next job', async (t) => {
		const job: Job = {
			id: '8',
			kind: 'commission',
			end: 'reboot',
			scripts: [
				shell('stream', 60, 'for n in 1 2 3 4 5; do echo line $n; sleep 1; done; echo grief >&2; printf "a\\0b" >$RESULT_PATH'),
				shell('hang', 4, 'echo before; setsid sh -c "trap : TERM; sleep 1000" & sleep 1000'),
				shell('fill-room', 60, 'dd if=/dev/zero of=filler bs=1M; echo "status $?"'),
				shell(
					'fill-root',
					60,
					'dd if=/dev/zero of=/filler bs=1M; dd if=/dev/zero of=/tmp/filler bs=1M; echo full; rm /filler /tmp/filler',
				),
				shell('flood', 60, 'head -c 9000000 /dev/zero | tr "\\0" x; echo; echo end'),
				shell('eat', 60, '/usr/bin/dd if=/dev/zero of=/dev/null bs=400M count=1; status=$?; echo "status $status"; exit $status'),
				shell('restart', 60, 'echo one; sleep 6; echo two'),
			],
		};
		const next: Job = {
			id: '9',
			kind: 'test',
			end: 'poweroff',
			scripts: [shell('after', 30, 'echo same boot; cat /proc/uptime')],
		};
		const server = await startAgentServer([job, next], { token: TOKEN });
		let downFor = 0;
		server.onRequest = async (line) => {
			if (line !== 'POST output/restart' || downFor > 0) return;
			downFor = 8;
			await server.stop();
			setTimeout(() => void server.start(), downFor * 1000);
		};
		const machine = startAgentMachine({ assets, port: server.port, token: TOKEN });
		const seconds = await machine.ended(240);
		await server.stop();
		t.diagnostic(`power-on to powered off ${seconds.toFixed(1)} s`);
		for (const [id, { seconds: took }] of server.delivered) t.diagnostic(`  ${id}: ${took} s`);
		assert.equal(server.done, true, machine.console());

		const of = (id: string) => server.delivered.get(id);
		assert.deepEqual(
			{ ...of('stream'), offsets: null, seconds: null, output: of('stream')?.output.toString() },
			{
				started: true,
				output: 'line 1\nline 2\nline 3\nline 4\nline 5\ngrief\n',
				offsets: null,
				stdout: 'line 1\nline 2\nline 3\nline 4\nline 5\n',
				stderr: 'grief\n',
				result: 'a\0b',
				exit: 0,
				seconds: null,
				timedOut: false,
			},
		);
		assert.ok((of('stream')?.offsets.length ?? 0) >= 3, 'output comes while the script runs');
		assert.deepEqual([of('hang')?.exit, of('hang')?.timedOut, of('hang')?.stdout], [124, true, 'before\n']);
		assert.ok((of('hang')?.seconds ?? 99) < 8, `ended after ${of('hang')?.seconds} s`);
		assert.match(of('fill-room')?.output.toString() ?? '', /No space left[\s\S]*status 1/);
		assert.match(of('fill-root')?.stdout ?? '', /full/);
		assert.equal(of('flood')?.exit, 0);
		assert.equal(
			of('flood')
				?.output.toString()
				.slice(4 * 1024 * 1024),
			'\n[the output was cut: 4 MiB are kept]\n',
		);
		assert.notEqual(of('eat')?.exit, 0);
		assert.equal(downFor, 8);
		assert.deepEqual([of('restart')?.exit, of('restart')?.output.toString()], [0, 'one\ntwo\n']);
		assert.match(of('after')?.stdout ?? '', /same boot/);
	});

	it('says why and powers off when the controller does not know its token', async () => {
		const server = await startAgentServer([], { token: TOKEN, refuse: 409 });
		const machine = startAgentMachine({ assets, port: server.port, token: TOKEN });
		await machine.ended(120);
		await server.stop();
		assert.match(machine.console(), /the controller refused \(409\): this boot is not known/);
		assert.deepEqual(server.requests, ['POST report']);
	});
});

async function jobScript(script: BuiltinScript, values: Record<string, string> = {}): Promise<JobScript> {
	const program = withParameters(await builtinScriptBody(script), values);
	// a test of one disk, as flows/scriptRuns.ts calls it
	const forDisk = script.kind === 'testing' && script.hardwareType === 'storage';
	const body = forDisk ? withCalls(program, [{ before: [FIND_DISK], words: ['--storage="$disk"'] }]) : program;
	return { id: script.name, name: script.name, timeoutSeconds: script.timeoutSeconds, body };
}

function shell(name: string, timeoutSeconds: number, body: string): JobScript {
	return { id: name, name, timeoutSeconds, body: `#!/bin/sh\n${body}\n` };
}

function disk(name: string, device: string): string[] {
	return ['-drive', `file=${join(scratch, `${name}.raw`)},if=none,format=raw,id=${name}`, '-device', `${device},drive=${name}`];
}

const stdoutOf = (server: AgentServer, id: string) => server.delivered.get(id)?.stdout ?? '';

interface Inventory {
	environment: { kernel_architecture: string };
	resources: {
		cpu: { total: number; sockets: { cores: { threads: { id: number }[] }[] }[] };
		memory: { total: number };
		network: { cards: { driver: string; ports: { id: string; address: string; link_detected: boolean }[] }[] };
		storage: { disks: { id: string; serial: string; size: number; type: string; block_size: number; device_id: string }[] };
		system: { vendor: string; product: string; serial: string; type: string };
	};
	networks: Record<string, { addresses: { address: string }[] }>;
}
