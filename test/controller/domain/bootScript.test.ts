import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ipv4, Mac } from '../../../controller/domain/address.ts';
import { type BootPlan, grubEntry, grubScript, ipxeScript, kernelArguments } from '../../../controller/domain/bootScript.ts';

const plan: BootPlan = {
	purpose: 'commission',
	mac: '52:54:00:4c:00:11' as Mac,
	server: '192.168.77.1' as Ipv4,
	httpPort: 5248,
	token: 'one-boot-token',
	uefi: false,
	kernelOptions: [],
};

test('the kernel learns where the controller is, its token, its card, and its consoles', () => {
	assert.equal(
		kernelArguments(plan),
		'metaldesk.url=http://192.168.77.1:5248/MAAS/metadata/agent/v1 metaldesk.token=one-boot-token BOOTIF=01-52-54-00-4c-00-11 ' +
			'console=tty0 console=ttyS0,115200 panic=30',
	);
});

test('iPXE loads kernel and initramfs over HTTP, and begins again when it can’t', () => {
	assert.deepEqual(ipxeScript(plan).split('\n'), [
		'#!ipxe',
		'echo Metaldesk: commission',
		`kernel http://192.168.77.1:5248/boot/vmlinuz initrd=initrd ${kernelArguments(plan)} || goto failed`,
		'initrd --name initrd http://192.168.77.1:5248/boot/initrd || goto failed',
		'boot || goto failed',
		':failed',
		'echo Metaldesk: the boot files could not be loaded, trying again in 10 s',
		'sleep 10',
		'chain --replace http://192.168.77.1:5248/boot/ipxe/52:54:00:4c:00:11',
		'',
	]);
});

test('the local disk is booted by the BIOS’s drive or by the local boot loader, and no token goes with it', () => {
	const local = { ...plan, purpose: 'local' } as const;
	assert.match(ipxeScript(local), /\nsanboot --no-describe --drive 0x80 \|\| exit\n$/);
	assert.match(ipxeScript({ ...local, uefi: true }), /\nchain http:\/\/192\.168\.77\.1:5248\/boot\/localboot\.efi \|\| exit\n$/);
	assert.match(grubScript(local), /search --no-floppy --set=root --file \/efi\/debian\/shimx64\.efi; then\n {2}chainloader/);
	for (const text of [ipxeScript(local), ipxeScript({ ...local, uefi: true }), grubScript(local)])
		assert.ok(!text.includes(plan.token), text);
});

test('GRUB loads the same over TFTP, by names at the top', () => {
	assert.deepEqual(grubScript(plan).split('\n').slice(0, 4), [
		'echo "Metaldesk: commission"',
		`linux /vmlinuz ${kernelArguments(plan)}`,
		'initrd /initrd',
		'boot',
	]);
	assert.match(grubEntry, /^configfile \/grub\/grub\.cfg-\$net_default_mac$/m);
});

test('what people add to the command line comes last, and reaches the kernel whole through either loader', () => {
	const added = { ...plan, kernelOptions: ['console=ttyS1,9600', 'memmap=4G$16G', 'dyndbg="file drivers/usb/* +p"'] };
	assert.match(
		ipxeScript(added),
		/ panic=30 console=ttyS1,9600 memmap=4G\$16G dyndbg="file drivers\/usb\/\* \+p" \|\| goto failed\n/,
	);
	assert.match(grubScript(added), / panic=30 console=ttyS1,9600 'memmap=4G\$16G' 'dyndbg=file drivers\/usb\/\* \+p'\n/);
});
