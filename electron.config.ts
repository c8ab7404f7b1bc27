import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/**
 * The builds: `out/main/index.js`, `out/controller/process.js`, `out/preload/index.cjs`, and the page in `out/renderer`.
 * `METALDESK_BUILD=renderer` builds the page alone, which is all that a headless controller needs.
 */

// Where Electron can't be downloaded the window runs on Electron 33 (Chrome 130, Node 20.18), older than the declared one that
// electron-vite would take its targets from; newer syntax than this leaves a white window there.
const chrome = 'chrome130';
const node = 'node20.18';

const page = {
	root: 'renderer',
	// The controller serves the page under /MAAS/r/; relative addresses also survive a reverse proxy that adds a prefix.
	base: './',
	plugins: [react()],
	build: {
		outDir: path.resolve('out/renderer'),
		target: chrome,
		minify: true,
		// The Content-Security-Policy has no data: for fonts, so nothing small may be inlined.
		assetsInlineLimit: 0,
		modulePreload: { polyfill: false },
		rollupOptions: { input: { index: path.resolve('renderer/index.html') } },
	},
};

const processes = {
	build: {
		// The first build, and the one that empties `out`.
		outDir: 'out',
		target: node,
		minify: true,
		// Bundled whole, so that a package needs no node_modules but better-sqlite3, which loads a binary from its own folder.
		externalizeDeps: false,
		rollupOptions: {
			input: { 'main/index': path.resolve('main/index.ts'), 'controller/process': path.resolve('controller/process.ts') },
			external: ['electron', 'better-sqlite3'],
			output: { format: 'es' as const, entryFileNames: '[name].js', chunkFileNames: 'shared/[name]-[hash].js' },
		},
	},
};

const preload = {
	build: {
		outDir: 'out/preload',
		target: node,
		rollupOptions: {
			input: { index: path.resolve('main/ipc/preload.ts') },
			// A sandboxed preload can only be CommonJS.
			output: { format: 'cjs' as const, entryFileNames: '[name].cjs' },
		},
	},
};

export default defineConfig(
	process.env.METALDESK_BUILD === 'renderer' ? { renderer: page } : { main: processes, preload, renderer: page },
);
