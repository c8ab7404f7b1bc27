import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ipv4, Mac } from '../../../controller/domain/address.ts';
import type { Firmware } from '../../../controller/domain/bootRequest.ts';
import { type LifecycleEvent, lifecycle, type Status, statuses } from '../../../controller/domain/lifecycle.ts';
import { purposeOf } from '../../../controller/flows/pxeBoot.ts';
import { bios, ipxe, kernel, makeFlows, served, uefi, uefiHttp } from '../../support/makeFlows.ts';
import { addMachine, mac } from '../../support/makeStore.ts';
import { makeHardware } from '../../support/plainHardware.ts';

test('an unknown machine: firmware, iPXE, script, kernel, each one event', async (t) => {
	const { store, clock, lease, pxe } = await makeFlows(t);
	const address = await lease(mac(1), bios);
	clock.pass(900);
	pxe.fetched(address, 'undionly.kpxe');
	clock.pass(100);
	await lease(mac(1), ipxe);
	const script = pxe.ipxeScriptFor(mac(1), served.server);
	clock.pass(4000);
	pxe.fetched(address, 'boot/initrd');
	clock.pass(6000);
	await lease(mac(1), kernel);

	const boot = store.boots.running(mac(1));
	assert.deepEqual([boot?.purpose, boot?.nodeId, boot?.stage], ['enlist', null, 'boot']);
	assert.match(script, /^#!ipxe\necho Metaldesk: enlist\nkernel http:\/\/192\.168\.77\.1:5248\/boot\/vmlinuz /);
	assert.deepEqual(
		store.events.ofBoots([boot?.id ?? 0]).map(({ stage, text, ms }) => `${stage}: ${text} (${ms})`),
		[
			'dhcp: Got the address 192.168.77.100 (0)',
			'loader: Took undionly.kpxe (900)',
			'dhcp: Got the address 192.168.77.100 (100)',
			'script: Read its boot script: introduce itself (100)',
			'kernel: Loaded the kernel and its initramfs (4000)',
			'boot: The kernel runs and got the address 192.168.77.100 (6000)',
		],
	);
});

test('each firmware is told the loader that it can run, and iPXE its script, never a loader again', async (t) => {
	const { ask, store } = await makeFlows(t);
	const arm: Firmware = { arch: 11, name: 'uefi-arm64', ipxe: false, pxe: true, http: false };
	const fileFor = async (firmware: Firmware) => {
		const answer = await ask('discover', mac(1), firmware);
		return answer !== 'silence' && answer.kind === 'offer' ? (answer.boot?.file ?? null) : answer;
	};
	const script = 'http://192.168.77.1:5248/boot/ipxe/52:54:00:4c:00:01';
	const table = async () => [
		await fileFor(bios),
		await fileFor(uefi),
		await fileFor(uefiHttp),
		await fileFor(arm),
		await fileFor(kernel),
		await fileFor(ipxe),
		await fileFor({ ...uefi, ipxe: true }),
	];
	const http = 'http://192.168.77.1:5248/boot/ipxe.efi';
	assert.deepEqual(await table(), ['undionly.kpxe', 'bootx64.efi', http, null, null, script, script]);
	store.settings.set({ uefiLoader: 'ipxe' });
	assert.deepEqual(await table(), ['undionly.kpxe', 'ipxe.efi', http, null, null, script, script]);
});

test('iPXE is not offered where Secure Boot would refuse it, nor to a machine that starts from its disk', async (t) => {
	const { ask, store, advance } = await makeFlows(t);
	const machine = addMachine(store, 1);
	store.settings.set({ uefiLoader: 'ipxe' });
	const file = async () => {
		const answer = await ask('discover', mac(1), uefi);
		return answer !== 'silence' && answer.kind === 'offer' ? answer.boot?.file : answer;
	};
	assert.equal(await file(), 'ipxe.efi');
	store.machines.update(machine.id, { secureBoot: true });
	assert.equal(await file(), 'bootx64.efi');
	store.machines.update(machine.id, { secureBoot: false });
	for (const event of ['commission', 'commissioned', 'allocate', 'deploy', 'deployed'] as LifecycleEvent[])
		advance(machine.id, event);
	assert.equal(await file(), 'bootx64.efi');
});

test('a known machine gets its name; all get the mask and no router', async (t) => {
	const { ask, store } = await makeFlows(t);
	addMachine(store, 1);
	const answer = await ask('discover', mac(1), kernel);
	assert.deepEqual(answer, {
		kind: 'offer',
		address: '192.168.77.100',
		leaseSeconds: 600,
		subnetMask: '255.255.255.0',
		domain: 'maas',
		hostname: 'node-1',
	});
});

test('a machine is told its own domain, and all others the default one', async (t) => {
	const { ask, store } = await makeFlows(t);
	const lab = store.domains.create({ name: 'lab.example.org' });
	store.machines.update(addMachine(store, 1).id, { domainId: lab.id });
	const domainFor = async (number: number) => {
		const answer = await ask('discover', mac(number), kernel);
		return answer !== 'silence' && answer.kind === 'offer' ? answer.domain : answer;
	};
	assert.deepEqual([await domainFor(1), await domainFor(2)], ['lab.example.org', 'maas']);
	store.domains.setDefault(lab.id);
	assert.equal(await domainFor(2), 'lab.example.org');
});

test('kernel options: those of the rack, then those of the machine’s tags by their names', async (t) => {
	const { store, lease, pxe } = await makeFlows(t);
	const { id } = addMachine(store, 1);
	store.config.set('kernel_opts', 'console=ttyS1,9600');
	for (const [name, kernelOpts] of [
		['serial', 'console=ttyS2'],
		['plain', ''],
		['numa', 'numa_balancing=disable memmap=4G$16G'],
		['strange', 'a\n || reboot'],
	] as const)
		store.tags.add(store.tags.create({ name, kernelOpts }).id, [id]);
	store.tags.create({ name: 'other', kernelOpts: 'never=1' });
	const optionsFor = async (number: number) => {
		await lease(mac(number), ipxe);
		return / panic=30(.*) \|\| goto failed$/m.exec(pxe.ipxeScriptFor(mac(number), served.server))?.[1];
	};
	assert.equal(await optionsFor(1), ' console=ttyS1,9600 numa_balancing=disable memmap=4G$16G console=ttyS2');
	assert.equal(await optionsFor(2), ' console=ttyS1,9600');
	assert.match(pxe.grubConfig(`grub/grub.cfg-${mac(1)}`, served.server) ?? '', / 'memmap=4G\$16G' console=ttyS2\ninitrd/);
});

test('what is not for us is not answered, and a wrong address is refused in words', async (t) => {
	const { ask, store } = await makeFlows(t);
	const ip = (text: string) => text as Ipv4;
	assert.equal(await ask('select', mac(1), bios, { requestedIp: ip('192.168.77.100'), serverId: ip('192.168.77.2') }), 'silence');
	assert.equal(await ask('select', mac(1), bios), 'silence');
	assert.deepEqual(await ask('init-reboot', mac(1), bios, { requestedIp: ip('10.0.0.9') }), {
		kind: 'nak',
		message: '10.0.0.9 is not on this network',
	});
	assert.equal(await ask('decline', mac(1), bios), 'silence');
	assert.deepEqual(store.leases.onInterface('br0'), []);
	assert.deepEqual(await ask('inform', mac(1), bios), { kind: 'inform-ack', subnetMask: '255.255.255.0', domain: 'maas' });
});

test('a pool that is used up is said once a request, with what to do', async (t) => {
	const { ask, store } = await makeFlows(t);
	const { id } = addMachine(store, 250);
	for (let number = 0; number < 100; number++) await ask('discover', mac(number), bios);
	assert.equal(await ask('discover', mac(250), bios), 'silence');
	const [event] = store.events.ofMachine(id);
	assert.deepEqual(
		[event?.level, event?.text, event?.cause, event?.nextStep],
		[
			'error',
			'No address is left on br0 for 52:54:00:4c:00:fa.',
			'All addresses from 192.168.77.100 to 192.168.77.199 are leased.',
			'Make the pool larger on the network page.',
		],
	);
});

test('GRUB reads its entry first, then the script of its card, and nothing else', async (t) => {
	const { pxe } = await makeFlows(t);
	assert.match(pxe.grubConfig('grub/grub.cfg', served.server) ?? '', /configfile \/grub\/grub\.cfg-\$net_default_mac/);
	assert.match(
		pxe.grubConfig('grub/grub.cfg-52:54:00:4C:00:01', served.server) ?? '',
		/^echo "Metaldesk: enlist"\nlinux \/vmlinuz /,
	);
	for (const name of ['grub/grub.cfg-52:54:00:4c:00', 'grub/x86_64-efi/http.mod', 'grub/../secret.key', 'grub/grub.cfg-'])
		assert.equal(pxe.grubConfig(name, served.server), null, name);
});

test('a file that says nothing about the boot, or a client without a lease, leaves no trace', async (t) => {
	const { pxe, lease, store } = await makeFlows(t);
	const address = await lease(mac(1), bios);
	pxe.fetched(address, 'images/1/abc');
	pxe.fetched(address, 'vmlinuz');
	pxe.fetched('192.168.77.199' as Ipv4, 'initrd');
	assert.deepEqual(
		store.events.ofBoots([store.boots.running(mac(1))?.id ?? 0]).map(({ stage }) => stage),
		['dhcp'],
	);
});

test('a transfer that is over late begins no boot, which would then never come to anything', async (t) => {
	const { pxe, lease, store, runThrough } = await makeFlows(t);
	const hardware = makeHardware(1);
	const { boot } = await runThrough(hardware);
	const address = await lease(hardware.macs[0] as Mac, kernel);
	pxe.fetched(address, 'undionly.kpxe');
	pxe.fetched(address, 'boot/initrd');
	assert.equal(store.boots.running(hardware.macs[0] as Mac), undefined);
	assert.equal(store.boots.latest(boot.nodeId ?? 0, 9).length, 1);
});

test('what a machine boots follows from its status; a deploying one starts from its disk once that is written', async (t) => {
	const { store } = await makeFlows(t);
	const machine = addMachine(store, 1);
	assert.equal(purposeOf(undefined), 'enlist');
	for (const status of statuses) assert.equal(purposeOf({ ...machine, status }), lifecycle[status].boot, status);
	const deploying: Status = 'deploying';
	assert.deepEqual(
		[purposeOf({ ...machine, status: deploying, netboot: true }), purposeOf({ ...machine, status: deploying, netboot: false })],
		['deploy', 'local'],
	);
});

test('a deployed machine’s network boot is handed to its disk and ends well', async (t) => {
	const { store, advance, lease, pxe } = await makeFlows(t);
	const { id } = addMachine(store, 1);
	for (const event of ['commission', 'commissioned', 'allocate', 'deploy', 'deployed'] as LifecycleEvent[]) advance(id, event);
	await lease(mac(1), ipxe);
	assert.match(pxe.ipxeScriptFor(mac(1), served.server), /sanboot --no-describe --drive 0x80/);
	const [boot] = store.boots.latest(id, 1);
	assert.deepEqual([boot?.purpose, boot?.state], ['local', 'done']);
});

test('a written disk that never starts: the third return to the network ends the deployment with a reason', async (t) => {
	const { advance, clock, lease, pxe, store } = await makeFlows(t);
	const { id } = addMachine(store);
	for (const event of ['commission', 'commissioned', 'allocate', 'deploy'] as LifecycleEvent[]) advance(id, event);
	store.machines.update(id, { netboot: false });
	const statusAfterBoot = async () => {
		clock.pass(30_000);
		await lease(mac(1), ipxe);
		assert.match(pxe.ipxeScriptFor(mac(1), served.server), /sanboot/);
		return store.machines.byId(id)?.status;
	};
	assert.equal(await statusAfterBoot(), 'deploying');
	assert.equal(await statusAfterBoot(), 'deploying');
	assert.equal(await statusAfterBoot(), 'failed_deployment');
	assert.equal(
		store.machines.byId(id)?.statusText,
		'It was handed to its local disk 3 times, and no installed system has reported.',
	);
});

test('a device starts from its own disk, and becomes no machine', async (t) => {
	const { pxe, store } = await makeFlows(t);
	const device = store.nodes.insert({ kind: 'device', systemId: 'dev001', hostname: 'switch', at: '2026-01-02T03:04:05.000Z' });
	store.network.interfaces.insert({ nodeId: device.id, type: 'physical', name: 'eth0', mac: mac(9) });
	assert.match(pxe.ipxeScriptFor(mac(9), served.server), /sanboot/);
	assert.deepEqual(store.machines.all(), []);
});
