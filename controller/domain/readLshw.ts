import { XMLParser } from 'fast-xml-parser';
import type { Mac } from './address.ts';
import { readCardMac } from './cardMac.ts';
import { cleanText } from './clean.ts';
import { asList, asObject, type JsonObject } from './jsonFields.ts';

/** What lshw calls a part. */
export interface LshwPart {
	readonly vendor: string | null;
	readonly model: string | null;
	readonly serial: string | null;
	readonly version: string | null;
}

/** What `lshw -xml` knows and the resources may lack: names of vendors, and versions of firmware. */
export interface LshwFacts {
	readonly system: LshwPart | null;
	readonly board: LshwPart | null;
	readonly bios: LshwPart | null;
	/** `version` is that of the firmware */
	readonly cards: ReadonlyMap<Mac, LshwPart & { readonly driver: string | null }>;
	/** by kernel name, `nvme0n1`; `version` is that of the firmware */
	readonly disks: ReadonlyMap<string, LshwPart>;
}

/** A machine with 500 disks needs 1.5 MB. */
const MAX_TEXT = 16 * 1024 * 1024;
const MAX_DEPTH = 40;
const MAX_NODES = 20_000;

/** Reads `lshw -xml`. Documents with a DOCTYPE are refused, since entities can make a small file endless and lshw writes none. */
export function readLshw(text: string): LshwFacts | { problem: string } {
	if (text.length > MAX_TEXT) return { problem: `lshw's XML is ${text.length} characters long; ${MAX_TEXT} are read` };
	if (/<!(DOCTYPE|ENTITY)/i.test(text)) return { problem: "lshw's XML has a DOCTYPE, which lshw never writes" };
	let root: JsonObject;
	try {
		root = asObject(parser.parse(text));
	} catch (error) {
		return { problem: `lshw's XML can't be read: ${cleanText((error as Error).message, 120)}` };
	}
	// `lshw -xml` of newer versions wraps the machine into a list.
	const nodes = flatten(asList(root.node ?? asObject(root.list).node));
	if (nodes.length === 0) return { problem: "lshw's XML holds no machine" };

	const cards = new Map<Mac, LshwPart & { driver: string | null }>();
	const disks = new Map<string, LshwPart>();
	for (const node of nodes) {
		if (node.class === 'network') addCard(cards, node);
		if (node.class === 'disk') addDisk(disks, node);
	}
	const byId = (id: string) => nodes.find((node) => node.id === id && node.depth <= 2);
	const part = (node: Node | undefined) => (node ? partOf(node.fields) : null);
	return { system: part(nodes[0]), board: part(byId('core')), bios: part(byId('firmware')), cards, disks };
}

const parser = new XMLParser({
	ignoreAttributes: false,
	attributeNamePrefix: '@',
	parseTagValue: false,
	parseAttributeValue: false,
	maxNestedTags: MAX_DEPTH,
	isArray: (name, _path, _leaf, isAttribute) => !isAttribute && ['node', 'setting', 'logicalname'].includes(name),
});

interface Node {
	readonly id: string;
	readonly class: string;
	readonly depth: number;
	readonly fields: JsonObject;
	readonly parent: Node | null;
}

/** Parents before their children. */
function flatten(roots: readonly unknown[]): Node[] {
	const nodes: Node[] = [];
	const add = (values: readonly unknown[], parent: Node | null) => {
		for (const fields of values.map(asObject)) {
			if (nodes.length >= MAX_NODES) return;
			const id = String(fields['@id'] ?? '').split(':')[0] as string;
			const node: Node = { id, class: String(fields['@class'] ?? ''), depth: (parent?.depth ?? -1) + 1, fields, parent };
			nodes.push(node);
			add(asList(fields.node), node);
		}
	};
	add(roots, null);
	return nodes;
}

function addCard(cards: Map<Mac, LshwPart & { driver: string | null }>, node: Node): void {
	const mac = readCardMac(node.fields.serial);
	if (typeof mac !== 'string') return;
	// A virtio card is two nodes: the PCI device with the names, and below it the interface with the address.
	const named = node.fields.product === undefined && node.parent?.class === 'network' ? node.parent : node;
	const { vendor, model } = partOf(named.fields);
	// `version` of a network node is the chip's revision; the firmware's is among the settings, as ethtool -i tells it.
	const version = cleanText(setting(node.fields, 'firmware'));
	cards.set(mac, { vendor, model, serial: null, version, driver: cleanText(setting(node.fields, 'driver'), 64) });
}

function addDisk(disks: Map<string, LshwPart>, node: Node): void {
	const name = deviceName(node);
	if (name === null) return;
	// An NVMe namespace has no names of its own; its controller has.
	const controller = node.parent && /^nvme\d+$/.test(deviceName(node.parent) ?? '') ? node.parent : null;
	const { product } = node.fields;
	disks.set(name, partOf((product === undefined && controller ? controller : node).fields));
}

/** The first of lshw's names that is a device; a mounted disk has its mount points among them. */
function deviceName(node: Node): string | null {
	for (const entry of asList(node.fields.logicalname)) {
		const found = /^\/dev\/([\w!-]{1,32})$/.exec(String(entry));
		if (found) return found[1] as string;
	}
	return null;
}

function partOf({ vendor, product, serial, version }: JsonObject): LshwPart {
	return { vendor: cleanText(vendor), model: cleanText(product), serial: cleanText(serial), version: cleanText(version) };
}

function setting(fields: JsonObject, id: string): unknown {
	return asList(asObject(fields.configuration).setting)
		.map(asObject)
		.find((each) => each['@id'] === id)?.['@value'];
}
