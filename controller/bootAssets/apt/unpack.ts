import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../runCommand.ts';
import { makeWorkFolder } from '../workFolder.ts';
import type { PackageRecord } from './debControl.ts';

/**
 * Unpacks a .deb below `dir`, once per content, and returns the directory. An interrupted unpacking is never taken for a
 * whole one: the directory gets its name at the end.
 */
export async function unpackDeb(deb: string, record: PackageRecord, dir: string, signal?: AbortSignal): Promise<string> {
	const home = join(dir, `${record.name}_${record.sha256.slice(0, 16)}`);
	if (existsSync(home)) return home;
	const partial = await makeWorkFolder(dir, 'partial');
	try {
		await runCommand('dpkg-deb', ['--extract', deb, partial], signal ? { signal } : {});
		await rename(partial, home);
	} catch (error) {
		await rm(partial, { recursive: true });
		// Another build on the same cache was faster.
		if (!(error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST'))) throw error;
	}
	return home;
}
