import type { Mac } from './address.ts';
import { readCardMac } from './cardMac.ts';
import { cleanInteger, cleanText } from './clean.ts';
import type { Component, NetworkCard } from './inventory.ts';
import { asList, asObject, type JsonObject } from './jsonFields.ts';
import { readPciAddress } from './pciAddress.ts';
import type { LshwFacts } from './readLshw.ts';

const MAX_PORTS = 256;

/** Network ports with their MACs, and each card as a part with firmware. `network` is `resources.network`. */
export function readCards(
	network: JsonObject,
	lshw: LshwFacts | null,
	warn: (text: string) => void,
): { interfaces: NetworkCard[]; components: Component[] } {
	const interfaces = new Map<Mac, NetworkCard>();
	const components: Component[] = [];
	let seen = 0;
	for (const card of asList(network.cards).map(asObject)) {
		const ports: NetworkCard[] = [];
		for (const value of asList(card.ports)) {
			seen++;
			if (interfaces.size >= MAX_PORTS) continue;
			const port = readPort(card, asObject(value), lshw);
			if ('problem' in port) warn(port.problem);
			else if (interfaces.has(port.mac))
				warn(`Network port ${port.name} has the MAC of ${interfaces.get(port.mac)?.name}, ${port.mac}, and was left out.`);
			else {
				interfaces.set(port.mac, port);
				ports.push(port);
			}
		}
		const [first] = ports;
		if (first)
			components.push({
				kind: 'network',
				name: first.pciAddress ?? first.name,
				vendor: first.vendor,
				model: first.product,
				serial: null,
				version: first.firmwareVersion,
			});
	}
	if (seen > MAX_PORTS) warn(`The machine reports ${seen} network ports; the first ${MAX_PORTS} were taken.`);
	return { interfaces: [...interfaces.values()], components };
}

function readPort(card: JsonObject, port: JsonObject, lshw: LshwFacts | null): NetworkCard | { problem: string } {
	const name = portName(port.id);
	const mac = readCardMac(port.address);
	// Infiniband ports have addresses of 20 bytes and can't be booted from.
	if (typeof mac !== 'string')
		return { problem: `Network port ${name ?? 'without a name'} was left out: its address ${mac.problem}.` };
	const known = lshw?.cards.get(mac);
	return {
		name: name ?? `port-${mac.replaceAll(':', '')}`,
		mac,
		vendor: cleanText(card.vendor) ?? known?.vendor ?? null,
		product: cleanText(card.product) ?? known?.model ?? null,
		driver: cleanText(card.driver, 64) ?? known?.driver ?? null,
		firmwareVersion: cleanText(card.firmware_version) ?? known?.version ?? null,
		linkConnected: typeof port.link_detected === 'boolean' ? port.link_detected : null,
		// Drivers say 0, or 2^32 - 1, while there is no link.
		linkSpeed: cleanInteger(port.link_speed, 1, 10_000_000),
		interfaceSpeed: bestMode(port.supported_modes),
		pciAddress: readPciAddress(card.pci_address),
		numaNode: cleanInteger(card.numa_node, 0, 1023),
	};
}

/** Kernel names have up to 15 characters (IFNAMSIZ), never a slash or a space. */
function portName(id: unknown): string | null {
	return typeof id === 'string' && /^[\w.:@-]{1,15}$/.test(id) ? id : null;
}

/** Of modes as `10000baseT/Full`. */
function bestMode(modes: unknown): number | null {
	const speeds = asList(modes).flatMap((mode) => {
		const digits = typeof mode === 'string' ? /^(\d{1,8})base/i.exec(mode)?.[1] : undefined;
		return cleanInteger(Number(digits), 1, 10_000_000) ?? [];
	});
	return speeds.length === 0 ? null : speeds.reduce((best, speed) => Math.max(best, speed));
}
