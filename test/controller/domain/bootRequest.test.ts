import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FirmwareName, recognizeFirmware } from '../../../controller/domain/bootRequest.ts';

const quiet = { vendorClass: '', userClasses: [], hasIpxeOptions: false };

const architectures: [number | null, FirmwareName][] = [
	[0, 'bios'],
	[7, 'uefi-x64'],
	[9, 'uefi-x64'],
	[11, 'uefi-arm64'],
	[16, 'uefi-http-x64'],
	[19, 'uefi-http-arm64'],
	[6, 'other'],
	[65535, 'other'],
	[null, 'none'],
];
for (const [arch, name] of architectures) {
	test(`architecture ${arch} is ${name}`, () => {
		assert.deepEqual(recognizeFirmware({ ...quiet, arch }), { arch, name, ipxe: false, pxe: false, http: false });
	});
}

test('iPXE is known by its user class or by its own options, each alone', () => {
	assert.equal(recognizeFirmware({ ...quiet, arch: 0, userClasses: ['iPXE'] }).ipxe, true);
	assert.equal(recognizeFirmware({ ...quiet, arch: 0, hasIpxeOptions: true }).ipxe, true);
	assert.equal(recognizeFirmware({ ...quiet, arch: 0, userClasses: ['gPXE'] }).ipxe, false);
});

test('the vendor class says how it wants to boot', () => {
	const said = (vendorClass: string) => recognizeFirmware({ ...quiet, arch: 7, vendorClass });
	assert.deepEqual([said('PXEClient:Arch:00007:UNDI:003000').pxe, said('PXEClient').http], [true, false]);
	assert.deepEqual([said('HTTPClient:Arch:00016:UNDI:003000').http, said('HTTPClient').pxe], [true, false]);
	assert.deepEqual([said('MSFT 5.0').http, said('xPXEClient').pxe], [false, false]);
});
