// Builds the window, its preload and its page when their sources have changed; for `npm start` and the desktop tests.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The project's own Node, which runs everything that needs a newer one than npm's. */
export const node = path.join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');

const sources = ['main', 'renderer', 'assets', 'electron.config.ts', 'package.json'];
const products = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html'];

/** Throws an Error with one sentence when it can't; what the build itself has to say is on standard error by then. */
export function buildIfStale() {
	if (!existsSync(node)) throw new Error('The packages are not installed. Type: npm ci');
	// A product that is missing is infinitely old, so a build that broke off is done again.
	if (Math.max(...sources.map(newestIn)) > Math.min(...products.map(timeOf))) build();
}

function build() {
	console.error('Building the window (its sources have changed).');
	const tool = path.join(root, 'node_modules/electron-vite/bin/electron-vite.js');
	const { status } = spawnSync(node, [tool, 'build', '--config', 'electron.config.ts', '--logLevel', 'warn'], {
		cwd: root,
		stdio: ['ignore', 2, 2],
	});
	if (status !== 0) throw new Error('The build failed; its messages are above.');
}

function timeOf(product) {
	const file = path.join(root, product);
	return existsSync(file) ? statSync(file).mtimeMs : Number.NEGATIVE_INFINITY;
}

function newestIn(place) {
	const about = statSync(path.resolve(root, place));
	if (!about.isDirectory()) return about.mtimeMs;
	// A folder's own time tells of files that are gone.
	const inside = readdirSync(path.resolve(root, place)).map((name) => newestIn(path.join(place, name)));
	return Math.max(about.mtimeMs, ...inside);
}
