import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';

/** The folder in which a controller keeps everything, held by one controller at a time. */
export interface DataDirectory {
	readonly database: string;
	readonly keyFile: string;
	readonly images: string;
	readonly outputs: string;
	readonly bootAssets: string;
	readonly cache: string;
	release(): void;
}

export function dataPaths(folder: string): Omit<DataDirectory, 'release'> {
	return {
		database: path.join(folder, 'region.db'),
		keyFile: path.join(folder, 'secret.key'),
		images: path.join(folder, 'images'),
		outputs: path.join(folder, 'outputs'),
		bootAssets: path.join(folder, 'boot-assets'),
		cache: path.join(folder, 'cache'),
	};
}

/**
 * Makes the folder when it is missing and takes its lock: an exclusive transaction on a database of its own, because the operating
 * system drops that lock with the process, however it ends. `null` when another controller holds it.
 */
export function holdDataDirectory(folder: string): DataDirectory | null {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const lock = new Sqlite(path.join(folder, 'controller.lock'), { timeout: 0 });
	try {
		lock.exec('begin exclusive');
	} catch (error) {
		lock.close();
		if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return null;
		throw error;
	}
	return { ...dataPaths(folder), release: () => lock.close() };
}
