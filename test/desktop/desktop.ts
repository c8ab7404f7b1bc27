import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { test } from 'playwright/test';
import { buildIfStale, root } from '../../main/launch/build.mjs';
import { electronRuntime } from '../../main/launch/electronRuntime.mjs';

export interface Desktop {
	readonly app: ElectronApplication;
	/** Electron's main process. */
	readonly child: ChildProcess;
	/** The window's page, whatever it shows. */
	readonly page: Page;
	/** Where settings, log and data of this person are; give it to a second start to be the same person. */
	readonly profile: string;
	readonly logFile: string;
	readonly settingsFile: string;
}

export interface DesktopOptions {
	readonly profile?: string;
	/** Words for test/support/standInController.mjs, which then takes the controller's place. */
	readonly standIn?: string;
	readonly environment?: Record<string, string>;
}

/** Not ended yet; a test that fails leaves its app behind. */
const running = new Set<ChildProcess>();

/** For `test.afterEach`: kills what a test has left. */
export function endDesktops() {
	for (const child of running) child.kill('SIGKILL');
	running.clear();
}

/** Starts the desktop app as a person of its own, on free ports, and waits for its window. */
export async function openDesktop(options: DesktopOptions = {}): Promise<Desktop> {
	const profile = options.profile ?? newProfile();
	const { executable, given, environment } = await desktopCommand({ ...options, profile });
	const app = await _electron.launch({ executablePath: executable, args: given, env: environment });
	running.add(app.process());
	const page = await app.firstWindow();
	const ours = path.join(profile, 'metaldesk');
	return {
		app,
		child: app.process(),
		page,
		profile,
		logFile: path.join(ours, 'logs/metaldesk.log'),
		settingsFile: path.join(ours, 'settings.json'),
	};
}

/** Beside the test's other results, where a failed test leaves its log to be read. */
function newProfile(): string {
	const place = test.info().outputPath();
	mkdirSync(place, { recursive: true });
	return mkdtempSync(path.join(place, 'profile-'));
}

/** Opens the app on the stand-in and waits for the controller's page. */
export async function openOnController(options: DesktopOptions = {}): Promise<Desktop> {
	const desktop = await openDesktop({ standIn: '', ...options });
	await controllerPid(desktop.page);
	return desktop;
}

/** What to run to start the app, also a second time beside the first. */
export async function desktopCommand({ profile, standIn, environment = {} }: DesktopOptions & { readonly profile: string }) {
	buildIfStale();
	const { executable } = await electronRuntime();
	const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
	const replaced = standIn === undefined ? {} : { METALDESK_CONTROLLER: path.join(root, 'test/support/standInController.mjs') };
	const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
	return {
		executable,
		given: [...asRoot, root],
		environment: {
			...Object.fromEntries(inherited),
			XDG_CONFIG_HOME: profile,
			METALDESK_DATA: path.join(profile, 'data'),
			METALDESK_HTTP_PORT: '0',
			STANDIN: standIn ?? '',
			...replaced,
			...environment,
		},
	};
}

/** The process number that the stand-in's page shows. */
export async function controllerPid(page: Page): Promise<number> {
	const output = page.locator('#pid');
	await output.filter({ hasText: /^\d+$/ }).waitFor();
	return Number(await output.textContent());
}

export function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
		throw error;
	}
}

export function titleOf(app: ElectronApplication): Promise<string | undefined> {
	return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
}

/** Of each window, whether it can be seen. */
export function visibleWindows(app: ElectronApplication): Promise<boolean[]> {
	return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isVisible()));
}
