import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '../golden');

export interface GoldenPacket {
	/** Without extension: `ipxe-bios-discover`. */
	readonly name: string;
	readonly bytes: Buffer;
}

/** The captures in `test/golden/<protocol>/*.bin`. */
export function goldenPackets(protocol: string): GoldenPacket[] {
	const names = readdirSync(path.join(FOLDER, protocol)).filter((name) => name.endsWith('.bin'));
	return names.map((name) => ({ name: name.slice(0, -4), bytes: readFileSync(path.join(FOLDER, protocol, name)) }));
}

/** Compares with the text beside the capture; UPDATE_GOLDEN=1 writes it anew, and the diff is the review. */
export function assertGolden(protocol: string, name: string, text: string): void {
	const file = path.join(FOLDER, protocol, `${name}.txt`);
	if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
	assert.ok(existsSync(file), `${file} is missing: look at what UPDATE_GOLDEN=1 writes`);
	assert.equal(text, readFileSync(file, 'utf8'));
}

/** One field a line, bytes as hex digits, so that a change shows as a changed line. */
export function describe(value: object, indent = ''): string {
	return Object.entries(value instanceof Map ? Object.fromEntries(value) : value)
		.map(([name, field]: [string, unknown]) => {
			if (field instanceof Uint8Array) return `${indent}${name}: ${Buffer.from(field).toString('hex') || '-'}\n`;
			if (Array.isArray(field)) return `${indent}${name}: ${field.join(' ')}\n`;
			if (typeof field === 'object' && field !== null) return `${indent}${name}:\n${describe(field, `${indent}  `)}`;
			return `${indent}${name}: ${JSON.stringify(field)}\n`;
		})
		.join('');
}
