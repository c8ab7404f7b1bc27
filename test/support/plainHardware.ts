import type { Mac } from '../../controller/domain/address.ts';
import type { Hardware, SimulatedDisk } from '../../controller/simulation/hardware/hardware.ts';

/** What a test may say about a machine; the rest is the same for all of them but for addresses and serial numbers. */
export interface PlainHardware {
	readonly macs: readonly Mac[];
	readonly uuid: string;
	readonly serial: string;
	readonly vendor: string;
	readonly product: string;
	readonly cpuModel: string;
	readonly disks: readonly PlainDisk[];
}
export interface PlainDisk extends Pick<SimulatedDisk, 'name' | 'model' | 'serial' | 'size'> {
	readonly rotational?: boolean;
}

/** The machine with this number (1 to 65,535), small enough that a test can name all it has. */
export function makeHardware(number: number, change: Partial<PlainHardware> = {}): Hardware {
	const hex = number.toString(16).padStart(4, '0');
	const macOf = (card: number) => `52:54:00:${(card + 16).toString(16)}:${hex.slice(0, 2)}:${hex.slice(2)}` as Mac;
	const { cpuModel = 'Example CPU E-2288 @ 3.70GHz', disks = disksOf(hex), ...said } = change;
	const serial = change.serial ?? `SIM${String(number).padStart(5, '0')}`;
	const plain = {
		macs: [macOf(0), macOf(1)],
		uuid: `4c4c4544-0042-4810-8051-c4c04f33${hex}`,
		...{ serial, vendor: 'Example Systems', product: 'Pizza 1U', family: 'Pizza', sku: '' },
		...said,
	};
	return {
		...plain,
		board: { product: 'Board 7', serial: `B-${serial}` },
		bios: { vendor: 'Example BIOS', version: '2.7.1', date: '05/06/2025' },
		bmc: { vendor: 'Example', id: 57, version: '1.00', mac: macOf(9) },
		firmware: number % 2 === 0 ? 'uefi' : 'bios',
		httpBoot: false,
		processor: { name: cpuModel, vendor: 'GenuineIntel', cores: 8, threadsPerCore: 1, frequency: 3700, turbo: 5000 },
		sockets: 1,
		memory: 2 ** 35,
		cards: [
			{
				...{ vendor: 'Intel Corporation', vendorId: '8086', product: 'I350 Gigabit Network Connection', productId: '1521' },
				...{ driver: 'igb', firmware: '1.63, 0x800009fa', speed: 1000, mode: '1000baseT/Full' },
				...{ pciAddress: '0000:01:00.0', numaNode: 0 },
				ports: plain.macs.map((mac, port) => ({ name: `eno${port + 1}`, mac, link: port === 0 })),
			},
		],
		disks: disks.map(({ rotational, ...disk }) => ({
			...{ type: disk.name.startsWith('nvme') ? 'nvme' : 'sata', rpm: rotational ? 7200 : 0, firmware: 'FW01', wwn: '' },
			...disk,
		})),
		place: { row: 0, rack: 1, unit: number, height: 1 },
	};
}

const disksOf = (hex: string): PlainDisk[] => [
	{ name: 'nvme0n1', model: 'Example NVMe 960', serial: `NV${hex}A`, size: 960_197_124_096, rotational: false },
	{ name: 'sda', model: 'Example Disk 4000', serial: `WD${hex}B`, size: 4_000_787_030_016, rotational: true },
];
