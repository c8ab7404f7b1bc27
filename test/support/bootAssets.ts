import { join } from 'node:path';
import { buildBootAssets } from '../../controller/bootAssets/build.ts';
import { silentLog } from '../../controller/log.ts';

/** Boot assets for tests, built once and reused as long as packages and agent are the same. Returns their directory. */
export async function testBootAssets(): Promise<string> {
	const cache = process.env.METALDESK_TEST_CACHE ?? join(import.meta.dirname, '../../node_modules/.cache/metaldesk');
	const outDir = join(cache, 'boot-assets-qemu');
	await buildBootAssets({
		outDir,
		cacheDir: join(cache, 'packages'),
		profile: 'qemu',
		compress: 'zstd',
		log: silentLog,
		onProgress: () => undefined,
	});
	return outDir;
}
