import type { Hardware } from './hardware.ts';
import { assetTag, modulesOf } from './lshw.ts';

/** What `dmidecode` prints for this machine: firmware, system, board, chassis, processors and each memory module. */
export function dmidecodeOf(hardware: Hardware): string {
	const { vendor, product, serial, bios, board, processor, place } = hardware;
	const tables: [type: number, name: string, fields: Readonly<Record<string, string | number>>][] = [
		[0, 'BIOS Information', { Vendor: bios.vendor, Version: bios.version, 'Release Date': bios.date, 'ROM Size': '32 MB' }],
		[
			1,
			'System Information',
			{
				...{ Manufacturer: vendor, 'Product Name': product, Version: 'Not Specified', 'Serial Number': serial },
				...{ UUID: hardware.uuid, 'Wake-up Type': 'Power Switch', 'SKU Number': hardware.sku, Family: hardware.family },
			},
		],
		[
			2,
			'Base Board Information',
			{ Manufacturer: vendor, 'Product Name': board.product, Version: 'A01', 'Serial Number': board.serial },
		],
		[
			3,
			'Chassis Information',
			{
				...{ Manufacturer: vendor, Type: 'Rack Mount Chassis', Version: 'Not Specified', 'Serial Number': serial },
				...{ 'Asset Tag': assetTag(place), Height: `${place.height} U`, 'Number Of Power Cords': 2 },
			},
		],
		...Array.from({ length: hardware.sockets }, (_, socket): (typeof tables)[number] => [
			4,
			'Processor Information',
			{
				...{
					'Socket Designation': `CPU${socket + 1}`,
					Type: 'Central Processor',
					Manufacturer: processor.vendor,
					Version: processor.name,
				},
				...{ 'Max Speed': `${processor.turbo} MHz`, 'Current Speed': `${processor.frequency} MHz` },
				...{ 'Core Count': processor.cores, 'Thread Count': processor.cores * processor.threadsPerCore },
			},
		]),
		...modulesOf(hardware).map((size, bank): (typeof tables)[number] => [
			17,
			'Memory Device',
			{
				...{ Size: `${size / 2 ** 30} GB`, 'Form Factor': 'DIMM', Locator: `A${bank + 1}`, Type: 'DDR4', Speed: '3200 MT/s' },
				...{ Manufacturer: 'Samsung', 'Part Number': 'M393A4K40DB3-CWE' },
			},
		]),
	];
	const text = tables.map(([type, name, fields], at) => {
		const lines = Object.entries(fields).map(([field, value]) => `\t${field}: ${value}\n`);
		return `Handle 0x${at.toString(16).toUpperCase().padStart(4, '0')}, DMI type ${type}, 64 bytes\n${name}\n${lines.join('')}\n`;
	});
	return `# dmidecode 3.4\nGetting SMBIOS data from sysfs.\nSMBIOS 3.3.0 present.\n\n${text.join('')}`;
}
