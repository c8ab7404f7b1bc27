import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';

const FUNCTIONS = join(import.meta.dirname, '../../../controller/agent/functions.sh');

/** Calls one of the shell functions in busybox, as the agent does; `before` may replace another one. */
function call(name: string, args: readonly string[], before = ''): string {
	return execFileSync('busybox', ['sh', '-c', `. ${FUNCTIONS}; ${before}\n"$@"`, 'sh', name, ...args]).toString();
}

test('json_string makes valid JSON of anything; printable ASCII is kept', () => {
	const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && Buffer.from(value).toString() === value);
	fc.assert(
		fc.property(text, (value) => {
			const back: unknown = JSON.parse(call('json_string', [value]));
			const printable = [...Buffer.from(value)].map((byte) =>
				byte < 32 || byte === 127 ? ' ' : byte > 127 ? '?' : String.fromCharCode(byte),
			);
			// The shell drops line ends at the end of what a command prints, before they are turned into blanks; not here.
			assert.equal(back, printable.join(''));
		}),
		{ numRuns: 60, examples: [['a "b" \\ c'], ['\n\n'], ['ü€'], ['$(id)`id`'], ['%s %d'], ['']] },
	);
});

for (const [text, number] of [
	['0', '0'],
	['42', '42'],
	['007', '7'],
	['000', '0'],
	['', '0'],
	['-1', '0'],
	['1e3', '0'],
	['12 MB', '0'],
] as const) {
	test(`json_number of ${JSON.stringify(text)} is ${number}`, () => assert.equal(call('json_number', [text]), number));
}

for (const [given, mac] of [
	['01-52-54-00-4C-00-01', '52:54:00:4c:00:01\n'],
	['01-52:54:00:4c:00:01', '52:54:00:4c:00:01\n'],
	['52:54:00:4c:00:01', ''],
	['01-52-54-00-4c-00', ''],
	['01-52-54-00-4c-00-01;reboot', ''],
	['', ''],
] as const) {
	test(`BOOTIF=${given} is the card ${mac.trim() || 'not told'}`, () => {
		assert.equal(call('boot_mac', [], `argument() { echo '${given}'; }`), mac);
	});
}
