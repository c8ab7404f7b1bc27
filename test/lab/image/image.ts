/** The lab's image: Debian with cloud-init and sshd, for BIOS, UEFI and Secure Boot; built once and kept. */
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt, run } from '../command.ts';
import { buildDisk } from './disk.ts';
import { buildRoot } from './root.ts';

/**
 * A compressed raw disk image (`raw.zst`); built when the cache has none made by the same recipe.
 * `say` hears what takes long. Throws with the failing program's words; a broken build leaves nothing.
 */
export async function ensureImage(cache: string, say: (text: string) => void): Promise<string> {
	const image = join(cache, `lab-debian-${await recipeKey()}.raw.zst`);
	if ((await stat(image).catch(() => null))?.isFile()) return image;

	say('building the Debian image of the lab (once; 1 to 2 minutes)');
	await mkdir(cache, { recursive: true });
	const work = await mkdtemp(join(cache, 'building-'));
	try {
		// Without root, mmdebstrap works under another user id of its user namespace, which must be able to write here.
		await chmod(work, 0o777);
		const disk = await buildDisk(work, await buildRoot(work));
		const finished = join(work, 'image.raw.zst');
		await run(['zstd', '-q', '-T0', '-6', disk, '-o', finished]);
		await rename(finished, image);
	} finally {
		const removed = await attempt(['rm', '-rf', work]);
		if (removed.status !== 0) say(`could not remove ${work}: ${removed.stderr.trim()}`);
	}
	await forgetOlder(cache, image);
	return image;
}

/** Changes whenever a file of this folder does. */
async function recipeKey(): Promise<string> {
	const hash = createHash('sha256');
	for (const name of (await readdir(import.meta.dirname)).sort())
		hash.update(name).update(await readFile(join(import.meta.dirname, name)));
	return hash.digest('hex').slice(0, 12);
}

async function forgetOlder(cache: string, image: string): Promise<void> {
	for (const name of await readdir(cache)) {
		const path = join(cache, name);
		if (/^lab-debian-[0-9a-f]{12}\.raw\.zst$/.test(name) && path !== image) await rm(path, { force: true });
	}
}
