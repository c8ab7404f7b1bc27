import type { Mac } from './address.ts';
import { readCardMac, shown } from './cardMac.ts';
import { cleanInteger, cleanText } from './clean.ts';
import { readHardwareUuid } from './hardwareUuid.ts';
import type { AgentReport } from './machine.ts';

/** Why a report can't be used, in words for the log and for the agent's console. */
export interface ReportProblem {
	readonly problem: string;
	readonly field: string;
}

/** Debian's words, which are MAAS's. */
const architectures = ['amd64', 'arm64', 'i386', 'armhf', 'ppc64el', 's390x', 'riscv64'];

/** More physical cards than this are in no server; a report of more would make a row each. */
const MAX_MACS = 64;

/** An exabyte and a day: beyond these a number is a mistake. */
const MAX_MEMORY = 2 ** 50;
const MAX_KERNEL_SECONDS = 86_400;

/**
 * Reads what the agent posts before it gets its job (`controller/agent/agent.sh`, report_json). Strict about what decides which machine
 * this is and what it boots; texts that can't be used are `null`.
 */
export function readReport(json: unknown): AgentReport | ReportProblem {
	if (typeof json !== 'object' || json === null || Array.isArray(json))
		return { problem: 'the report is not a JSON object', field: 'report' };
	const report = json as Readonly<Record<string, unknown>>;
	const bad = (field: string, wanted: string): ReportProblem => ({
		problem: `${field} must be ${wanted}, not ${shown(report[field])}`,
		field,
	});

	const { architecture, firmware, secure_boot: secureBoot, kernel_seconds: kernelSeconds } = report;
	if (typeof architecture !== 'string' || !architectures.includes(architecture))
		return bad('architecture', `one of ${architectures.join(', ')}`);
	const macs = readMacs(report.macs);
	if ('problem' in macs) return macs;
	const bootMac = readCardMac(report.boot_mac);
	if (typeof bootMac !== 'string') return { problem: `boot_mac ${bootMac.problem}`, field: 'boot_mac' };
	if (!macs.list.includes(bootMac))
		return { problem: `boot_mac ${bootMac} is none of the machine's own cards in macs`, field: 'boot_mac' };
	if (firmware !== 'bios' && firmware !== 'uefi') return bad('firmware', 'bios or uefi');
	if (typeof secureBoot !== 'boolean') return bad('secure_boot', 'true or false');
	const memory = cleanInteger(report.memory, 1, MAX_MEMORY);
	if (memory === null) return bad('memory', `a number of bytes from 1 to ${MAX_MEMORY}`);
	if (typeof kernelSeconds !== 'number' || !(kernelSeconds >= 0 && kernelSeconds <= MAX_KERNEL_SECONDS))
		return bad('kernel_seconds', `a number of seconds from 0 to ${MAX_KERNEL_SECONDS}`);

	return {
		architecture,
		macs: macs.list,
		bootMac,
		uuid: readHardwareUuid(report.uuid),
		serial: cleanText(report.serial),
		vendor: cleanText(report.vendor),
		product: cleanText(report.product),
		firmware,
		secureBoot,
		memory,
		kernelSeconds,
	};
}

function readMacs(value: unknown): { list: Mac[] } | ReportProblem {
	const bad = (problem: string) => ({ problem, field: 'macs' });
	if (!Array.isArray(value) || value.length === 0) return bad('macs must be a list of at least one MAC address');
	if (value.length > MAX_MACS) return bad(`macs has ${value.length} entries; ${MAX_MACS} are allowed`);
	const list = new Set<Mac>();
	for (const [at, entry] of value.entries()) {
		const mac = readCardMac(entry);
		if (typeof mac !== 'string') return bad(`macs[${at}] ${mac.problem}`);
		list.add(mac);
	}
	return { list: [...list] };
}
