import { type Mac, parseMac } from '../../domain/address.ts';
import { type MachineModel, models } from './models.ts';
import { type CardModel, cards, type DiskModel, disks, type Processor, processors } from './parts.ts';

/** What a simulated machine is made of. Sizes in bytes. */
export interface Hardware {
	/** of all ports; the first is what it boots from */
	readonly macs: readonly Mac[];
	readonly uuid: string;
	readonly serial: string;
	readonly vendor: string;
	readonly product: string;
	readonly family: string;
	readonly sku: string;
	readonly board: { readonly product: string; readonly serial: string };
	readonly bios: { readonly vendor: string; readonly version: string; readonly date: string };
	readonly bmc: { readonly vendor: string; readonly id: number; readonly version: string; readonly mac: Mac };
	readonly firmware: 'bios' | 'uefi';
	/** UEFI that loads over HTTP in place of TFTP */
	readonly httpBoot: boolean;
	readonly processor: Processor;
	/** as many NUMA nodes */
	readonly sockets: number;
	readonly memory: number;
	readonly cards: readonly SimulatedCard[];
	readonly disks: readonly SimulatedDisk[];
	readonly place: Place;
}

export interface SimulatedCard extends Omit<CardModel, 'ports' | 'oui'> {
	readonly pciAddress: string;
	readonly numaNode: number;
	readonly ports: readonly { readonly name: string; readonly mac: Mac; readonly link: boolean }[];
}

export interface SimulatedDisk {
	/** the kernel's: sda, nvme0n1 */
	readonly name: string;
	readonly type: DiskModel['type'];
	readonly model: string;
	readonly serial: string;
	readonly size: number;
	readonly rpm: number;
	readonly firmware: string;
	/** as the kernel writes it: `naa.…`, `eui.…` */
	readonly wwn: string;
}

/** Where it stands. `unit`: its lowest rack unit, from 1 at the bottom; `row`: of racks, from 0. */
export interface Place {
	readonly row: number;
	readonly rack: number;
	readonly unit: number;
	readonly height: number;
}

const MACHINES_A_RACK = 20;
const RACKS_A_ROW = 4;
const ROWS = 3;
const GiB = 2 ** 30;

/** The machine with this number (from 1): different from every other one, and the same each time. */
export function makeHardware(number: number): Hardware {
	const dice = createDice(number);
	const model = models[(number - 1) % models.length] as MachineModel;
	const serial = dice.spell(model.serial);
	const built = dice.pick(model.cards).map((name, slot) => buildCard(number, model, cards[name], slot));
	return {
		...{ serial, vendor: model.vendor, product: model.product, family: model.family, sku: model.sku, bios: model.bios },
		macs: built.flatMap((card) => card.ports.map((port) => port.mac)),
		uuid: `${dice.hex(8)}-${dice.hex(4)}-4${dice.hex(3)}-8${dice.hex(3)}-${number.toString(16).padStart(4, '0')}${dice.hex(8)}`,
		board: { product: model.board, serial: `.${serial}.${dice.spell('CN9999999999AA')}.` },
		bmc: { ...model.bmc, mac: macOf(model.oui, number, 7) },
		firmware: model.boots === 'bios' ? 'bios' : 'uefi',
		httpBoot: model.boots === 'uefi-http',
		processor: processors[dice.pick(model.processors)],
		sockets: model.sockets,
		memory: dice.pick(model.memory) * GiB,
		cards: built,
		disks: buildDisks(number, dice.pick(model.disks), dice),
		place: placeOf(number, model.height),
	};
}

/** As SMBIOS holds it: the first three fields little-endian. */
export function uuidBytes(uuid: string): Buffer {
	const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
	return Buffer.from([3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((at) => bytes[at] ?? 0));
}

/** Twenty machines a rack from the bottom upwards, four racks a row; rows come round again, for rooms that have three. */
function placeOf(number: number, height: number): Place {
	const rack = Math.floor((number - 1) / MACHINES_A_RACK);
	return { row: Math.floor(rack / RACKS_A_ROW) % ROWS, rack: rack + 1, unit: 1 + ((number - 1) % MACHINES_A_RACK) * 2, height };
}

/** Eight addresses a machine: seven for ports, the last for its BMC. The odd factor spreads neighbours; mod 2²¹ it is one to one. */
function macOf(oui: string, number: number, port: number): Mac {
	const tail = (((number * 0x9e37) & 0x1fffff) * 8 + port).toString(16).padStart(6, '0');
	return parseMac(`${oui}:${tail.slice(0, 2)}:${tail.slice(2, 4)}:${tail.slice(4)}`) as Mac;
}

function buildCard(number: number, model: MachineModel, card: CardModel, slot: number): SimulatedCard {
	const { ports, oui, ...rest } = card;
	// only cards on the board have four ports, and what is plugged in has other first bytes
	const first = 2 * slot;
	return {
		...rest,
		pciAddress: `0000:${(slot === 0 ? 0x01 : 0x3a + slot).toString(16).padStart(2, '0')}:00.0`,
		numaNode: slot === 2 && model.sockets === 2 ? 1 : 0,
		ports: Array.from({ length: ports }, (_, port) => ({
			// as systemd names them: on board by index, plugged in by slot and function
			name: slot === 0 ? `eno${port + 1}` : `ens${slot}f${port}${card.driver === 'mlx5_core' ? `np${port}` : ''}`,
			mac: macOf(slot === 0 ? model.oui : (oui ?? model.oui), number, first + port),
			link: port < 2,
		})),
	};
}

function buildDisks(number: number, wanted: MachineModel['disks'][number], dice: Dice): SimulatedDisk[] {
	const names = { nvme: 0, sd: 0 };
	return wanted.flatMap(([count, kind]) =>
		Array.from({ length: count }, () => {
			const {
				serial: [prefix, length],
				wwn,
				...disk
			} = disks[kind];
			return {
				...disk,
				name: disk.type === 'nvme' ? `nvme${names.nvme++}n1` : `sd${String.fromCharCode(97 + names.sd++)}`,
				serial: prefix + dice.spell('A'.repeat(length - prefix.length - 4)) + code(number * 16 + names.nvme + names.sd),
				wwn: disk.type === 'nvme' ? `eui.${wwn}${dice.hex(8)}` : `naa.${wwn}${dice.hex(8)}`,
			};
		}),
	);
}

interface Dice {
	pick<Item>(items: readonly Item[]): Item;
	hex(length: number): string;
	spell(pattern: string): string;
}

/** Chance that falls the same way for the same number (xorshift32). */
function createDice(seed: number): Dice {
	let state = (seed * 0x9e3779b1) >>> 0 || 1;
	const roll = (sides: number): number => {
		state ^= state << 13;
		state ^= state >>> 17;
		state = (state ^ (state << 5)) >>> 0;
		return state % sides;
	};
	for (let count = 0; count < 8; count++) roll(2);
	return {
		pick: <Item>(items: readonly Item[]) => items[roll(items.length)] as Item,
		hex: (length) => Array.from({ length }, () => roll(16).toString(16)).join(''),
		spell: (pattern) =>
			[...pattern].map((sign) => (sign === 'A' ? letters[roll(32)] : sign === '9' ? String(roll(10)) : sign)).join(''),
	};
}

/** Without letters that people read as digits. */
const letters = 'ABCDEFGHJKLMNPRSTVWXYZ0123456789';

/** Four signs for a number below 2²⁰, another four for each: the odd factor only mixes them. */
function code(number: number): string {
	const mixed = (number * 0x9e3b5) & 0xfffff;
	return [15, 10, 5, 0].map((shift) => letters[(mixed >> shift) & 31]).join('');
}
