import { defineConfig } from 'playwright/test';

/** The page in Debian's Chromium. `PICTURES=1` takes pictures of it into .cache/screens instead of testing it. */
export default defineConfig({
	testDir: '.',
	testMatch: process.env.PICTURES ? 'pictures.spec.ts' : /(?<!pictures)\.spec\.ts$/,
	outputDir: '../../.cache/playwright',
	timeout: 60_000,
	// Two shared cores: one page at a time, and patience that a busy machine needs.
	expect: { timeout: 15_000 },
	workers: 1,
	reporter: [['list'], ['./closing-line.ts']],
	use: {
		trace: 'retain-on-failure',
		viewport: { width: 1440, height: 900 },
		launchOptions: {
			executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
			args: [
				// Chromium refuses its sandbox to root, as which CI runs.
				...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
				'--disable-gpu',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync',
			],
		},
	},
});
