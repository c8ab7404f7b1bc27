import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseModules, parseBuiltIn, parseModule } from '../../../../controller/bootAssets/initramfs/modules.ts';
import { elfModule } from './elfModule.ts';

const ALL = [
	parseModule('kernel/fs/ext4/ext4.ko', elfModule({ depends: 'mbcache,jbd2', softdep: 'pre: crypto-crc32c', alias: 'fs-ext4' })),
	parseModule('kernel/fs/jbd2/jbd2.ko', elfModule({ depends: 'crc32c-generic' })),
	parseModule('kernel/fs/mbcache.ko', elfModule({ depends: '' })),
	parseModule('kernel/crypto/crc32c-generic.ko', elfModule({ alias: 'crypto-crc32c' })),
	parseModule('kernel/arch/x86/crypto/crc32c-intel.ko', elfModule({ alias: 'crypto-crc32c' })),
	parseModule('kernel/drivers/net/dummy.ko', elfModule({})),
];
const BUILT_IN = parseBuiltIn('kernel/drivers/block/virtio-blk.ko\nkernel/lib/crc16.ko\n');

test('a module describes itself', () => {
	assert.deepEqual(ALL[0], {
		name: 'ext4',
		path: 'kernel/fs/ext4/ext4.ko',
		depends: ['mbcache', 'jbd2'],
		softDepends: ['crypto-crc32c'],
		aliases: ['fs-ext4'],
	});
});

test('a choice brings what it depends on, and all that answer to an alias that it softly needs', () => {
	const choice = chooseModules(ALL, BUILT_IN, ['ext4', 'virtio_blk']);
	assert.deepEqual(choice.kind === 'chosen' && choice.modules.map(({ path }) => path), [
		'kernel/arch/x86/crypto/crc32c-intel.ko',
		'kernel/crypto/crc32c-generic.ko',
		'kernel/fs/ext4/ext4.ko',
		'kernel/fs/jbd2/jbd2.ko',
		'kernel/fs/mbcache.ko',
	]);
});

test('dashes and underscores are the same; what is nowhere is named, all of it', () => {
	assert.equal(chooseModules(ALL, BUILT_IN, ['crc32c_intel', 'crc32c-generic']).kind, 'chosen');
	assert.deepEqual(chooseModules(ALL, BUILT_IN, ['dummy', 'floppy', 'zip']), { kind: 'absent', names: ['floppy', 'zip'] });
});
