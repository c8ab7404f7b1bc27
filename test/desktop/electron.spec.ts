import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ElectronApplication } from 'playwright';
import { expect, test } from 'playwright/test';
import {
	controllerPid,
	desktopCommand,
	endDesktops,
	isAlive,
	openDesktop,
	openOnController,
	titleOf,
	visibleWindows,
} from './desktop.ts';

test.afterEach(endDesktops);

test('the real controller and its page come up, and come back after a kill -9', async () => {
	const { app, child, page } = await openDesktop();
	await page.waitForURL('**/MAAS/r/**');
	await expect(page.getByRole('heading').first()).toBeVisible();
	await expect.poll(() => titleOf(app)).toBe('Metaldesk · Answering nobody');
	const isHealthy = () =>
		page.evaluate(() =>
			fetch('/healthz').then(
				(answer) => answer.ok,
				() => false,
			),
		);
	expect(await isHealthy()).toBe(true);
	const [origin, [pid = 0]] = [new URL(page.url()).origin, controllersOf(child.pid)];
	process.kill(pid, 'SIGKILL');
	await expect.poll(() => isAlive(pid)).toBe(false);
	await expect.poll(isHealthy).toBe(true);
	expect(controllersOf(child.pid)).not.toEqual([pid]);
	expect(new URL(page.url()).origin).toBe(origin);
});

test('size and place are the same after the next start', async () => {
	const place = { x: 40, y: 30, width: 900, height: 640 };
	const first = await openOnController();
	await first.app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), place);
	await first.app.close();
	const second = await openOnController({ profile: first.profile });
	expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(place);
});

test('a second start shows the window of the first and ends', async () => {
	const { app, profile } = await openOnController();
	await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
	const { executable, given, environment } = await desktopCommand({ profile, standIn: '' });
	const [code] = await once(spawn(executable, given, { env: environment, stdio: 'ignore' }), 'exit');
	expect(code).toBe(0);
	await expect.poll(() => visibleWindows(app)).toEqual([true]);
});

test('the page can stop the serving, and hears of it', async () => {
	const { app, page } = await openOnController({ standIn: 'serving' });
	await expect.poll(() => titleOf(app)).toBe('Metaldesk · Serving on eno1, eno2 · 12 leases');
	expect(await page.evaluate(() => window.desktop?.stopServing())).toBe('stopped');
	await expect.poll(() => titleOf(app)).toBe('Metaldesk · Answering nobody');
	const last = await page.evaluate(() => (window as unknown as { told: unknown[] }).told.at(-1));
	expect(last).toEqual({ state: 'running', serving: { interfaces: [], leases: 12, machinesBusy: 0 } });
});

test('a controller that is killed comes back under the open page', async () => {
	const { page } = await openOnController();
	const [pid, address] = [await controllerPid(page), page.url()];
	await page.evaluate(() => Object.assign(window, { sameDocument: true }));
	process.kill(pid, 'SIGKILL');
	await expect.poll(() => controllerPid(page)).not.toBe(pid);
	expect([page.url(), await page.evaluate(() => 'sameDocument' in window)]).toEqual([address, true]);
});

test('the controller ends with the app: killed, told to end, or closed', async () => {
	for (const end of ['SIGKILL', 'SIGTERM', 'close'] as const) {
		const { app, child, page } = await openOnController();
		const pid = await controllerPid(page);
		if (end === 'close') await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
		else child.kill(end);
		await expect.poll(() => isAlive(pid), end).toBe(false);
		await expect.poll(() => isAlive(child.pid ?? 0), end).toBe(false);
	}
});

test('closing while machines are served asks; the answer can be kept', async () => {
	const { app, page, settingsFile } = await openOnController({ standIn: 'serving' });
	await expect.poll(() => titleOf(app)).toContain('Serving on');
	const pid = await controllerPid(page);

	await answerDialogsWith(app, { response: 2, checkboxChecked: true });
	await closeWindow(app);
	await expect.poll(() => dialogsOf(app)).toHaveLength(1);
	expect(await dialogsOf(app)).toMatchObject([
		{
			message: 'Serving on eno1, eno2 · 12 leases. Quit, or keep serving?',
			detail:
				'Quitting ends that: 1 machine being worked on would be left half-way. Machines that start from the network would get no answer.' +
				' To see this window again, start Metaldesk again.',
			buttons: ['Keep Serving', 'Quit', 'Cancel'],
			cancelId: 2,
		},
	]);
	expect(await visibleWindows(app)).toEqual([true]);

	await answerDialogsWith(app, { response: 0, checkboxChecked: true });
	await closeWindow(app);
	await expect.poll(() => visibleWindows(app)).toEqual([false]);
	expect(JSON.parse(readFileSync(settingsFile, 'utf8'))).toMatchObject({ onCloseWhileServing: 'keepServing' });
	expect(isAlive(pid)).toBe(true);

	await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
	await closeWindow(app);
	await expect.poll(() => visibleWindows(app)).toEqual([false]);
	expect(await dialogsOf(app)).toHaveLength(1);
});

test('the answer Quit ends the app and the controller', async () => {
	const { app, child, page } = await openOnController({ standIn: 'serving' });
	await expect.poll(() => titleOf(app)).toContain('Serving on');
	const pid = await controllerPid(page);
	await answerDialogsWith(app, { response: 1, checkboxChecked: false });
	await closeWindow(app);
	await expect.poll(() => [isAlive(pid), isAlive(child.pid ?? 0)]).toEqual([false, false]);
});

test('a controller that refuses to start is explained, and Try again starts it', async () => {
	const { app, page, logFile } = await openDesktop({ standIn: 'refuse' });
	await expect(page.getByRole('alert')).toHaveText('Another controller uses this data folder.');
	await expect(page.getByText(`Log: ${logFile}`)).toBeVisible();
	expect(await titleOf(app)).toBe('Metaldesk · The controller is not running');
	await app.evaluate(() => {
		process.env.STANDIN = '';
	});
	await page.getByRole('button', { name: 'Try again' }).click();
	await controllerPid(page);
	expect(new URL(page.url()).pathname).toBe('/MAAS/r/');
});

test('a page that crashes twice is explained, and Try again loads it from the same controller', async () => {
	const { app, page } = await openOnController();
	const pid = await controllerPid(page);
	for (const shows of ['/MAAS/r/', '/failed']) {
		// Playwright has lost its page by then, so Electron is asked.
		const path = await app.evaluate(async ({ BrowserWindow }) => {
			const contents = BrowserWindow.getAllWindows()[0]?.webContents;
			await new Promise<void>((resolve) => {
				contents?.once('did-finish-load', () => resolve());
				contents?.forcefullyCrashRenderer();
			});
			return new URL(contents?.getURL() ?? '').pathname;
		});
		expect(path).toBe(shows);
	}
	const run = (script: string) =>
		app.evaluate(({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code), script);
	expect(await run("document.querySelector('[role=alert]').textContent")).toBe("The window's page ended unexpectedly (crashed).");
	await run("document.querySelector('button.primary').click()");
	await expect.poll(() => run("document.getElementById('pid')?.textContent")).toBe(String(pid));
});

test('the log file holds the lines of the desktop and of the controller', async () => {
	const { logFile, page } = await openOnController();
	const pid = await controllerPid(page);
	const log = readFileSync(logFile, 'utf8');
	expect(log).toMatch(/ info Metaldesk \d+\.\d+\.\d+ starts on Electron /);
	expect(log).toContain(` info [controller] stand-in: stand-in ${pid} starts\n`);
});

function closeWindow(app: ElectronApplication): Promise<void> {
	return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
}

/** The process numbers of the children of `parent` that run the controller. */
function controllersOf(parent = 0): number[] {
	const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').map(Number);
	return children.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('controller/process.ts'));
}

/** Native dialogs can't be driven from here: their answer is put in their place, their question is kept. */
function answerDialogsWith(app: ElectronApplication, answer: { response: number; checkboxChecked: boolean }): Promise<void> {
	return app.evaluate(({ dialog }, given) => {
		const asked: unknown[] = [];
		Object.assign(globalThis, { asked });
		const answering = async (_window: unknown, question: unknown) => {
			asked.push(question);
			return given;
		};
		dialog.showMessageBox = answering as typeof dialog.showMessageBox;
	}, answer);
}

function dialogsOf(app: ElectronApplication): Promise<unknown[]> {
	return app.evaluate(() => (globalThis as unknown as { asked: unknown[] }).asked);
}
