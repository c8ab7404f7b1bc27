import { readFileSync } from 'node:fs';
import os from 'node:os';
import { parseMac } from '../domain/address.ts';
import type { Host, HostInterface } from '../domain/host.ts';

/** Asks the operating system, which all three tell alike; interfaces without a hardware address (loopback, tunnels) are left out. */
export function readHost(): Host {
	const [cpu] = os.cpus();
	const { osystem, series } = system();
	return {
		hostname: os.hostname(),
		architecture: { x64: 'amd64', ia32: 'i386', arm: 'armhf', ppc64: 'ppc64el' }[os.arch() as string] ?? os.arch(),
		cpuCount: Math.max(1, os.cpus().length),
		cpuModel: cpu?.model.trim() || null,
		cpuSpeed: cpu?.speed || null,
		memory: os.totalmem(),
		osystem,
		series,
		cards: Object.entries(os.networkInterfaces()).flatMap(([name, addresses]) => cardOf(name, addresses ?? []) ?? []),
	};
}

function cardOf(name: string, addresses: readonly os.NetworkInterfaceInfo[]): HostInterface | null {
	const outward = addresses.filter((each) => !each.internal && each.mac !== '00:00:00:00:00:00');
	const mac = parseMac(outward[0]?.mac ?? '');
	return mac && { name, mac, addresses: outward.flatMap(({ cidr }) => cidr ?? []) };
}

function system(): { osystem: string; series: string } {
	if (process.platform === 'darwin') return { osystem: 'macos', series: os.release() };
	if (process.platform === 'win32') return { osystem: 'windows', series: os.release() };
	const release = readRelease();
	const value = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
	return {
		osystem: value('ID') || process.platform,
		series: value('VERSION_CODENAME') || value('VERSION_ID') || os.release(),
	};
}

/** os-release(5); a system without one is called by its kernel. */
function readRelease(): string {
	try {
		return readFileSync('/etc/os-release', 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
		throw error;
	}
}
