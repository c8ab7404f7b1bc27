import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveName } from '../../../controller/services/fileName.ts';

const rows: [string, string | null][] = [
	['ipxe.efi', 'ipxe.efi'],
	['//grubx64.efi', 'grubx64.efi'],
	['/boot//grubx64.efi', 'boot/grubx64.efi'],
	['./boot/./x/', 'boot/x'],
	['boot/..hidden', 'boot/..hidden'],
	['52:54:00:4c:00:01', '52:54:00:4c:00:01'],
	['', null],
	['/', null],
	['.', null],
	['..', null],
	['../x', null],
	['boot/../../x', null],
	['boot\\x', null],
	['c:/x', null],
	['/C:boot', null],
	['x\0', null],
	['x\n', null],
	['x'.repeat(1025), null],
];
for (const [name, expected] of rows)
	test(`${JSON.stringify(name).slice(0, 40)} is ${expected}`, () => assert.equal(resolveName(name), expected));
