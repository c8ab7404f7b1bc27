import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import type { Machine } from '../../../controller/domain/machine.ts';
import { format } from '../../../controller/domain/storage/filesystems.ts';
import {
	type Carrier,
	carrierName,
	carrierOf,
	type Device,
	partitionCarrier,
	type Storage,
} from '../../../controller/domain/storage/storage.ts';
import { usedFor } from '../../../controller/domain/storage/usage.ts';
import {
	changeStorage,
	chooseBootDisk,
	diskToDeploy,
	mountSpecialFilesystem,
	restoreStorage,
	setStorageLayout,
	unmountSpecialFilesystem,
} from '../../../controller/flows/storageLayout.ts';
import { printedBy } from '../../../controller/simulation/hardware/printed.ts';
import type { Node } from '../../../controller/store/nodes.ts';
import type { Store } from '../../../controller/store/store.ts';
import { addDiskMachine, foundDisk, GIB, setStatus } from '../../support/diskMachine.ts';
import { agentServer, makeFlows } from '../../support/makeFlows.ts';
import { makeStore } from '../../support/makeStore.ts';
import { makeHardware } from '../../support/plainHardware.ts';

const of = (store: Store, id: number): Storage => store.storage.of([id]).get(id) as Storage;
const outline = (storage: Storage): string[] =>
	storage.filesystems.map((each) =>
		each.deviceId === null && each.partitionId === null
			? `${each.fstype} at ${each.mountPoint}`
			: lineOf(storage, carrierOf(each)),
	);
const lineOf = (storage: Storage, carrier: Carrier) => `${carrierName(storage, carrier)}: ${usedFor(storage, carrier)}`;

const flatOnSda = [
	'sda-part1: fat32 formatted filesystem mounted at /boot/efi',
	'sda-part2: ext4 formatted filesystem mounted at /',
];

function machineWithDisks(t: TestContext) {
	const { store } = makeStore(t);
	const { id } = addDiskMachine(store, [foundDisk('sda', 20 * GIB), foundDisk('sdb', 10 * GIB)]);
	const node = () => store.nodes.byId(id) as Node;
	return { store, id, node };
}

test('a fresh machine is laid out flat once it is commissioned, and laid out anew by each commissioning', async (t) => {
	const flows = await makeFlows(t);
	const hardware = makeHardware(1);
	await flows.runThrough(hardware);
	const machine = flows.machineOf(hardware);
	assert.deepEqual(outline(of(flows.store, machine.id)), ['nvme0n1-part1: ext4 formatted filesystem mounted at /']);
	assert.equal(diskToDeploy(flows.store, machine.id).name, 'nvme0n1');
	flows.store.config.set('default_storage_layout', 'lvm');
	const again = () => {
		setStatus(flows.store, machine.id, 'commissioning');
		return flows.runThrough(hardware);
	};
	await again();
	assert.deepEqual(outline(of(flows.store, machine.id)), [
		'nvme0n1-part1: LVM volume for vgroot',
		'vgroot-lvroot: ext4 formatted filesystem mounted at /',
	]);
	flows.store.config.set('default_storage_layout', 'bcache');
	await again();
	// both disks have the default: none is a spare SSD
	assert.deepEqual(outline(of(flows.store, machine.id)), ['nvme0n1-part1: ext4 formatted filesystem mounted at /']);
});

test('what an operator has laid out stays, until the disks are others', async (t) => {
	const flows = await makeFlows(t);
	const hardware = makeHardware(1);
	await flows.runThrough(hardware);
	const { id } = flows.machineOf(hardware);
	const commission = (of: typeof hardware) => {
		setStatus(flows.store, id, 'commissioning');
		return flows.runThrough(of);
	};
	await commission(hardware);
	const node = flows.store.nodes.byId(id) as Node;
	assert.equal(node.status, 'ready');
	setStorageLayout(flows.store, node, 'lvm', { vgName: 'mine' });
	const mine = of(flows.store, id);
	await commission(hardware);
	assert.deepEqual(of(flows.store, id), mine);
	const [disk] = hardware.disks;
	await commission({ ...hardware, disks: [{ ...disk, name: 'nvme0n1', serial: 'ANOTHER' } as (typeof hardware.disks)[number]] });
	assert.deepEqual(outline(of(flows.store, id)), ['nvme0n1-part1: ext4 formatted filesystem mounted at /']);
});

test('the default layout follows the chosen boot disk; an operator’s stays where it is', async (t) => {
	const flows = await makeFlows(t);
	const { store } = flows;
	const hardware = makeHardware(1);
	await flows.runThrough(hardware);
	const { id } = flows.machineOf(hardware);
	setStatus(store, id, 'ready');
	const node = store.nodes.byId(id) as Node;
	const choose = (name: string) =>
		chooseBootDisk(store, node, (storage) => storage.devices.find((device) => device.name === name) as Device);
	choose('sda');
	assert.deepEqual(outline(of(store, id)), ['sda-part1: ext4 formatted filesystem mounted at /']);
	assert.equal(diskToDeploy(store, id).name, 'sda');
	setStorageLayout(store, node, 'lvm');
	choose('nvme0n1');
	assert.deepEqual(outline(of(store, id))[0], 'sda-part1: LVM volume for vgroot');
	// a network boot in between changes neither
	setStatus(store, id, 'commissioning');
	await flows.runThrough(hardware);
	const { bootDiskId, devices } = of(store, id);
	assert.equal(devices.find((device) => device.id === bootDiskId)?.name, 'nvme0n1');
	assert.throws(() => diskToDeploy(store, id), /it has the volume group vgroot/);
});

test('a deployment writes to the chosen boot disk, and is refused where the layout would be ignored', async (t) => {
	const flows = await makeFlows(t);
	const { store } = flows;
	const hardware = makeHardware(1);
	await flows.runThrough(hardware);
	const { id } = flows.machineOf(hardware);
	flows.givePower(store.machines.byId(id) as Machine);
	setStatus(store, id, 'ready');
	const ready = () => store.machines.byId(id) as Machine;
	const image = await store.images.import({ name: 'debian', bytes: bootSector() });
	const deploy = async () => flows.actions.deploy(ready(), await flows.admin(), { imageId: image.id, userData: null });
	setStorageLayout(store, store.nodes.byId(id) as Node, 'lvm');
	const before = ready();
	await assert.rejects(
		deploy,
		/^Refusal: The storage layout can’t be deployed: it has the volume group vgroot\. .* set the storage layout flat/,
	);
	assert.deepEqual(ready(), before);
	chooseBootDisk(store, store.nodes.byId(id) as Node, (storage) => storage.devices[1] as Device);
	setStorageLayout(store, store.nodes.byId(id) as Node, 'flat');
	await deploy();
	await flows.perMachine.idle();
	const boot = await flows.bootKernel(hardware.macs[0] as never);
	const [first] = flows.resultsOf(flows.reportAs(boot, hardware));
	const program = flows.jobScripts.text(first as never, ready(), agentServer);
	assert.match(program, /^export DISK='serial:WD0001B'$/m);
});

async function* bootSector() {
	const bytes = Buffer.alloc(1024);
	bytes.writeUInt16LE(0xaa55, 510);
	yield bytes;
}

test('disks that the default layout does not fit on stay empty, and an event says why', async (t) => {
	const flows = await makeFlows(t);
	const hardware = makeHardware(1, { disks: [{ name: 'sda', model: 'M', serial: 'S', size: 2 * GIB }] });
	await flows.runThrough(hardware);
	const { id } = flows.machineOf(hardware);
	assert.deepEqual(outline(of(flows.store, id)), []);
	assert.equal(diskToDeploy(flows.store, id).name, 'sda');
	const warnings = flows.store.events.ofMachine(id).filter((event) => event.level === 'warning' && /left empty/.test(event.text));
	assert.equal(
		warnings[0]?.text,
		"Its disks were left empty. Failed to configure storage layout 'flat': sda has 2139095040 bytes for /; 3221225472 are needed.",
	);
});

test('a layout that a script of the operator’s describes is taken where the configuration or the operator says so', async (t) => {
	const flows = await makeFlows(t);
	const { store } = flows;
	const hardware = makeHardware(1);
	const extra = {
		layout: {
			nvme0n1: { type: 'disk', boot: true, ptable: 'gpt', partitions: [{ name: 'top', size: '100G', fs: 'xfs' }] },
			sda: { type: 'disk', fs: 'ext4' },
		},
		mounts: { '/': { device: 'top' }, '/srv': { device: 'sda' } },
	};
	const custom = ['nvme0n1-part1: xfs formatted filesystem mounted at /', 'sda: ext4 formatted filesystem mounted at /srv'];
	const commission = (described: unknown) => {
		const machine = flows.store.machines.byMac(hardware.macs[0] as never);
		if (machine) setStatus(store, machine.id, 'commissioning');
		const printed = JSON.parse(printedBy('50-maas-01-commissioning', hardware));
		const stdout = JSON.stringify({ ...printed, 'storage-extra': described });
		return flows.runThrough(hardware, { '50-maas-01-commissioning': { stdout } });
	};
	await commission(extra);
	const { id } = flows.machineOf(hardware);
	assert.deepEqual(outline(of(store, id)).length, 1);
	store.config.set('default_storage_layout', 'custom');
	// the agent sends it as text
	for (const described of [extra, JSON.stringify(extra)]) {
		await commission(described);
		assert.deepEqual(outline(of(store, id)), custom);
	}
	for (const [described, text] of [
		['{', /no JSON/],
		[{ layout: { sda: { type: 'tape' } } }, /sda can’t be used/],
		[undefined, /no layout/],
	] as const) {
		await commission(described);
		assert.deepEqual(outline(of(store, id)), []);
		assert.match(store.events.ofMachine(id).find((event) => /left empty/.test(event.text))?.text ?? '', text);
	}
	await commission(extra);
	setStorageLayout(store, store.nodes.byId(id) as Node, 'blank');
	assert.deepEqual(outline(setStorageLayout(store, store.nodes.byId(id) as Node, 'custom')), custom);
});

test('set_storage_layout: by an administrator on a Ready machine, and what is refused changes nothing', (t) => {
	const { store, id, node } = machineWithDisks(t);
	setStorageLayout(store, node(), 'flat');
	assert.deepEqual(outline(of(store, id)), flatOnSda);
	const before = of(store, id);
	for (const [work, text] of [
		[
			() => setStorageLayout(store, node(), 'custom'),
			"Failed to configure storage layout 'custom': The machine’s storage-extra has no layout.",
		],
		[
			() => setStorageLayout(store, node(), 'bcache', { cacheDevice: 1 }),
			'Select a physical disk that holds neither / nor /boot.',
		],
		[
			() => setStorageLayout(store, { ...node(), status: 'allocated' }, 'flat'),
			'Cannot change the storage layout on a machine that is not Ready.',
		],
		[() => restoreStorage(store, { ...node(), status: 'deployed' }), /must be in a ready or failed testing state/],
	] as const) {
		assert.throws(
			work,
			(error: unknown) =>
				error instanceof Refusal && (text instanceof RegExp ? text.test(error.message) : error.message === text),
		);
		assert.deepEqual(of(store, id), before);
	}
	const diskless = addDiskMachine(store, [], { systemId: 'none12' });
	assert.throws(
		() => setStorageLayout(store, store.nodes.byId(diskless.id) as Node, 'flat'),
		/^Refusal: Machine is missing a boot disk; no storage layout can be applied\.$/,
	);
	setStorageLayout(store, node(), 'blank');
	assert.deepEqual(outline(restoreStorage(store, node())), flatOnSda);
});

test('special file systems are mounted and unmounted', (t) => {
	const { store, id, node } = machineWithDisks(t);
	mountSpecialFilesystem(store, node(), { fstype: 'tmpfs', mountPoint: '/tmp', mountOptions: 'size=1G' });
	assert.deepEqual(outline(of(store, id)), ['tmpfs at /tmp']);
	assert.throws(
		() => mountSpecialFilesystem(store, node(), { fstype: 'ramfs', mountPoint: '/tmp/' }),
		/mounted at \/tmp already/,
	);
	assert.throws(() => unmountSpecialFilesystem(store, node(), '/srv'), /No special file system is mounted here/);
	assert.throws(() => unmountSpecialFilesystem(store, { ...node(), status: 'deployed' }, '/tmp'), /not Ready or Allocated/);
	unmountSpecialFilesystem(store, node(), '/tmp/');
	assert.deepEqual(outline(of(store, id)), []);
});

test('who has the machine gets file systems of his own, which go with the release or with the machine being broken', async (t) => {
	const flows = await makeFlows(t);
	const { store } = flows;
	const { id } = addDiskMachine(store, [foundDisk('sda', 20 * GIB)]);
	const node = () => store.nodes.byId(id) as Node;
	const by = await flows.admin();
	setStorageLayout(store, node(), 'flat');
	store.machines.update(id, { inventoryAt: '2026-01-02T03:04:05.000Z' });
	const laidOut = of(store, id);
	for (const [leave, status] of [
		[() => flows.actions.release(store.machines.byId(id) as never, by, 'none'), 'ready'],
		[() => flows.actions.mark(store.machines.byId(id) as never, by, 'mark_broken', null), 'broken'],
	] as const) {
		setStatus(store, id, 'ready');
		flows.actions.allocate(store.machines.byId(id) as never, by);
		const own = of(store, id);
		assert.deepEqual([own.acquired, outline(own)], [true, flatOnSda]);
		const root = partitionCarrier(own.partitions[1]?.id ?? 0);
		changeStorage(store, node(), (storage, fresh) => {
			const unmounted = { ...storage, filesystems: storage.filesystems.map((each) => ({ ...each, mountPoint: null })) };
			return format(unmounted, root, { fstype: 'btrfs' }, fresh);
		});
		assert.equal(outline(of(store, id))[1], 'sda-part2: Unmounted btrfs formatted filesystem');
		assert.throws(() => diskToDeploy(store, id), /the partitions of sda are not those of the layout flat/);
		leave();
		await flows.perMachine.idle();
		assert.equal(store.machines.byId(id)?.status, status);
		assert.deepEqual(of(store, id), laidOut);
	}
});
