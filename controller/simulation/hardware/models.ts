import type { cards, disks, processors } from './parts.ts';

/** Which machines there are in a simulated rack, and what each may be built of. */
export interface MachineModel {
	readonly vendor: string;
	readonly product: string;
	readonly family: string;
	readonly sku: string;
	/** rack units */
	readonly height: 1 | 2;
	/** letters and digits of its serial number: `A` any letter or digit, `9` any digit, all else itself */
	readonly serial: string;
	readonly oui: string;
	readonly board: string;
	readonly bios: { readonly vendor: string; readonly version: string; readonly date: string };
	readonly boots: 'bios' | 'uefi' | 'uefi-http';
	readonly bmc: { readonly vendor: string; readonly id: number; readonly version: string };
	readonly processors: readonly (keyof typeof processors)[];
	readonly sockets: 1 | 2;
	/** GiB, one of these */
	readonly memory: readonly number[];
	/** on the board first, then what is plugged in; one of these sets */
	readonly cards: readonly (readonly (keyof typeof cards)[])[];
	/** the disk that it boots from first; one of these sets */
	readonly disks: readonly (readonly (readonly [count: number, disk: keyof typeof disks])[])[];
}

const dell = {
	vendor: 'Dell Inc.',
	family: 'PowerEdge',
	serial: 'AAAAAA3',
	oui: 'd0:94:66',
	bmc: { vendor: 'DELL Inc', id: 674, version: '5.10.50' },
} as const;
const hpe = {
	vendor: 'HPE',
	family: 'ProLiant',
	serial: 'CZ29999AAA',
	oui: '94:40:c9',
	bmc: { vendor: 'Hewlett-Packard', id: 11, version: '2.72' },
} as const;
const supermicro = {
	vendor: 'Supermicro',
	family: 'SMC X11',
	serial: 'A399999X1999999',
	oui: '3c:ec:ef',
	bmc: { vendor: 'Supermicro', id: 10876, version: '1.74' },
} as const;
const lenovo = {
	vendor: 'Lenovo',
	family: 'ThinkSystem',
	serial: 'J30AAAAA',
	oui: '08:3a:88',
	bmc: { vendor: 'Lenovo Group Limited', id: 19046, version: '4.11' },
} as const;

export const models: readonly MachineModel[] = [
	{
		...{
			...dell,
			product: 'PowerEdge R650',
			sku: 'SKU=090E;ModelName=PowerEdge R650',
			height: 1,
			board: '0PYXKY',
			boots: 'uefi',
		},
		bios: { vendor: 'Dell Inc.', version: '1.10.2', date: '02/09/2023' },
		...{ processors: ['silver4314', 'gold6338'], sockets: 2, memory: [128, 256, 512] },
		cards: [
			['bcm5720', 'x710'],
			['bcm5720', 'connectx5', 'connectx5'],
		],
		disks: [
			[
				[1, 'boss480'],
				[4, 'nvme1920'],
			],
			[
				[1, 'boss480'],
				[8, 'nvme3840'],
			],
		],
	},
	{
		...{
			...dell,
			product: 'PowerEdge R740xd',
			sku: 'SKU=0715;ModelName=PowerEdge R740xd',
			height: 2,
			board: '0YWR7D',
			boots: 'bios',
		},
		bios: { vendor: 'Dell Inc.', version: '2.19.1', date: '06/04/2023' },
		...{ processors: ['silver4210', 'gold6226'], sockets: 2, memory: [192, 384, 768] },
		cards: [
			['bcm5720', 'connectx4'],
			['bcm5720', 'x710'],
		],
		disks: [
			[
				[2, 'ssd480'],
				[10, 'hdd8t'],
			],
			[
				[1, 'boss480'],
				[8, 'hdd16t'],
				[2, 'nvme3840'],
			],
		],
	},
	{
		...{ ...hpe, product: 'ProLiant DL360 Gen10', sku: '867959-B21', height: 1, board: 'ProLiant DL360 Gen10', boots: 'uefi' },
		bios: { vendor: 'HPE', version: 'U32', date: '08/18/2022' },
		...{ processors: ['silver4210', 'gold6226'], sockets: 2, memory: [64, 128, 256] },
		cards: [['bcm5719'], ['bcm5719', 'bcm57416']],
		disks: [
			[
				[2, 'ssd480'],
				[4, 'sas1200'],
			],
			[
				[1, 'nvme960'],
				[6, 'sas1200'],
			],
		],
	},
	{
		...{
			...hpe,
			product: 'ProLiant MicroServer Gen10 Plus',
			sku: 'P16005-001',
			height: 1,
			board: 'ProLiant MicroServer Gen10 Plus',
			boots: 'uefi-http',
		},
		bios: { vendor: 'HPE', version: 'U48', date: '01/20/2022' },
		...{ processors: ['e2224'], sockets: 1, memory: [8, 16, 32] },
		cards: [['i350']],
		disks: [
			[[1, 'ssd240']],
			[
				[1, 'ssd240'],
				[2, 'hdd4t'],
			],
		],
	},
	{
		...{ ...supermicro, product: 'SYS-1029P-WTRT', sku: '091715D9', height: 1, board: 'X11DDW-NT', boots: 'bios' },
		bios: { vendor: 'American Megatrends Inc.', version: '3.8a', date: '10/20/2022' },
		...{ processors: ['silver4210', 'gold6226'], sockets: 2, memory: [96, 192, 384] },
		cards: [['x550'], ['x550', 'connectx4']],
		disks: [
			[
				[2, 'ssd960'],
				[4, 'ssd3840'],
			],
			[
				[1, 'ssd240'],
				[6, 'ssd960'],
			],
		],
	},
	{
		...{
			...supermicro,
			product: 'AS -1114S-WN10RT',
			family: 'SMC H12',
			sku: '0E1715D9',
			height: 1,
			board: 'H12SSW-NTR',
			boots: 'uefi',
		},
		bios: { vendor: 'American Megatrends Inc.', version: '2.4', date: '12/29/2021' },
		...{ processors: ['epyc7302', 'epyc7543'], sockets: 1, memory: [128, 256, 512] },
		cards: [
			['x550', 'connectx5'],
			['x550', 'e810'],
		],
		disks: [
			[
				[1, 'nvme960'],
				[6, 'nvme7680'],
			],
			[
				[2, 'nvme1920'],
				[2, 'nvme3840'],
			],
		],
	},
	{
		...{ ...supermicro, product: 'SYS-5019C-MR', sku: '095115D9', height: 1, board: 'X11SCM-F', boots: 'bios' },
		bios: { vendor: 'American Megatrends Inc.', version: '1.9', date: '09/21/2022' },
		...{ processors: ['e2224', 'e2288'], sockets: 1, memory: [16, 32, 64, 128] },
		cards: [['i210']],
		disks: [
			[[1, 'nvme960']],
			[[2, 'ssd480']],
			[
				[1, 'ssd240'],
				[2, 'hdd8t'],
			],
		],
	},
	{
		...{
			...lenovo,
			product: 'ThinkSystem SR645 -[7D2XCTO1WW]-',
			sku: '7D2XCTO1WW',
			height: 1,
			board: 'ThinkSystem SR645',
			boots: 'uefi',
		},
		bios: { vendor: 'Lenovo', version: 'D8E124D-2.30', date: '05/12/2023' },
		...{ processors: ['epyc7313', 'epyc7543'], sockets: 2, memory: [128, 256, 512, 768] },
		cards: [
			['i350', 'connectx4'],
			['i350', 'e810', 'connectx5'],
		],
		disks: [
			[
				[2, 'ssd480'],
				[4, 'nvme3840'],
			],
			[
				[2, 'ssd960'],
				[8, 'ssd3840'],
			],
		],
	},
];
