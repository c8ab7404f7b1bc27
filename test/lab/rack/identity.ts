/** Who a machine says it is: the addresses, serial numbers and SMBIOS tables of a believable rack, the same on every run. */

export interface Identity {
	/** `m1` */
	name: string;
	/** the card that boots */
	mac: string;
	/** the card on the second switch */
	secondMac: string;
	uuid: string;
	serial: string;
	vendor: string;
	product: string;
	/** QEMU's -smbios arguments */
	smbios: string[];
}

interface Model {
	vendor: string;
	product: string;
	family: string;
	sku: string;
	board: string;
	bios: { vendor: string; version: string; date: string };
	/** how this vendor writes serial numbers */
	serial: (machine: number) => string;
}

const padded = (value: number, width: number) => String(value).padStart(width, '0');
const models: readonly Model[] = [
	{
		vendor: 'Northgate Systems',
		product: 'NG-1420 R2',
		family: 'NG-1400',
		sku: 'NG1420-8SFF',
		board: 'NGB-77',
		bios: { vendor: 'Northgate Systems', version: '2.14.1', date: '03/18/2025' },
		serial: (machine) => `NGX${padded(4107 + 13 * machine, 5)}`,
	},
	{
		vendor: 'Tallis Computing',
		product: 'Quire 210',
		family: 'Quire',
		sku: 'Q210-A',
		board: 'Q210-MB',
		bios: { vendor: 'American Megatrends', version: '5.27', date: '11/02/2024' },
		serial: (machine) => `TC${padded(machine, 3)}-22K${padded(7 * machine, 4)}`,
	},
	{
		vendor: 'Ostrava Metal',
		product: 'Kladivo E3',
		family: 'Kladivo',
		sku: 'KE3/2',
		board: 'KE3-1.01',
		bios: { vendor: 'Ostrava Metal', version: 'KE3.0109', date: '06/30/2025' },
		serial: (machine) => `OM${padded(90210 + machine, 6)}`,
	},
];

/** `machine` counts from 1. */
export function identityOf(machine: number): Identity {
	const model = models[(machine - 1) % models.length] as Model;
	const byte = machine.toString(16).padStart(2, '0');
	const serial = model.serial(machine);
	// Random-looking but fixed; the first three fields arrive byte-swapped in DHCP option 97, so they must not be palindromes.
	const uuid = `8f3c51${byte}-2b7e-4c1a-9d60-525400${byte}4c7a`;
	const { bios } = model;
	return {
		name: `m${machine}`,
		mac: `52:54:00:4c:00:${byte}`,
		secondMac: `52:54:00:4c:01:${byte}`,
		uuid,
		serial,
		vendor: model.vendor,
		product: model.product,
		smbios: [
			`type=0,vendor=${bios.vendor},version=${bios.version},date=${bios.date}`,
			`type=1,manufacturer=${model.vendor},product=${model.product},version=1.0,serial=${serial},sku=${model.sku},family=${model.family},uuid=${uuid}`,
			`type=2,manufacturer=${model.vendor},product=${model.board},version=A1,serial=${serial}-B`,
			`type=3,manufacturer=${model.vendor},version=1U,serial=${serial}-C,asset=RACK-${padded(machine, 3)}`,
		].flatMap((table) => ['-smbios', table]),
	};
}
