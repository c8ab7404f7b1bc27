import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../runCommand.ts';
import type { PackageRecord } from './debControl.ts';

/**
 * Unpacks a .deb below `dir`, once per content, and returns the directory. An interrupted unpacking is never taken for a
 * whole one: the directory gets its name at the end.
 */
export async function unpackDeb(deb: string, record: PackageRecord, dir: string, signal?: AbortSignal): Promise<string> {
	const home = join(dir, `${record.name}_${record.sha256.slice(0, 16)}`);
	if (existsSync(home)) return home;
	const partial = `${home}.partial`;
	await rm(partial, { recursive: true, force: true });
	await mkdir(partial, { recursive: true });
	await runCommand('dpkg-deb', ['--extract', deb, partial], signal ? { signal } : {});
	await rename(partial, home);
	return home;
}
