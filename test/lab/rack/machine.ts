/** One QEMU machine: its folder, its disks, and the command line that its BMC starts it with. */
import { copyFile, mkdir, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../command.ts';
import type { Accelerator } from './accelerator.ts';
import { type Firmware, firmwareSetups } from './firmware.ts';
import type { Identity } from './identity.ts';

export interface MachineFolder {
	identity: Identity;
	firmware: Firmware;
	directory: string;
	serialLog: string;
	/** the disk that gets deployed, raw and sparse: the bytes of the file are the bytes of the disk */
	disk: string;
	/** the NVMe disk, which starts with somebody's leftover data */
	nvme: string;
}

/** Big enough that small samples of an erased disk cannot miss it. */
const leftover = Buffer.alloc(64 * 1024, 'data that the last owner left behind. ');
const mebibyte = 1024 * 1024;
const diskSize = 3072 * mebibyte;
/** Below the 512 MiB that MAAS asks of a disk to install on: the system goes to the other one. */
const nvmeSize = 256 * mebibyte;

export interface MachineOptions {
	directory: string;
	identity: Identity;
	firmware: Firmware;
	taps: { boot: string; second: string };
	/** TCP port on the namespace's loopback where the BMC waits for the machine's KCS interface */
	kcsPort: number;
	accelerator: Accelerator;
	/** MiB */
	memory: number;
}

/** Makes the folder with disks, firmware variables and `qemu.sh`, which starts the machine; further arguments are appended. */
export async function createMachine(options: MachineOptions): Promise<MachineFolder> {
	const { directory } = options;
	await mkdir(directory, { recursive: true });
	const folder: MachineFolder = {
		identity: options.identity,
		firmware: options.firmware,
		directory,
		serialLog: join(directory, 'serial.log'),
		disk: join(directory, 'disk.raw'),
		nvme: join(directory, 'nvme.raw'),
	};
	await writeFile(folder.disk, '');
	await truncate(folder.disk, diskSize);
	await writeFile(folder.nvme, '');
	await truncate(folder.nvme, nvmeSize);
	const nvme = await open(folder.nvme, 'r+');
	for (const at of [0, nvmeSize / 2, nvmeSize - leftover.length]) await nvme.write(leftover, 0, leftover.length, at);
	await nvme.close();

	const setup = firmwareSetups[options.firmware];
	const variables = join(directory, 'variables.fd');
	if (setup.variables) await copyFile(setup.variables, variables);
	await writeFile(folder.serialLog, '');
	await run(['mkfifo', join(directory, 'qmp.in'), join(directory, 'qmp.out')]);
	const quoted = qemuCommand(options, folder, setup.arguments(variables)).map((word) => `'${word}'`);
	await writeFile(join(directory, 'qemu.sh'), `exec ${quoted.join(' \\\n\t')} \\\n\t"$@"\n`);
	return folder;
}

function qemuCommand(options: MachineOptions, folder: MachineFolder, firmware: string[]): string[] {
	const { identity, taps, directory } = options;
	// Without svm the guest's kernel does not spend a second on loading kvm.
	const accelerator =
		options.accelerator === 'tcg' ? ['-accel', 'tcg', '-cpu', 'qemu64,-svm'] : ['-accel', 'kvm', '-cpu', 'host'];
	// What the guest discards or zeroes becomes a hole, so six disks fit into a small computer.
	const drive = (id: string, file: string) =>
		`if=none,id=${id},file=${file},format=raw,cache=unsafe,discard=unmap,detect-zeroes=unmap`;
	return [
		...['qemu-system-x86_64', '-name', identity.name, ...accelerator, '-m', String(options.memory), '-smp', '1'],
		...['-nodefaults', '-display', 'none', '-vga', 'none', ...firmware, ...identity.smbios],
		// No bootable device: begin again from the top after 3 s, as a server does.
		...['-boot', 'reboot-timeout=3000', '-pidfile', join(directory, 'qemu.pid')],
		...['-chardev', `pipe,id=qmp,path=${join(directory, 'qmp')}`, '-mon', 'chardev=qmp,mode=control'],
		...['-chardev', `file,id=serial0,path=${folder.serialLog},append=on`, '-serial', 'chardev:serial0'],
		...['-device', 'virtio-rng-pci'],
		...['-netdev', `tap,id=n0,ifname=${taps.boot},script=no,downscript=no`],
		...['-device', `virtio-net-pci,id=net0,netdev=n0,mac=${identity.mac}${firmwareSetups[options.firmware].bootCard}`],
		...['-netdev', `tap,id=n1,ifname=${taps.second},script=no,downscript=no`],
		...['-device', `e1000,id=net1,netdev=n1,mac=${identity.secondMac},romfile=`],
		...['-drive', drive('d0', folder.disk), '-device', `virtio-blk-pci,id=disk0,drive=d0,serial=${identity.serial}-D0`],
		...['-drive', drive('d1', folder.nvme), '-device', `nvme,drive=d1,serial=${identity.serial}-D1`],
		// In-band IPMI: the guest's KCS registers on one side, ipmi_sim's codec for virtual machines on the other.
		...['-chardev', `socket,id=kcs,host=127.0.0.1,port=${options.kcsPort},reconnect=1`],
		...['-device', 'ipmi-bmc-extern,id=bmc0,chardev=kcs', '-device', 'isa-ipmi-kcs,bmc=bmc0'],
	];
}
