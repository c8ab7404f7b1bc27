/** What of a machine decides whether a script for certain hardware is for it. */
export interface HardwareFacts {
	/** MAAS's hardware_info: system_vendor, mainboard_product, … */
	readonly info: Readonly<Record<string, string>>;
	/** `pci:8086:1572` and `usb:0781:5583`, in lower case */
	readonly devices: ReadonlySet<string>;
	/** as the kernel writes them: `pci:v00008086d00001572sv…` */
	readonly modaliases: readonly string[];
}

/**
 * Whether a script is for a machine: one that names no hardware is for all; else one of its entries must be there (`for_hardware` of
 * MAAS's metadata header). Texts are compared without regard to case; a modalias may hold `*` and `?`, as the kernel's own tables do.
 */
export function isForHardware(wanted: readonly string[], facts: HardwareFacts): boolean {
	return wanted.length === 0 || wanted.some((entry) => matches(entry, facts));
}

function matches(entry: string, { info, devices, modaliases }: HardwareFacts): boolean {
	const colon = entry.indexOf(':');
	const [kind, value] = [entry.slice(0, colon).toLowerCase(), entry.slice(colon + 1).trim()];
	if (kind === 'pci' || kind === 'usb') return devices.has(`${kind}:${value.toLowerCase()}`);
	if (kind === 'modalias') return modaliases.some((alias) => matchesPattern(alias, value));
	return info[kind]?.trim().toLowerCase() === value.toLowerCase();
}

/** Star by star, so that no pattern takes more than the product of both lengths. */
function matchesPattern(text: string, pattern: string): boolean {
	let [at, next, star, mark] = [0, 0, -1, 0];
	while (at < text.length) {
		if (pattern[next] === '*') {
			star = next++;
			mark = at;
		} else if (next < pattern.length && (pattern[next] === '?' || pattern[next] === text[at])) {
			at++;
			next++;
		} else if (star >= 0) {
			next = star + 1;
			at = ++mark;
		} else return false;
	}
	while (pattern[next] === '*') next++;
	return next === pattern.length;
}
