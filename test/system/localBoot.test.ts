import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { testBootAssets } from '../support/bootAssets.ts';

const run = promisify(execFile);
const FIRMWARE = '/usr/share/OVMF';

test('a UEFI machine that gets localboot.efi from the network starts the loader on its disk', async (t) => {
	const assets = await testBootAssets();
	const scratch = await mkdtemp(join(tmpdir(), 'metaldesk-local-'));
	t.after(async () => await rm(scratch, { recursive: true, force: true }));
	const disk = await diskWithLoader(scratch, 'THE-DISK-WAS-STARTED');
	await copyFile(`${FIRMWARE}/OVMF_VARS_4M.fd`, join(scratch, 'vars.fd'));
	const qemu = spawn('qemu-system-x86_64', [
		...['-accel', 'tcg', '-machine', 'q35', '-m', '256', '-nographic', '-no-reboot'],
		...['-drive', `if=pflash,format=raw,readonly=on,file=${FIRMWARE}/OVMF_CODE_4M.fd`],
		...['-drive', `if=pflash,format=raw,file=${join(scratch, 'vars.fd')}`],
		...['-drive', `file=${disk},if=none,format=raw,id=disk0`, '-device', 'virtio-blk-pci,drive=disk0,bootindex=2'],
		// QEMU's own small TFTP server; romfile= leaves the network boot to the firmware.
		...['-netdev', `user,id=net0,tftp=${assets},bootfile=localboot.efi`],
		...['-device', 'virtio-net-pci,netdev=net0,romfile=,bootindex=1'],
		...['-fw_cfg', 'name=opt/org.tianocore/IPv6PXESupport,string=no'],
	]);
	const started = performance.now();
	let text = '';
	const shown = new Promise<boolean>((resolve) => {
		qemu.stdout.on('data', (chunk: Buffer) => {
			text += chunk.toString('latin1');
			if (text.includes('THE-DISK-WAS-STARTED')) resolve(true);
		});
		qemu.once('exit', () => resolve(false));
		setTimeout(() => resolve(false), 120_000).unref();
	});
	t.after(() => qemu.kill('SIGKILL'));
	assert.ok(await shown, text.slice(-3000));
	t.diagnostic(`power-on to the disk's loader ${((performance.now() - started) / 1000).toFixed(1)} s`);
	assert.match(text, /Starting \/efi\/boot\/bootx64\.efi from hd0,gpt1/);
});

/** A GPT disk whose EFI system partition has a loader that prints `text`. */
async function diskWithLoader(scratch: string, text: string): Promise<string> {
	const disk = join(scratch, 'disk.raw');
	const loader = join(scratch, 'bootx64.efi');
	await writeFile(join(scratch, 'loader.cfg'), `echo ${text}\nsleep 60\n`);
	const modules = ['echo', 'sleep', 'serial', 'terminal'];
	await run('grub-mkimage', ['-O', 'x86_64-efi', '-p', '/', '-c', join(scratch, 'loader.cfg'), '-o', loader, ...modules]);
	await run('truncate', ['-s', '40M', disk]);
	await run('sgdisk', ['-n', '1:2048:+36M', '-t', '1:ef00', disk]);
	await run('mformat', ['-i', `${disk}@@1M`, '-T', String(36 * 2048), '-h', '64', '-s', '32', '::']);
	await run('mmd', ['-i', `${disk}@@1M`, '::EFI', '::EFI/BOOT']);
	await run('mcopy', ['-i', `${disk}@@1M`, loader, '::EFI/BOOT/BOOTX64.EFI']);
	return disk;
}
