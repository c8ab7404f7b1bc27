import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../controller/store/database.ts';
import { createImageStore } from '../../controller/store/images.ts';
import { MiB, noise } from './diskFile.ts';

/** A process of its own that imports one image after another into the folder it is given, until it is killed or the disk is full. */
const folder = process.argv[2] as string;
const db = openDatabase(path.join(folder, 'region.db'));
const images = createImageStore(db, path.join(folder, 'images'), () => new Date(), {
	maxDiskSize: 2 ** 40,
	reserve: Number(process.argv[3]),
});
const disk = noise('disk', 2 * MiB);
disk.set([0x55, 0xaa], 510);

async function* slowly() {
	for (let at = 0; at < disk.length; at += MiB / 4) {
		yield disk.subarray(at, at + MiB / 4);
		await sleep(1);
	}
}

process.stdout.write('ready\n');
for (let at = 0; ; at++) {
	try {
		await images.import({ name: `image ${process.pid} ${at}`, bytes: slowly() });
	} catch (error) {
		process.stdout.write(`${(error as { code: string }).code}: ${(error as Error).message}\n`);
		break;
	}
}
