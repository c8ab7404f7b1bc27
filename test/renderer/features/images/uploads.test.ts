import assert from 'node:assert/strict';
import { it } from 'node:test';
import { nameFrom } from '../../../../renderer/features/images/uploads.ts';

it('names an image after its file', () => {
	assert.deepEqual(['debian-12.raw.zst', 'rocky.9.qcow2', 'plain', '.raw', 'disk.img.xz'].map(nameFrom), [
		'debian-12',
		'rocky.9',
		'plain',
		'.raw',
		'disk',
	]);
});
