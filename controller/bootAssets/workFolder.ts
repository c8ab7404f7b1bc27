import { mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A new empty folder `PREFIX-PID-RANDOM` in `parent`, for what must not be seen before it is whole. */
export async function makeWorkFolder(parent: string, prefix: string): Promise<string> {
	await mkdir(parent, { recursive: true });
	return await mkdtemp(join(parent, `${prefix}-${process.pid}-`));
}

/** Folders that `makeWorkFolder` made for a process that is no more: it was killed before it could clean up. */
export async function abandonedWorkFolders(parent: string, prefix: string): Promise<string[]> {
	const names = await readdir(parent).catch(() => []);
	return names
		.filter((name) => {
			const [, pid] = name.startsWith(`${prefix}-`) ? (/^(\d+)-\w{6}$/.exec(name.slice(prefix.length + 1)) ?? []) : [];
			return pid !== undefined && !isAlive(Number(pid));
		})
		.map((name) => join(parent, name));
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// EPERM: somebody else's process, but there.
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}
