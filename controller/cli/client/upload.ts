import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Profile } from './profiles.ts';
import { progressBar } from './progress.ts';
import { type Answer, ask, good } from './request.ts';
import { Stop } from './stop.ts';

/** As MAAS's own command line and python-libmaas cut an image. */
const CHUNK = 1 << 22;

/**
 * `boot-resources create … content@=FILE`: the file is announced with its size and hash, then sent in chunks, so that a disk image
 * of many gigabytes needs neither memory here nor one endless request.
 */
export async function uploadImage(profile: Profile, form: readonly (readonly [string, string])[], file: string): Promise<Answer> {
	const size = await sizeOf(file);
	const sha256 = await hashOf(file, size);
	const made = good(
		await ask({
			method: 'POST',
			url: `${profile.url}/api/2.0/boot-resources/`,
			key: profile.key,
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams([
				...form.map(([name, value]) => [name, value]),
				['sha256', sha256],
				['size', String(size)],
			]).toString(),
		}),
	);
	const where = uploadUri(made);
	if (where === undefined) return made;
	const bar = progressBar('Uploading');
	const handle = await open(file);
	try {
		for (let at = 0; at < size; at += CHUNK) {
			const chunk = Buffer.alloc(Math.min(CHUNK, size - at));
			await handle.read(chunk, 0, chunk.length, at);
			const url = profile.url.replace(/\/MAAS$/, '') + where;
			good(
				await ask({ method: 'PUT', url, key: profile.key, headers: { 'content-type': 'application/octet-stream' }, body: chunk }),
			);
			bar.at(at + chunk.length, size);
		}
	} finally {
		bar.end();
		await handle.close();
	}
	const uri = (JSON.parse(made.body.toString('utf8')) as { resource_uri: string }).resource_uri;
	return good(await ask({ method: 'GET', url: profile.url.replace(/\/MAAS$/, '') + uri, key: profile.key }));
}

/** Of the newest version; none when the server has this content already. */
function uploadUri(answer: Answer): string | undefined {
	const { sets = {} } = JSON.parse(answer.body.toString('utf8')) as {
		sets?: Record<string, { files: Record<string, { upload_uri?: string }> }>;
	};
	const newest = Object.keys(sets).toSorted().at(-1);
	return newest === undefined ? undefined : Object.values(sets[newest]?.files ?? {}).find((each) => each.upload_uri)?.upload_uri;
}

async function sizeOf(file: string): Promise<number> {
	try {
		return (await stat(file)).size;
	} catch (error) {
		throw new Stop(2, `${file} can’t be read: ${error instanceof Error ? error.message : String(error)}`);
	}
}

async function hashOf(file: string, size: number): Promise<string> {
	const bar = progressBar('Reading');
	const hash = createHash('sha256');
	let done = 0;
	for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
		hash.update(chunk as Buffer);
		done += (chunk as Buffer).length;
		bar.at(done, size);
	}
	bar.end();
	return hash.digest('hex');
}
