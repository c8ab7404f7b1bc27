import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { zstdCompressSync } from 'node:zlib';
import { type BuiltinScript, builtinScriptBody, builtinScripts } from '../../controller/agent/builtinScripts.ts';
import { withParameters } from '../../controller/domain/script.ts';
import { startAgentMachine } from '../support/agentMachine.ts';
import { type AgentServer, type Job, type JobScript, startAgentServer } from '../support/agentServer.ts';
import { testBootAssets } from '../support/bootAssets.ts';

const run = promisify(execFile);
const TOKEN = 'one-boot-token';
const MIB = 1024 * 1024;
const IMAGE_BYTES = 48 * MIB;
const DISK_BYTES = 160 * MIB;

let assets = '';
let scratch = '';
let images: Server;
let packed: Buffer;
let imageUrl = '';
/** How many more requests for the image break off in the middle. */
let breaks = 0;

before(async () => {
	assets = await testBootAssets();
	scratch = await mkdtemp(join(tmpdir(), 'metaldesk-disks-'));
	packed = zstdCompressSync(await bootableLikeImage());
	images = createServer((_, response) => {
		response.setHeader('Content-Length', packed.length);
		if (breaks-- > 0) response.write(packed.subarray(0, packed.length / 2), () => response.destroy());
		else response.end(packed);
	});
	await new Promise<void>((resolve) => images.listen(0, '127.0.0.1', resolve));
	imageUrl = `http://10.0.2.2:${(images.address() as AddressInfo).port}/image.raw.zst`;
});
after(async () => {
	images.close();
	await rm(scratch, { recursive: true, force: true });
});

describe('deploying', () => {
	it('writes, grows and configures the image after a broken connection, on the disk that is meant', async (t) => {
		await blankDisk('other', 64 * MIB);
		await blankDisk('target', DISK_BYTES);
		breaks = 1;
		const { server, console, seconds } = await play([await deployJob({})], ['other', 'target']);
		t.diagnostic(`power-on to powered off ${seconds.toFixed(1)} s`);
		assert.deepEqual(exits(server), { '10-write-image': 0, '20-grow': 0, '30-cloud-init': 0, '40-boot-order': 0 }, console);
		assert.match(outputOf(server, '10-write-image'), /beginning again[\s\S]*::progress 100 image written and verified/);
		assert.match(outputOf(server, '40-boot-order'), /BIOS: nothing to do/);

		// What the host's own tools read on the disk afterwards.
		const { stdout } = await run('sgdisk', ['-i', '1', join(scratch, 'target.raw')]);
		const [, start = '', size = ''] = /First sector: (\d+)[\s\S]*Partition size: (\d+)/.exec(stdout) ?? [];
		assert.ok(Number(size) * 512 > DISK_BYTES - 4 * MIB, `grown to ${size} sectors`);
		const root = join(scratch, 'root.ext4');
		await run('dd', [`if=${join(scratch, 'target.raw')}`, `of=${root}`, 'bs=512', `skip=${start}`, `count=${size}`]);
		await run('e2fsck', ['-fn', root]);
		const config = await run('debugfs', ['-R', 'cat /etc/cloud/cloud.cfg.d/90_maas.cfg', root]);
		assert.equal(
			config.stdout,
			[
				'datasource_list: [ MAAS ]',
				'datasource:',
				'  MAAS: { metadata_url: "http://192.0.2.1/MAAS/metadata/", consumer_key: "ck", token_key: "tk", token_secret: "it\'s \\"secret\\"" }',
				'reporting:',
				'  maas: { type: webhook, endpoint: "http://192.0.2.1/MAAS/metadata/status/node1", consumer_key: "ck", token_key: "tk", token_secret: "it\'s \\"secret\\"" }',
				'',
			].join('\n'),
		);
		assert.match((await run('debugfs', ['-R', 'stat /etc/cloud/cloud.cfg.d/90_maas.cfg', root])).stdout, /Mode: {2}0600/);
		assert.equal((await run('debugfs', ['-R', 'cat /etc/hostname', root])).stdout, 'node1\n');
		assert.ok(
			(await readFile(join(scratch, 'other.raw'))).every((byte) => byte === 0),
			'the other disk was left alone',
		);
	});

	it('stops at the first step that fails, with the reason: small disk, wrong content, unknown disk', async () => {
		await blankDisk('small', 32 * MIB);
		await blankDisk('target', DISK_BYTES);
		const jobs = [
			await deployJob({ DISK: 'serial:small' }, 'small-'),
			await deployJob({ IMAGE_SHA256: '0'.repeat(64) }, 'content-'),
			await deployJob({ DISK: '/dev/sdz' }, 'disk-'),
		];
		const { server, console } = await play(jobs, ['small', 'target']);
		assert.deepEqual(
			exits(server),
			{ 'small-10-write-image': 1, 'content-10-write-image': 1, 'disk-10-write-image': 1 },
			console,
		);
		assert.match(errorsOf(server, 'small-10-write-image'), /Disk vda has 33554432 bytes, the image needs 50331648/);
		assert.match(
			errorsOf(server, 'content-10-write-image'),
			/The image does not have the expected content: SHA-256 is [0-9a-f]{64}, not 0{64}/,
		);
		assert.match(
			errorsOf(server, 'disk-10-write-image'),
			/no disk \/dev\/sdz. It has: vda \(serial small\); vdb \(serial target\);/,
		);
		const handle = await open(join(scratch, 'target.raw'));
		const { buffer } = await handle.read(Buffer.alloc(MIB), 0, MIB, 0);
		await handle.close();
		assert.ok(
			buffer.every((byte) => byte === 0),
			'an image that was not verified can not boot',
		);
	});
});

describe('erasing', () => {
	it('quick: removes signatures and the ends, and the proof finds what is left at an end', async () => {
		await dirtyDisk('first');
		await dirtyDisk('second');
		const spoil: JobScript = {
			id: 'spoil',
			name: 'spoil',
			timeoutSeconds: 30,
			body: '#!/bin/sh\nprintf x | /usr/bin/dd of=/dev/vdb bs=1 seek=1000000 conv=notrunc,fsync\n',
		};
		const jobs: Job[] = [
			{ id: '1', kind: 'erase', end: 'poweroff', scripts: await eraseScripts('quick', '') },
			{ id: '2', kind: 'erase', end: 'poweroff', scripts: [spoil, ...(await eraseScripts('quick', 'spoiled-')).slice(1)] },
		];
		const { server, console } = await play(jobs, ['first', 'second']);
		assert.deepEqual(exits(server), { 'wipe-disks': 0, '90-verify-erase': 0, spoil: 0, 'spoiled-90-verify-erase': 1 }, console);
		assert.match(outputOf(server, '90-verify-erase'), /vda: zero in the first and last 2097152 bytes and in 0 random pieces/);
		assert.equal(errorsOf(server, 'spoiled-90-verify-erase'), 'vdb: NOT ERASED: there is data at offset 1000000\n');
		const disk = await readFile(join(scratch, 'first.raw'));
		assert.ok(disk.subarray(0, 2 * MIB).every((byte) => byte === 0));
		assert.ok(disk.subarray(-2 * MIB).every((byte) => byte === 0));
		assert.equal(disk[8 * MIB], 0xa5, 'quick leaves the middle');
	});

	it('full: zeroes every byte, on disks that can do it themselves and on those that are written', async (t) => {
		await dirtyDisk('first');
		await dirtyDisk('second');
		const { server, console, seconds } = await play(
			[{ id: '1', kind: 'erase', end: 'poweroff', scripts: await eraseScripts('full', '') }],
			['first'],
			[
				'-drive',
				`file=${join(scratch, 'second.raw')},if=none,format=raw,id=second`,
				...['-device', 'virtio-blk-pci,drive=second,serial=second,discard=off,write-zeroes=off'],
			],
		);
		t.diagnostic(`power-on to powered off ${seconds.toFixed(1)} s`);
		assert.deepEqual(exits(server), { 'wipe-disks': 0, '90-verify-erase': 0 }, console);
		assert.match(outputOf(server, '90-verify-erase'), /vdb: zero in the first and last 2097152 bytes and in 8 random pieces/);
		for (const name of ['first', 'second']) {
			assert.ok(
				(await readFile(join(scratch, `${name}.raw`))).every((byte) => byte === 0),
				`${name} is zero`,
			);
		}
	});
});

async function play(jobs: Job[], disks: string[], extra: string[] = []) {
	const server = await startAgentServer(jobs, { token: TOKEN });
	const drives = disks.flatMap((name) => [
		...['-drive', `file=${join(scratch, `${name}.raw`)},if=none,format=raw,id=${name},discard=unmap,detect-zeroes=off`],
		...['-device', `virtio-blk-pci,drive=${name},serial=${name}`],
	]);
	const machine = startAgentMachine({ assets, port: server.port, token: TOKEN, extra: [...drives, ...extra] });
	const seconds = await machine.ended(240);
	await server.stop();
	assert.equal(server.done, true, machine.console());
	const printed = [...server.delivered].map(([id, { output }]) => `== ${id}\n${output.toString()}`).join('\n');
	return { server, seconds, console: `${machine.console()}\n${printed}` };
}

async function deployJob(changes: Record<string, string>, prefix = ''): Promise<Job> {
	const values: Record<string, string> = {
		IMAGE_URL: imageUrl,
		IMAGE_FORMAT: 'raw.zst',
		IMAGE_SHA256: createHash('sha256').update(packed).digest('hex'),
		IMAGE_SIZE: String(IMAGE_BYTES),
		DISK: 'serial:target',
		METADATA_URL: 'http://192.0.2.1/MAAS/metadata/',
		CONSUMER_KEY: 'ck',
		TOKEN_KEY: 'tk',
		TOKEN_SECRET: 'it\'s "secret"',
		HOSTNAME: 'node1.example.org',
		...changes,
	};
	const scripts = builtinScripts.filter(({ kind }) => kind === 'deployment');
	return {
		id: `${prefix}deploy`,
		kind: 'deploy',
		end: 'poweroff',
		scripts: await Promise.all(scripts.map((script) => jobScript(script, values, prefix))),
	};
}

async function eraseScripts(mode: string, prefix: string): Promise<JobScript[]> {
	const scripts = builtinScripts.filter(({ kind }) => kind === 'release');
	return await Promise.all(scripts.map((script) => jobScript(script, { ERASE_MODE: mode, SAMPLES: '8' }, prefix)));
}

async function jobScript(script: BuiltinScript, values: Record<string, string>, prefix: string): Promise<JobScript> {
	const own = Object.fromEntries(Object.entries(values).filter(([name]) => script.variables.includes(name)));
	const body = withParameters(await builtinScriptBody(script), own);
	return { id: prefix + script.name, name: script.name, timeoutSeconds: script.timeoutSeconds, body };
}

/** A GPT disk with one ext4 partition that looks like an installed system with cloud-init. */
async function bootableLikeImage(): Promise<Buffer> {
	const tree = join(scratch, 'tree');
	await mkdir(join(tree, 'etc/cloud'), { recursive: true });
	await writeFile(join(tree, 'etc/os-release'), 'ID=example\n');
	await writeFile(join(tree, 'ballast'), Buffer.alloc(6 * MIB, 'ballast'));
	const root = join(scratch, 'source.ext4');
	await run('mke2fs', ['-q', '-t', 'ext4', '-d', tree, root, `${(IMAGE_BYTES - 2 * MIB) / 1024}k`]);
	const image = join(scratch, 'source.raw');
	await blankDisk('source', IMAGE_BYTES);
	await run('sgdisk', ['-n', '1:2048:+46079K', '-t', '1:8304', image]);
	await run('dd', [`if=${root}`, `of=${image}`, 'bs=512', 'seek=2048', 'conv=notrunc']);
	return await readFile(image);
}

async function blankDisk(name: string, size: number): Promise<void> {
	await writeFile(join(scratch, `${name}.raw`), '');
	await truncate(join(scratch, `${name}.raw`), size);
}

/** 16 MiB of data with a partition table. */
async function dirtyDisk(name: string): Promise<void> {
	await writeFile(join(scratch, `${name}.raw`), Buffer.alloc(16 * MIB, 0xa5));
	await run('sgdisk', ['--zap-all', '-n', '1:2048:0', join(scratch, `${name}.raw`)]).catch(() => undefined);
}

const exits = (server: AgentServer) => Object.fromEntries([...server.delivered].map(([id, { exit }]) => [id, exit]));
const outputOf = (server: AgentServer, id: string) => server.delivered.get(id)?.output.toString() ?? '';
const errorsOf = (server: AgentServer, id: string) => server.delivered.get(id)?.stderr ?? '';
