import type { Hardware } from './hardware/hardware.ts';
import { smartctlOf } from './hardware/listings.ts';
import type { ScriptRun } from './scripts.ts';

/** What can be wrong with a simulated machine. Each begins once the machine has introduced itself, and ends in its own verdict. */
export const faults = ['bmc-dead', 'bad-disk', 'bmc-password', 'script-hangs', 'no-dhcp'] as const;
export type Fault = (typeof faults)[number];

/** Spreads `percent` evenly over the machines from 1 to `count`, each fault in its turn; at least one machine has one when any may. */
export function faultOf(number: number, count: number, percent: number): Fault | null {
	const wanted = percent === 0 ? 0 : Math.max(1, Math.round((count * percent) / 100));
	const before = Math.floor(((number - 1) * wanted) / count);
	return Math.floor((number * wanted) / count) > before ? (faults[before % faults.length] as Fault) : null;
}

/** The scripts that do not run as on a healthy machine. */
export function scriptsOf(fault: Fault | null, hardware: Hardware): Readonly<Record<string, ScriptRun>> {
	switch (fault) {
		case 'script-hangs':
			return { 'maas-lshw': { hangs: true, stdout: '' } };
		case 'bad-disk':
			return { 'smartctl-validate': smartctlOf(hardware, hardware.disks.at(-1) ?? null) };
		default:
			return {};
	}
}
