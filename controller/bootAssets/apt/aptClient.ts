import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AptSource, renderSources } from '../aptSources.ts';
import { CommandError, runCommand } from '../runCommand.ts';
import { abandonedWorkFolders, makeWorkFolder } from '../workFolder.ts';
import { type PackageRecord, parsePackageRecords } from './debControl.ts';

/** The system's apt client in a private directory, run by whoever builds. It neither reads nor changes what is installed. */
export interface AptClient {
	/** Fetches the package indexes; apt checks their signatures and refuses unsigned archives. */
	update(): Promise<void>;
	/** Index entries of the newest versions. A name that no archive has is left out. */
	show(names: readonly string[]): Promise<PackageRecord[]>;
	/**
	 * Fetches what is not there yet; returns the .deb file by package name, each one verified against the index.
	 * `onBytes` hears how much of the missing part is there.
	 */
	download(records: readonly PackageRecord[], onBytes: (done: number, total: number) => void): Promise<Map<string, string>>;
}

export interface AptClientOptions {
	/** Directory for apt's state, lists and .deb files; created when missing, kept between builds. */
	dir: string;
	sources: readonly AptSource[];
	signal?: AbortSignal;
}

export async function createAptClient({ dir, sources, signal }: AptClientOptions): Promise<AptClient> {
	const debs = join(dir, 'debs');
	for (const folder of ['state/lists/partial', 'cache/archives/partial', 'debs'])
		await mkdir(join(dir, folder), { recursive: true });
	await writeFile(join(dir, 'status'), '');
	await writeFile(join(dir, 'metaldesk.sources'), renderSources(sources));
	const settings = aptSettings(dir);
	const options = signal ? { signal } : {};

	return {
		async update() {
			await whileLocked(() => runCommand('apt-get', [...settings, '-q', '-o', 'APT::Update::Error-Mode=any', 'update'], options));
		},
		async show(names) {
			if (names.length === 0) return [];
			const args = [...settings, 'show', '--no-all-versions', ...names];
			return parsePackageRecords(await runCommand('apt-cache', args, options).catch(emptyWhenUnknown));
		},
		async download(records, onBytes) {
			for (const folder of await abandonedWorkFolders(dir, 'incoming')) await keepWhole(folder, debs, records);
			const there = await verifiedDebs(debs, records);
			const missing = records.filter((record) => !there.has(record.name));
			if (missing.length > 0) {
				const total = missing.reduce((sum, record) => sum + record.size, 0);
				const args = [...settings, '-qq', '-o', 'APT::Status-Fd=3', 'download', ...missing.map(exactVersion)];
				// Two builds may share the cache: each fetches into a folder of its own.
				const incoming = await makeWorkFolder(dir, 'incoming');
				try {
					await runCommand('apt-get', args, {
						...options,
						cwd: incoming,
						// "dlstatus:3:11.79:Retrieving file 3 of 60": the second number is per cent of all bytes.
						onStatusLine: (line) => onBytes((total * Number(/^dlstatus:\d+:([\d.]+):/.exec(line)?.[1] ?? 0)) / 100, total),
					});
				} finally {
					await keepWhole(incoming, debs, missing);
				}
				for (const [name, file] of await verifiedDebs(debs, missing)) there.set(name, file);
			}
			const lost = records.find((record) => !there.has(record.name));
			if (lost) throw new Error(`${exactVersion(lost)}: the downloaded package does not match the hash in the signed index`);
			return there;
		},
	};
}

/** Another build may hold apt's lock on the index for a few seconds; apt itself does not wait for this one. */
async function whileLocked(update: () => Promise<unknown>): Promise<void> {
	for (let tries = 60; ; tries--) {
		try {
			await update();
			return;
		} catch (error) {
			if (tries === 0 || !(error instanceof CommandError && /Could not get lock|Unable to lock/.test(error.message))) throw error;
			await sleep(1000);
		}
	}
}

/** What arrived whole, also before an interruption, is kept; the rest of the folder goes. */
async function keepWhole(incoming: string, debs: string, records: readonly PackageRecord[]): Promise<void> {
	for (const file of (await verifiedDebs(incoming, records)).values()) await rename(file, join(debs, basename(file)));
	await rm(incoming, { recursive: true, force: true });
}

const exactVersion = (record: PackageRecord) => `${record.name}=${record.version}`;

/** apt-cache ends with 100 when it knows none of the names; that is an empty answer, not a broken client. */
function emptyWhenUnknown(error: Error): string {
	if (/No packages found/.test(error.message)) return '';
	throw error;
}

/** Files in `debs` whose size and SHA-256 are those of the index. Others (half a download, an attack) are deleted. */
async function verifiedDebs(debs: string, records: readonly PackageRecord[]): Promise<Map<string, string>> {
	const present = new Set(await readdir(debs));
	const verified = new Map<string, string>();
	for (const record of records) {
		// apt writes the epoch's colon as %3a.
		const start = `${record.name}_${record.version.replace(':', '%3a')}_`;
		const file = [...present].find((name) => name.startsWith(start) && name.endsWith('.deb'));
		if (!file) continue;
		const path = join(debs, file);
		if ((await stat(path)).size === record.size && (await sha256OfFile(path)) === record.sha256) verified.set(record.name, path);
		else await rm(path);
	}
	return verified;
}

export async function sha256OfFile(path: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path), hash);
	return hash.digest('hex');
}

/**
 * The host's apt.conf.d still counts (proxies, credentials for a mirror); where things are and what is trusted is ours.
 * On the command line, because only there do settings win over apt.conf.d (apt.conf(5), order of reading).
 */
function aptSettings(dir: string): string[] {
	const settings: [string, string][] = [
		['Dir::State', join(dir, 'state')],
		['Dir::State::lists', join(dir, 'state/lists')],
		['Dir::State::status', join(dir, 'status')],
		['Dir::Cache', join(dir, 'cache')],
		// Container images switch this cache off, which makes every apt-cache call parse the index again.
		['Dir::Cache::pkgcache', 'pkgcache.bin'],
		['Dir::Cache::srcpkgcache', ''],
		['Dir::Etc::sourcelist', join(dir, 'metaldesk.sources')],
		['Dir::Etc::sourceparts', '/dev/null'],
		['Dir::Etc::preferences', '/dev/null'],
		['Dir::Etc::preferencesparts', '/dev/null'],
		['APT::Architecture', 'amd64'],
		['APT::Architectures', 'amd64'],
		['Acquire::Languages', 'none'],
		// As root, apt drops to the user _apt for fetching, who can't write into a private directory.
		['APT::Sandbox::User', 'root'],
		['APT::Get::AllowUnauthenticated', 'false'],
		['Acquire::AllowInsecureRepositories', 'false'],
		['Acquire::AllowDowngradeToInsecureRepositories', 'false'],
		['Acquire::Retries', '3'],
	];
	return settings.flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}
