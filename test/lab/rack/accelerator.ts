/** Software emulation, or the processor's own virtualisation where it really works. */
import { constants } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt } from '../command.ts';

export type Accelerator = 'kvm' | 'tcg';

/** SeaBIOS takes 0.1 s to this boot sector under emulation. */
const patience = 2000;
/** What `isa-debug-exit` makes of the 0x10 that the boot sector writes to it. */
const exitStatus = 0x10 * 2 + 1;

/** Boots a boot sector with KVM first: some hosts show /dev/kvm and then hang on its first use. `kvm` only if it ran in time. */
export async function chooseAccelerator(): Promise<Accelerator> {
	const usable = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
		() => true,
		() => false,
	);
	if (!usable) return 'tcg';
	const folder = await mkdtemp(join(tmpdir(), 'metaldesk-kvm-'));
	try {
		const disk = join(folder, 'boot.img');
		await writeFile(disk, bootSector());
		const machine = ['qemu-system-x86_64', '-accel', 'kvm', '-machine', 'pc', '-m', '64', '-nodefaults', '-display', 'none'];
		const devices = ['-device', 'isa-debug-exit,iobase=0xf4,iosize=1', '-drive', `file=${disk},format=raw`];
		const { status } = await attempt([...machine, ...devices], { timeoutMs: patience });
		return status === exitStatus ? 'kvm' : 'tcg';
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** mov al, 0x10 · out 0xf4, al · hlt · jmp back to hlt */
function bootSector(): Buffer {
	const sector = Buffer.alloc(512);
	sector.set([0xb0, 0x10, 0xe6, 0xf4, 0xf4, 0xeb, 0xfd]);
	sector.set([0x55, 0xaa], 510);
	return sector;
}
