import { cleanInteger, cleanText } from './clean.ts';
import { readHardwareUuid } from './hardwareUuid.ts';
import type { BlockDevice, Component, Inventory } from './inventory.ts';
import { asList, asObject, type JsonObject } from './jsonFields.ts';
import { readCards } from './readCards.ts';
import { readDisks } from './readDisks.ts';
import { type DmidecodeFacts, readDmidecode } from './readDmidecode.ts';
import { type LshwFacts, readLshw } from './readLshw.ts';
import { readNodeDevices } from './readNodeDevices.ts';

/** What the commissioning scripts printed, by script; only the first must be there. */
export interface InventorySources {
	/** of 50-maas-01-commissioning, read by {@link parseResources} */
	readonly resources: unknown;
	readonly dmidecode?: string | null;
	/** `lshw -xml` */
	readonly lshw?: string | null;
	/** `nvme list --output-format=json` */
	readonly nvme?: string | null;
	/** the BMC's own words, as `ipmitool mc info` has them */
	readonly bmc?: { readonly vendor?: unknown; readonly model?: unknown; readonly version?: unknown } | null;
}

/** 1024 disks and 256 ports with everything that LXD says about them are 3 MB. */
const MAX_RESOURCES = 16 * 1024 * 1024;
const MAX_WARNINGS = 50;
const MAX_THREADS = 8192;
const MAX_NUMA_NODES = 256;

/** Reads the text of 50-maas-01-commissioning: LXD's resources API, version 1.0. */
export function parseResources(text: string): { value: unknown } | { problem: string } {
	if (text.length > MAX_RESOURCES) return { problem: `it has ${text.length} characters; ${MAX_RESOURCES} are read` };
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		return { problem: `it is no JSON (${cleanText((error as Error).message, 120)})` };
	}
	const { api_version: version, resources } = asObject(value);
	if (version !== '1.0') return { problem: `its api_version is ${cleanText(version, 20) ?? 'missing'}; 1.0 is read` };
	if (Object.keys(asObject(resources)).length === 0) return { problem: 'it has no resources' };
	return { value };
}

/**
 * Puts a machine's parts together from what its scripts printed. Nothing in there is trusted: what is of the wrong type or beyond
 * reason is `null` or left out, the latter with a warning (a sentence; 50 at most). Where sources differ, the resources win.
 */
export function readInventory(sources: InventorySources): { inventory: Inventory; warnings: string[] } {
	const warnings: string[] = [];
	const warn = (text: string) => {
		if (warnings.length < MAX_WARNINGS) warnings.push(text);
	};
	const root = asObject(sources.resources);
	const resources = asObject(root.resources);
	const system = asObject(resources.system);
	const dmidecode = readDmidecode(sources.dmidecode ?? '');
	const lshw = takeLshw(sources.lshw, warn);

	const cards = readCards(asObject(resources.network), lshw, warn);
	const blockDevices = readDisks({ storage: asObject(resources.storage), lshw, nvme: parseNvme(sources.nvme, warn) }, warn);
	const machine = identify(system, dmidecode, lshw);
	const inventory: Inventory = {
		architecture: debianArchitecture(asObject(root.environment).kernel_architecture),
		...readProcessors(asObject(resources.cpu)),
		memory: cleanInteger(asObject(resources.memory).total, 1, 2 ** 50),
		...machine,
		interfaces: cards.interfaces,
		blockDevices,
		numaNodes: readNuma(asObject(resources.cpu), asObject(resources.memory)),
		components: [
			...firmwareOf(system, machine, dmidecode, lshw, sources.bmc),
			...cards.components,
			...blockDevices.map(diskComponent),
		],
		devices: readNodeDevices(resources, warn),
	};
	return { inventory, warnings };
}

function takeLshw(text: string | null | undefined, warn: (text: string) => void): LshwFacts | null {
	if (!text) return null;
	const facts = readLshw(text);
	if (!('problem' in facts)) return facts;
	warn(`What lshw printed was left out: ${facts.problem}.`);
	return null;
}

function parseNvme(text: string | null | undefined, warn: (text: string) => void): unknown {
	if (!text) return null;
	try {
		return JSON.parse(text);
	} catch {
		warn('What nvme list printed was left out: it is no JSON.');
		return null;
	}
}

/** The kernel's names (uname -m) in Debian's words, which are MAAS's. */
function debianArchitecture(kernel: unknown): string | null {
	const names: Readonly<Record<string, string>> = {
		x86_64: 'amd64',
		i686: 'i386',
		aarch64: 'arm64',
		armv7l: 'armhf',
		ppc64le: 'ppc64el',
		s390x: 's390x',
		riscv64: 'riscv64',
	};
	return typeof kernel === 'string' && Object.hasOwn(names, kernel) ? (names[kernel] as string) : null;
}

type Identity = Pick<Inventory, 'uuid' | 'vendor' | 'product' | 'serial'>;

function identify(system: JsonObject, dmidecode: DmidecodeFacts, lshw: LshwFacts | null): Identity {
	const known = dmidecode.system;
	return {
		uuid: readHardwareUuid(system.uuid) ?? readHardwareUuid(known.UUID),
		vendor: cleanText(system.vendor) ?? known.Manufacturer ?? lshw?.system?.vendor ?? null,
		product: cleanText(system.product) ?? known['Product Name'] ?? lshw?.system?.model ?? null,
		serial: cleanText(system.serial) ?? known['Serial Number'] ?? lshw?.system?.serial ?? null,
	};
}

interface Thread {
	readonly id: number;
	readonly numaNode: number;
}

function threadsOf(cpu: JsonObject): Thread[] {
	const cores = asList(cpu.sockets).flatMap((socket) => asList(asObject(socket).cores));
	const threads: Thread[] = [];
	for (const thread of cores.flatMap((core) => asList(asObject(core).threads)).map(asObject)) {
		const id = cleanInteger(thread.id, 0, MAX_THREADS - 1);
		if (id !== null) threads.push({ id, numaNode: cleanInteger(thread.numa_node, 0, MAX_NUMA_NODES - 1) ?? 0 });
	}
	return threads;
}

function readProcessors(cpu: JsonObject): Pick<Inventory, 'cpuCount' | 'cpuModel'> {
	const names = asList(cpu.sockets).map((socket) => cleanText(asObject(socket).name));
	const counted = new Set(threadsOf(cpu).map((thread) => thread.id)).size;
	return {
		cpuCount: cleanInteger(cpu.total, 1, MAX_THREADS) ?? (counted || null),
		cpuModel: names.find((name) => name !== null) ?? null,
	};
}

function readNuma(cpu: JsonObject, memory: JsonObject): Inventory['numaNodes'] {
	const nodes = new Map<number, { cores: Set<number>; memory: number; pages: number }>();
	const node = (index: number) => {
		const found = nodes.get(index) ?? { cores: new Set<number>(), memory: 0, pages: 0 };
		nodes.set(index, found);
		return found;
	};
	for (const { id, numaNode } of threadsOf(cpu)) node(numaNode).cores.add(id);
	for (const value of asList(memory.nodes).map(asObject)) {
		const index = cleanInteger(value.numa_node, 0, MAX_NUMA_NODES - 1);
		if (index === null) continue;
		node(index).memory = cleanInteger(value.total, 0, 2 ** 50) ?? 0;
		node(index).pages = cleanInteger(value.hugepages_total, 0, 2 ** 50) ?? 0;
	}
	const size = cleanInteger(memory.hugepages_size, 1, 2 ** 40);
	return [...nodes]
		.sort(([a], [b]) => a - b)
		.map(([index, { cores, memory, pages }]) => ({
			...{ index, cores: [...cores].sort((a, b) => a - b), memory },
			// LXD counts bytes, not pages
			...(size !== null && pages >= size ? { hugepages: [{ size, total: pages }] } : {}),
		}));
}

/** The parts that are there once; those of which nothing is known are left out. */
function firmwareOf(
	system: JsonObject,
	machine: Identity,
	dmidecode: DmidecodeFacts,
	lshw: LshwFacts | null,
	bmc: InventorySources['bmc'],
): Component[] {
	const board = asObject(system.motherboard);
	const bios = asObject(system.firmware);
	const parts: Component[] = [
		{
			kind: 'system',
			name: 'system',
			vendor: machine.vendor,
			model: machine.product,
			serial: machine.serial,
			version: cleanText(system.version) ?? dmidecode.system.Version ?? lshw?.system?.version ?? null,
		},
		{
			kind: 'board',
			name: 'board',
			vendor: cleanText(board.vendor) ?? dmidecode.board.Manufacturer ?? lshw?.board?.vendor ?? null,
			model: cleanText(board.product) ?? dmidecode.board['Product Name'] ?? lshw?.board?.model ?? null,
			serial: cleanText(board.serial) ?? dmidecode.board['Serial Number'] ?? lshw?.board?.serial ?? null,
			version: cleanText(board.version) ?? dmidecode.board.Version ?? lshw?.board?.version ?? null,
		},
		{
			kind: 'bios',
			name: 'bios',
			vendor: cleanText(bios.vendor) ?? dmidecode.bios.Vendor ?? lshw?.bios?.vendor ?? null,
			model: null,
			serial: null,
			version: cleanText(bios.version) ?? dmidecode.bios.Version ?? lshw?.bios?.version ?? null,
		},
		{
			kind: 'bmc',
			name: 'bmc',
			vendor: cleanText(bmc?.vendor),
			model: cleanText(bmc?.model),
			serial: null,
			version: cleanText(bmc?.version),
		},
	];
	return parts.filter(({ vendor, model, serial, version }) => (vendor ?? model ?? serial ?? version) !== null);
}

function diskComponent(disk: BlockDevice): Component {
	return { kind: 'disk', name: disk.name, vendor: null, model: disk.model, serial: disk.serial, version: disk.firmwareVersion };
}
