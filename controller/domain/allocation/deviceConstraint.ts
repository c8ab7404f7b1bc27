import type { Candidate, CandidateDevice } from './candidate.ts';
import type { Problem } from './clause.ts';

/** `vendor_id=8086,product_id=1572`: one PCI or USB device has all of these, in any case of letters. */
export type DeviceConstraint = readonly (readonly [key: keyof CandidateDevice, value: string])[];

const keys: readonly string[] = [
	'vendor_id',
	'product_id',
	'vendor_name',
	'product_name',
	'commissioning_driver',
] satisfies (keyof CandidateDevice)[];

export function parseDevices(text: string): DeviceConstraint | Problem {
	const pairs: [keyof CandidateDevice, string][] = [];
	for (const pair of text.split(',')) {
		const [key = '', ...value] = pair.split('=');
		if (!keys.includes(key)) return { problem: `Unknown devices constraint: '${key}'` };
		if (value.length === 0) return { problem: `Malformed devices constraint: '${pair}' (required format: '<key>=<value>')` };
		pairs.push([key as keyof CandidateDevice, value.join('=').toLowerCase()]);
	}
	return pairs;
}

export function hasDevice(constraint: DeviceConstraint, candidate: Candidate): boolean {
	return candidate.devices.some((device) => constraint.every(([key, value]) => device[key].toLowerCase() === value));
}
