/** Parts of simulated machines: real products, with what firmware and drivers say of them. Sizes in bytes. */

export interface Processor {
	/** as `/proc/cpuinfo` has it */
	readonly name: string;
	readonly vendor: 'GenuineIntel' | 'AuthenticAMD';
	readonly cores: number;
	readonly threadsPerCore: 1 | 2;
	/** MHz */
	readonly frequency: number;
	readonly turbo: number;
}

export interface CardModel {
	readonly vendor: string;
	readonly vendorId: string;
	readonly product: string;
	readonly productId: string;
	readonly driver: string;
	readonly firmware: string;
	readonly ports: number;
	/** Mbit/s of a port with a link */
	readonly speed: number;
	/** as ethtool says it */
	readonly mode: string;
	/** first three bytes of its addresses; a card on the board has the board maker's */
	readonly oui?: string;
}

export interface DiskModel {
	readonly type: 'nvme' | 'sata' | 'scsi';
	readonly model: string;
	readonly size: number;
	/** 0: it does not turn */
	readonly rpm: number;
	readonly firmware: string;
	/** what its serial number begins with, and how long it is */
	readonly serial: readonly [prefix: string, length: number];
	/** what its World Wide Name begins with: the IEEE company of the maker */
	readonly wwn: string;
}

export const processors = {
	e2224: intel('Intel(R) Xeon(R) E-2224 CPU @ 3.40GHz', 4, 1, 3400, 4600),
	e2288: intel('Intel(R) Xeon(R) E-2288G CPU @ 3.70GHz', 8, 2, 3700, 5000),
	silver4210: intel('Intel(R) Xeon(R) Silver 4210 CPU @ 2.20GHz', 10, 2, 2200, 3200),
	silver4314: intel('Intel(R) Xeon(R) Silver 4314 CPU @ 2.40GHz', 16, 2, 2400, 3400),
	gold6226: intel('Intel(R) Xeon(R) Gold 6226R CPU @ 2.90GHz', 16, 2, 2900, 3900),
	gold6338: intel('Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz', 32, 2, 2000, 3200),
	epyc7302: amd('AMD EPYC 7302 16-Core Processor', 16, 3000, 3300),
	epyc7313: amd('AMD EPYC 7313 16-Core Processor', 16, 3000, 3700),
	epyc7543: amd('AMD EPYC 7543 32-Core Processor', 32, 2800, 3700),
} as const satisfies Record<string, Processor>;

const gigabit = { speed: 1000, mode: '1000baseT/Full' } as const;
const intelCard = { vendor: 'Intel Corporation', vendorId: '8086' } as const;
const broadcom = { vendor: 'Broadcom Inc. and subsidiaries', vendorId: '14e4' } as const;
const mellanox = { vendor: 'Mellanox Technologies', vendorId: '15b3', driver: 'mlx5_core', oui: '0c:42:a1' } as const;

export const cards = {
	bcm5720: {
		...broadcom,
		...gigabit,
		...chip('NetXtreme BCM5720 Gigabit Ethernet PCIe', '165f', 'tg3', 'FFV22.31.6 bc 5720-v1.39'),
		ports: 2,
	},
	bcm5719: {
		...broadcom,
		...gigabit,
		...chip('NetXtreme BCM5719 Gigabit Ethernet PCIe', '1657', 'tg3', '5719-v1.46 NCSI v1.5.18.0'),
		ports: 4,
	},
	bcm57416: {
		...{
			...broadcom,
			...chip('BCM57416 NetXtreme-E Dual-Media 10G RDMA Ethernet Controller', '16d8', 'bnxt_en', '223.0.161.0/pkg 22.31.13.70'),
		},
		...{ ports: 2, speed: 10_000, mode: '10000baseT/Full', oui: 'bc:97:e1' },
	},
	i210: { ...intelCard, ...gigabit, ...chip('I210 Gigabit Network Connection', '1533', 'igb', '3.25, 0x800005cf'), ports: 2 },
	i350: { ...intelCard, ...gigabit, ...chip('I350 Gigabit Network Connection', '1521', 'igb', '1.63, 0x800009fa'), ports: 2 },
	x550: {
		...intelCard,
		...chip('Ethernet Controller 10G X550T', '1563', 'ixgbe', '0x80001116'),
		ports: 2,
		speed: 10_000,
		mode: '10000baseT/Full',
	},
	x710: {
		...{ ...intelCard, ...chip('Ethernet Controller X710 for 10GbE SFP+', '1572', 'i40e', '8.50 0x8000b6ce 22.0.9') },
		...{ ports: 2, speed: 10_000, mode: '10000baseSR/Full', oui: 'b4:96:91' },
	},
	e810: {
		...{ ...intelCard, ...chip('Ethernet Controller E810-C for QSFP', '1592', 'ice', '4.20 0x80017785 22.5.7') },
		...{ ports: 2, speed: 100_000, mode: '100000baseSR4/Full', oui: '40:a6:b7' },
	},
	connectx4: {
		...mellanox,
		...chip('MT27710 Family [ConnectX-4 Lx]', '1015', 'mlx5_core', '14.32.1010'),
		ports: 2,
		speed: 25_000,
		mode: '25000baseSR/Full',
	},
	connectx5: {
		...mellanox,
		...chip('MT27800 Family [ConnectX-5]', '1017', 'mlx5_core', '16.35.2000'),
		ports: 2,
		speed: 25_000,
		mode: '25000baseSR/Full',
	},
} as const satisfies Record<string, CardModel>;

export const disks = {
	boss480: {
		type: 'sata',
		model: 'DELLBOSS VD',
		size: 480_036_847_616,
		rpm: 0,
		firmware: 'MV.R00-0',
		serial: ['', 16],
		wwn: '500a0750',
	},
	ssd240: {
		type: 'sata',
		model: 'INTEL SSDSC2KB240G8',
		size: 240_057_409_536,
		rpm: 0,
		firmware: 'XCV10132',
		serial: ['PHYF', 18],
		wwn: '55cd2e41',
	},
	ssd480: {
		type: 'sata',
		model: 'SAMSUNG MZ7LH480HAHQ-00005',
		size: 480_103_981_056,
		rpm: 0,
		firmware: 'HXT7904Q',
		serial: ['S45PNA0M', 14],
		wwn: '50025385',
	},
	ssd960: {
		type: 'sata',
		model: 'Micron_5300_MTFDDAK960TDS',
		size: 960_197_124_096,
		rpm: 0,
		firmware: 'D3MU001',
		serial: ['2049', 12],
		wwn: '500a0751',
	},
	ssd3840: {
		type: 'sata',
		model: 'SAMSUNG MZ7L33T8HBLT-00A07',
		size: 3_840_755_982_336,
		rpm: 0,
		firmware: 'JXTC304Q',
		serial: ['S6ESNG0R', 14],
		wwn: '50025385',
	},
	nvme960: {
		type: 'nvme',
		model: 'SAMSUNG MZ1LB960HAJQ-00007',
		size: 960_197_124_096,
		rpm: 0,
		firmware: 'EDA7602Q',
		serial: ['S435NA0M', 14],
		wwn: '00253858',
	},
	nvme1920: {
		type: 'nvme',
		model: 'SAMSUNG MZQL21T9HCJR-00A07',
		size: 1_920_383_410_176,
		rpm: 0,
		firmware: 'GDC5902Q',
		serial: ['S64GNE0T', 14],
		wwn: '00253845',
	},
	nvme3840: {
		type: 'nvme',
		model: 'Micron_7450_MTFDKCC3T8TFR',
		size: 3_840_755_982_336,
		rpm: 0,
		firmware: 'E2MU200',
		serial: ['2231', 12],
		wwn: '00a07501',
	},
	nvme7680: {
		type: 'nvme',
		model: 'INTEL SSDPF2KX076TZ',
		size: 7_681_501_126_656,
		rpm: 0,
		firmware: 'JCV10100',
		serial: ['PHAC', 18],
		wwn: '5cd2e4d1',
	},
	sas1200: {
		type: 'scsi',
		model: 'ST1200MM0099',
		size: 1_200_243_695_616,
		rpm: 10_500,
		firmware: 'ST31',
		serial: ['WFK0', 8],
		wwn: '5000c500',
	},
	hdd4t: {
		type: 'sata',
		model: 'ST4000NM0035-1V4107',
		size: 4_000_787_030_016,
		rpm: 7200,
		firmware: 'TN05',
		serial: ['ZC1', 8],
		wwn: '5000c500',
	},
	hdd8t: {
		type: 'sata',
		model: 'HGST HUS728T8TALE6L4',
		size: 8_001_563_222_016,
		rpm: 7200,
		firmware: 'V8GNW460',
		serial: ['VAG', 8],
		wwn: '5000cca0',
	},
	hdd16t: {
		type: 'sata',
		model: 'TOSHIBA MG08ACA16TE',
		size: 16_000_900_661_248,
		rpm: 7200,
		firmware: '0102',
		serial: ['Y1R0A0', 12],
		wwn: '50000399',
	},
} as const satisfies Record<string, DiskModel>;

function intel(name: string, cores: number, threadsPerCore: 1 | 2, frequency: number, turbo: number): Processor {
	return { name, vendor: 'GenuineIntel', cores, threadsPerCore, frequency, turbo };
}

function amd(name: string, cores: number, frequency: number, turbo: number): Processor {
	return { name, vendor: 'AuthenticAMD', cores, threadsPerCore: 2, frequency, turbo };
}

function chip(product: string, productId: string, driver: string, firmware: string) {
	return { product, productId, driver, firmware };
}
