import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../controller/store/database.ts';
import { createImageStore } from '../../controller/store/images.ts';
import { createBootResourceStore } from '../../controller/store/library/bootResources.ts';
import { MiB, sha256 } from './diskFile.ts';

/** What the process below uploads. */
export const uploaded = Buffer.from(Uint32Array.from({ length: MiB / 2 }, (_, at) => at * 2654435761).buffer);

/** A process of its own that goes on with one upload, chunk by chunk, until it is killed or all is there. */
if (process.argv[1] === import.meta.filename) {
	const folder = process.argv[2] as string;
	const db = openDatabase(path.join(folder, 'region.db'));
	const limits = { maxDiskSize: 2 ** 40, reserve: 0 };
	const images = createImageStore(db, path.join(folder, 'images'), () => new Date(), limits);
	images.sweep();
	const resources = createBootResourceStore(db, path.join(folder, 'images'), images, () => new Date(), limits);
	const about = { architecture: 'amd64/generic', filetype: 'tgz', sha256: sha256(uploaded), size: uploaded.length } as const;
	let set = (resources.list()[0] ?? resources.begin({ name: 'killed', ...about })).sets[0];
	process.stdout.write('ready\n');
	while (set && !set.complete) {
		set = await resources.append(set.id, uploaded.subarray(set.received, set.received + MiB / 16));
		await sleep(1);
	}
	process.stdout.write('complete\n');
}
