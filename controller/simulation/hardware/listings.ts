import type { Hardware, SimulatedDisk } from './hardware.ts';

/** What the small commissioning scripts print on a simulated machine. */

export function lscpuOf({ processor, sockets }: Hardware): string {
	const { cores, threadsPerCore } = processor;
	const rows: [string, string | number][] = [
		['Architecture:', 'x86_64'],
		['CPU op-mode(s):', '32-bit, 64-bit'],
		['CPU(s):', sockets * cores * threadsPerCore],
		['Vendor ID:', processor.vendor],
		['Model name:', processor.name],
		['Thread(s) per core:', threadsPerCore],
		['Core(s) per socket:', cores],
		['Socket(s):', sockets],
		['CPU max MHz:', processor.turbo],
		['CPU min MHz:', 800],
		['NUMA node(s):', sockets],
	];
	return json({ lscpu: rows.map(([field, data]) => ({ field, data: String(data) })) });
}

export function lsblkOf({ disks }: Hardware): string {
	const blockdevices = disks.map((disk) => ({
		...{
			name: disk.name,
			kname: disk.name,
			type: 'disk',
			size: disk.size,
			model: disk.model,
			serial: disk.serial,
			wwn: disk.wwn,
		},
		...{ rota: disk.rpm > 0, ro: false, rm: false, 'log-sec': 512, 'phy-sec': disk.type === 'nvme' ? 512 : 4096 },
		...{ tran: disk.type === 'scsi' ? 'sas' : disk.type, path: `/dev/${disk.name}` },
	}));
	return json({ blockdevices });
}

export function nvmeOf({ disks }: Hardware): string {
	const nvme = disks.filter((disk) => disk.type === 'nvme');
	return json({
		Devices: nvme.map((disk, at) => ({
			...{ NameSpace: 1, DevicePath: `/dev/${disk.name}`, Firmware: disk.firmware, Index: at, ModelNumber: disk.model },
			...{ SerialNumber: disk.serial, UsedBytes: 0, MaximumLBA: disk.size / 512, PhysicalSize: disk.size, SectorSize: 512 },
		})),
	});
}

export function ethtoolOf({ cards }: Hardware): string {
	const ports = cards.flatMap((card) => card.ports.map((port) => ({ card, port })));
	const texts = ports.map(({ card, port }) => {
		const speed = port.link ? `${card.speed}Mb/s` : 'Unknown!';
		return (
			`Settings for ${port.name}:\n\tSupported link modes:   ${card.mode}\n\tSupported pause frame use: Symmetric\n` +
			`\tSpeed: ${speed}\n\tDuplex: ${port.link ? 'Full' : 'Unknown! (255)'}\n\tLink detected: ${port.link ? 'yes' : 'no'}\n` +
			`driver: ${card.driver}\nfirmware-version: ${card.firmware}\nbus-info: ${card.pciAddress}\n\n`
		);
	});
	return texts.join('');
}

/** The switch at the top of its rack, as tcpdump prints its announcement on each port that has a link. */
export function lldpOf({ cards, place }: Hardware): string {
	const ports = cards.flatMap((card) => card.ports).filter((port) => port.link);
	const texts = ports.map(
		(port, at) =>
			`== ${port.name}\n00:00:00.000000 LLDP, length 214\n` +
			`\tChassis ID TLV (1), length 7\n\t  Subtype MAC address (4): 44:38:39:00:${hex(place.rack)}:01\n` +
			`\tPort ID TLV (2), length 6\n\t  Subtype Interface Name (5): swp${((place.unit - 1) / 2) * 2 + (at % 2) + 1}\n` +
			`\tTime to Live TLV (3), length 2: TTL 120s\n\tSystem Name TLV (5), length 9: ${switchOf(place)}${at < 2 ? 'a' : 'b'}\n`,
	);
	return texts.join('');
}

/** The name of the switch at the top of a rack, without the letter that tells its two apart. */
export const switchOf = ({ rack }: Pick<Hardware['place'], 'rack'>) => `rack${rack}-tor-`;

/** As smartctl-validate does it: a line a disk, and the whole report of one that calls itself failing. */
export function smartctlOf({ disks }: Hardware, failing: SimulatedDisk | null): { stdout: string; exit: number } {
	const lines = disks.map((disk) =>
		disk === failing ? `${disk.name}: FAILING, by its own account:\n${failingReport(disk)}` : `${disk.name}: healthy\n`,
	);
	return failing ? { stdout: `${lines.join('')}Failing disks: ${failing.name}\n`, exit: 1 } : { stdout: lines.join(''), exit: 0 };
}

function failingReport(disk: SimulatedDisk): string {
	const head = `smartctl 7.3 2022-02-28 r5338 [x86_64-linux-6.1.0-18-amd64]\n=== START OF INFORMATION SECTION ===\nDevice Model:     ${disk.model}\nSerial Number:    ${disk.serial}\nFirmware Version: ${disk.firmware}\n`;
	const verdict =
		disk.type === 'scsi'
			? 'SMART Health Status: FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=10]\nElements in grown defect list: 1875\n'
			: 'SMART overall-health self-assessment test result: FAILED!\nDrive failure expected in less than 24 hours. SAVE ALL DATA.\n';
	const why =
		disk.type === 'nvme'
			? '- available spare has fallen below threshold\nAvailable Spare:                    2%\nPercentage Used:                    108%\n'
			: '  5 Reallocated_Sector_Ct   0x0033   001   001   010    Pre-fail  Always   FAILING_NOW 3976\n197 Current_Pending_Sector  0x0022   064   064   000    Old_age   Always       -       1824\n';
	return `${head}=== START OF READ SMART DATA SECTION ===\n${verdict}${why}`;
}

const hex = (value: number) => (value & 0xff).toString(16).padStart(2, '0');
const json = (value: unknown) => `${JSON.stringify(value)}\n`;
