import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readReport } from '../../../controller/domain/agentReport.ts';
import { readDmidecode } from '../../../controller/domain/readDmidecode.ts';
import { parseResources, readInventory } from '../../../controller/domain/readInventory.ts';
import { readLshw } from '../../../controller/domain/readLshw.ts';
import { type Hardware, makeHardware } from '../../../controller/simulation/hardware/hardware.ts';
import { smartctlOf } from '../../../controller/simulation/hardware/listings.ts';
import { printedBy, reportOf } from '../../../controller/simulation/hardware/printed.ts';

/** What the controller's readers make of what the simulated machines print. */
const inventoryOf = (hardware: Hardware) => {
	const resources = parseResources(printedBy('50-maas-01-commissioning', hardware));
	assert.ok('value' in resources);
	return readInventory({
		resources: resources.value,
		dmidecode: printedBy('maas-dmidecode', hardware),
		lshw: printedBy('maas-lshw', hardware),
		nvme: printedBy('maas-nvme', hardware),
	});
};
const some = Array.from({ length: 48 }, (_, at) => makeHardware(at * 83 + 1));

test('what is read is what the machine is made of, without a warning', () => {
	for (const hardware of some) {
		const { inventory, warnings } = inventoryOf(hardware);
		const { processor, sockets } = hardware;
		assert.deepEqual(
			{
				...{
					warnings,
					memory: inventory.memory,
					cpuCount: inventory.cpuCount,
					cpuModel: inventory.cpuModel,
					uuid: inventory.uuid,
				},
				...{
					vendor: inventory.vendor,
					product: inventory.product,
					serial: inventory.serial,
					architecture: inventory.architecture,
				},
				numa: inventory.numaNodes.map((node) => [node.index, node.cores.length, node.memory]),
				ports: inventory.interfaces.map((port) => [port.name, port.mac, port.linkConnected, port.linkSpeed, port.pciAddress]),
				disks: inventory.blockDevices.map((disk) => [disk.name, disk.model, disk.serial, disk.size, disk.rotational]),
				cards: inventory.devices
					?.filter((device) => device.hardwareType === 'network')
					.map((device) => [device.interface, device.productId, device.driver]),
			},
			{
				...{ warnings: [], memory: hardware.memory, cpuCount: sockets * processor.cores * processor.threadsPerCore },
				...{ cpuModel: processor.name, uuid: hardware.uuid, vendor: hardware.vendor, product: hardware.product },
				...{ serial: hardware.serial, architecture: 'amd64' },
				numa: Array.from({ length: sockets }, (_, node) => [
					...[node, processor.cores * processor.threadsPerCore, hardware.memory / sockets],
				]),
				ports: hardware.cards.flatMap((card) =>
					card.ports.map((port) => [port.name, port.mac, port.link, port.link ? card.speed : null, card.pciAddress]),
				),
				disks: hardware.disks.map((disk) => [disk.name, disk.model, disk.serial, disk.size, disk.rpm > 0]),
				cards: hardware.cards.map((card) => [card.ports[0]?.name, card.productId, card.driver]),
			},
		);
		for (const disk of inventory.blockDevices) assert.match(disk.idPath ?? '', /^\/dev\/disk\/by-id\/(nvme-|ata-|wwn-0x5)/);
		const report = readReport(reportOf(hardware, hardware.macs[0] as never));
		assert.equal('problem' in report ? report.problem : report.serial, hardware.serial);
	}
});

test('lshw and dmidecode say the same of system, board, firmware, cards and disks', () => {
	for (const hardware of some) {
		const lshw = readLshw(printedBy('maas-lshw', hardware));
		assert.ok(!('problem' in lshw), JSON.stringify(lshw));
		const { system, bios, board } = readDmidecode(printedBy('maas-dmidecode', hardware));
		assert.deepEqual(
			{
				system: [lshw.system?.vendor, lshw.system?.model, lshw.system?.serial],
				...{ bios: lshw.bios?.version, board: lshw.board?.serial, macs: [...lshw.cards.keys()] },
				disks: [...lshw.disks].map(([name, disk]) => [name, disk.serial, disk.version]),
				dmidecode: [system.Manufacturer, system['Product Name'], system['Serial Number'], system.UUID, bios.Version],
			},
			{
				system: [hardware.vendor, hardware.product, hardware.serial],
				...{ bios: hardware.bios.version, board: hardware.board.serial, macs: hardware.macs },
				disks: hardware.disks.map((disk) => [disk.name, disk.serial, disk.firmware]),
				dmidecode: [hardware.vendor, hardware.product, hardware.serial, hardware.uuid, hardware.bios.version],
			},
		);
		assert.equal(board['Product Name'], hardware.board.product);
	}
});

test('a number is always the same machine, and no two share an address, a serial number or a place', () => {
	const all = Array.from({ length: 4000 }, (_, at) => makeHardware(at + 1));
	assert.deepEqual(makeHardware(77), all[76]);
	const distinct = (values: readonly string[]) => assert.equal(new Set(values).size, values.length);
	distinct(all.flatMap((hardware) => [...hardware.macs, hardware.bmc.mac]));
	distinct(all.map((hardware) => hardware.uuid));
	distinct(all.map((hardware) => hardware.serial));
	distinct(all.flatMap((hardware) => hardware.disks.map((disk) => disk.serial)));
	distinct(all.map(({ place }) => `${place.rack} ${place.unit}`));
});

test('the rack is mixed: vendors, firmware, two to six ports, one to twelve disks, 8 to 768 GiB', () => {
	const all = Array.from({ length: 400 }, (_, at) => makeHardware(at + 1));
	const range = (values: readonly number[]) => [Math.min(...values), Math.max(...values)];
	assert.deepEqual(
		{
			vendors: [...new Set(all.map((hardware) => hardware.vendor))].sort(),
			boots: [...new Set(all.map((hardware) => `${hardware.firmware}${hardware.httpBoot ? ' http' : ''}`))].sort(),
			ports: range(all.map((hardware) => hardware.macs.length)),
			disks: range(all.map((hardware) => hardware.disks.length)),
			memory: range(all.map((hardware) => hardware.memory / 2 ** 30)),
			kinds: [...new Set(all.flatMap((hardware) => hardware.disks.map((disk) => disk.type)))].sort(),
		},
		{
			vendors: ['Dell Inc.', 'HPE', 'Lenovo', 'Supermicro'],
			boots: ['bios', 'uefi', 'uefi http'],
			ports: [2, 6],
			disks: [1, 12],
			memory: [8, 768],
			kinds: ['nvme', 'sata', 'scsi'],
		},
	);
});

test('a failing disk of every kind is named in the last line, and the others are healthy', () => {
	for (const hardware of some)
		for (const disk of hardware.disks) {
			const { stdout, exit } = smartctlOf(hardware, disk);
			assert.deepEqual([exit, stdout.trim().split('\n').at(-1)], [1, `Failing disks: ${disk.name}`]);
			assert.match(stdout, /self-assessment test result: FAILED|SMART Health Status: FAIL/);
			assert.equal(stdout.match(/: healthy$/gm)?.length ?? 0, hardware.disks.length - 1);
		}
});
