import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { NetportError } from './netport.ts';

const SOURCE = path.join(import.meta.dirname, '../native/netport.c');
/** Where the packages put it, with its file capability set. */
const INSTALLED = ['/usr/lib/metaldesk/netport', '/opt/Metaldesk/resources/netport'];

/**
 * The path of a netport that can be run: an installed one, or one compiled into `cacheDir` under the hash of its source, so that a
 * changed source is compiled anew. Rejects with `NetportError` `no-netport` when there is neither that nor a C compiler.
 */
export async function ensureNetport(
	cacheDir: string,
	{ installed = INSTALLED, source = SOURCE, compiler = 'cc' } = {},
): Promise<string> {
	for (const file of installed) if (await isExecutable(file)) return file;
	const hash = createHash('sha256')
		.update(await readFile(source))
		.digest('hex');
	const built = path.join(cacheDir, `netport-${hash.slice(0, 16)}`);
	if (await isExecutable(built)) return built;
	await mkdir(cacheDir, { recursive: true });
	// Compiled aside and renamed, so that nobody runs half a file; two builds at once end with the same bytes.
	const half = `${built}.${randomUUID()}`;
	try {
		await promisify(execFile)(compiler, ['-O2', '-Wall', '-o', half, source]);
		await rename(half, built);
		return built;
	} catch (error) {
		await rm(half, { force: true });
		const missing = (error as NodeJS.ErrnoException).syscall === `spawn ${compiler}`;
		const cause = missing
			? `there is no C compiler (${compiler})`
			: String((error as Error).message)
					.split('\n')
					.slice(0, 3)
					.join(' ');
		throw new NetportError('no-netport', `The program that opens network ports is not installed and can't be built: ${cause}.`);
	}
}

async function isExecutable(file: string): Promise<boolean> {
	return access(file, constants.X_OK).then(
		() => true,
		() => false,
	);
}
