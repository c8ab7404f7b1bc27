import { join } from 'node:path';
import { buildBootAssets } from '../../controller/bootAssets/build.ts';
import { silentLog } from '../../controller/log.ts';

/** Where tests keep packages and built boot assets between runs. */
export function testAssetsCache(): string {
	return process.env.METALDESK_TEST_CACHE ?? join(import.meta.dirname, '../../node_modules/.cache/metaldesk');
}

/** Boot assets for tests, built once and reused as long as packages and agent are the same. Returns their directory. */
export async function testBootAssets(): Promise<string> {
	const outDir = join(testAssetsCache(), 'boot-assets-qemu');
	await buildBootAssets({
		outDir,
		cacheDir: join(testAssetsCache(), 'packages'),
		profile: 'qemu',
		compress: 'zstd',
		log: silentLog,
		onProgress: () => undefined,
	});
	return outDir;
}
