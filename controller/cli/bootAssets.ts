import path from 'node:path';
import { type BuildProgress, buildBootAssets } from '../bootAssets/build.ts';
import { defaultData } from '../config.ts';
import { createLog } from '../log.ts';
import { dataPaths } from '../store/dataDirectory.ts';

/** `metaldesk boot-assets build`: shows its progress, and what it has built at the end. */
export async function bootAssetsBuild(options: {
	data?: string;
	out?: string;
	mirror?: string;
	profile: string;
	compress: string;
}): Promise<void> {
	const { profile, compress } = options;
	if (profile !== 'full' && profile !== 'qemu') throw new Error(`--profile is full or qemu, not ${profile}`);
	if (compress !== 'zstd' && compress !== 'gzip') throw new Error(`--compress is zstd or gzip, not ${compress}`);
	const paths = dataPaths(path.resolve(options.data ?? defaultData(process.env)));
	const outDir = path.resolve(options.out ?? paths.bootAssets);
	const abort = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.once(signal, () => abort.abort(new Error('stopped; nothing was changed')));

	const manifest = await buildBootAssets({
		outDir,
		cacheDir: paths.cache,
		...(options.mirror ? { mirror: options.mirror } : {}),
		profile,
		compress,
		onProgress: progressPrinter(),
		signal: abort.signal,
		log: createLog('warn'),
	});
	process.stdout.write(`Kernel ${manifest.kernelVersion}, ${manifest.packages.length} Debian packages, in ${outDir}:\n`);
	for (const { name, size } of manifest.files) process.stdout.write(`  ${(size / 1e6).toFixed(1).padStart(6)} MB  ${name}\n`);
}

/** On a terminal one line that moves, else a line for each step. */
function progressPrinter(): (progress: BuildProgress) => void {
	let last = '';
	return ({ step, text, done, total }) => {
		const line = total > 1 ? `${text}: ${Math.floor((100 * done) / total)} %` : text;
		if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}${step === 'ready' ? '\n' : ''}`);
		else if (text !== last) process.stderr.write(`${text}\n`);
		last = text;
	};
}
