import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { root } from '../../main/launch/build.mjs';
import { controllerPid, endDesktops, openDesktop, openOnController, titleOf, visibleWindows } from './desktop.ts';

test.afterEach(endDesktops);

test('the window shows the controller and gives its page nothing but the contract', async () => {
	const { app, page } = await openOnController();
	await expect.poll(() => titleOf(app)).toBe('Metaldesk · Answering nobody');
	expect(new URL(page.url()).pathname).toBe('/MAAS/r/');
	expect(await page.evaluate(whatThePageHas)).toEqual({
		node: ['undefined', 'undefined', 'undefined', 'undefined', 'undefined'],
		desktop: ['onController', 'openLogFolder', 'platform', 'reopenPage', 'restartController', 'stopServing', 'versions'],
	});
	expect(await app.evaluate(webPreferencesOf)).toMatchObject({
		sandbox: true,
		contextIsolation: true,
		nodeIntegration: false,
		nodeIntegrationInSubFrames: false,
		webSecurity: true,
		allowRunningInsecureContent: false,
		webviewTag: false,
	});
});

test('the launch token is in no argument and not in the log', async () => {
	const { page, logFile } = await openOnController();
	const pid = await controllerPid(page);
	const token = /METALDESK_LAUNCH_TOKEN=([\w-]{43})\0/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1] ?? '';
	expect(token).toHaveLength(43);
	expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(token);
	expect(readFileSync(logFile, 'utf8')).not.toContain(token);
});

test('the page can not leave the controller nor load anything from elsewhere', async () => {
	const { page } = await openOnController();
	const elsewhere = await startElsewhere();
	const home = page.url();
	try {
		await page.evaluate((address) => {
			location.href = address;
		}, elsewhere.address);
		await page.evaluate((address) => {
			const form = Object.assign(document.createElement('form'), { action: address, method: 'post' });
			document.body.append(form);
			form.submit();
		}, elsewhere.address);
		const loaded = await page.evaluate(
			(address) =>
				Promise.all([
					fetch(address, { mode: 'no-cors' }).then(
						() => 'loaded',
						() => 'refused',
					),
					new Promise((resolve) => {
						const image = new Image();
						image.onload = () => resolve('loaded');
						image.onerror = () => resolve('refused');
						image.src = address;
					}),
					new Promise((resolve) => {
						const frame = Object.assign(document.createElement('iframe'), { src: address });
						document.body.append(frame);
						setTimeout(() => resolve(frame.contentDocument === null ? 'loaded' : 'refused'), 500);
					}),
				]),
			elsewhere.address,
		);
		expect({ loaded, requests: elsewhere.requests(), at: page.url() }).toEqual({
			loaded: ['refused', 'refused', 'refused'],
			requests: 0,
			at: home,
		});
		for (const address of [
			'file:///etc/passwd',
			'metaldesk://elsewhere/',
			'data:text/html,hello',
			'javascript:document.body.remove()',
		]) {
			await page.evaluate((to) => {
				location.href = to;
			}, address);
		}
		expect(page.url()).toBe(home);
		expect(await page.evaluate(() => document.querySelector('h1')?.textContent)).toBe('Stand-in controller');
	} finally {
		elsewhere.close();
	}
});

test('window.open opens no window; only plain web addresses reach the system browser', async () => {
	const { app, page } = await openOnController();
	await app.evaluate(({ shell }) => {
		const opened: string[] = [];
		Object.assign(globalThis, { opened });
		shell.openExternal = async (address: string) => {
			opened.push(address);
		};
	});
	const addresses = [
		'https://bmc.example.org/redfish',
		'http://192.0.2.7/',
		'file:///etc/passwd',
		'smb://192.0.2.7/share',
		'javascript:alert(1)',
		'https://example.org@192.0.2.7/',
		'vscode://open',
	];
	for (const address of addresses) await page.evaluate((to) => void window.open(to), address);
	await expect
		.poll(() => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened))
		.toEqual(['https://bmc.example.org/redfish', 'http://192.0.2.7/']);
	expect(await visibleWindows(app)).toEqual([true]);
});

test('the page gets no permission but to write the clipboard', async () => {
	const { page } = await openOnController();
	const names = ['camera', 'microphone', 'geolocation', 'notifications', 'midi', 'clipboard-read', 'clipboard-write'];
	const states = await page.evaluate(
		(asked) =>
			Promise.all(asked.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state)),
		names,
	);
	expect(Object.fromEntries(names.map((name, index) => [name, states[index]]))).toEqual({
		camera: 'denied',
		microphone: 'denied',
		geolocation: 'denied',
		notifications: 'denied',
		midi: 'denied',
		'clipboard-read': 'denied',
		'clipboard-write': 'granted',
	});
	expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
	expect(await page.evaluate(() => navigator.requestMIDIAccess().catch((error: Error) => error.name))).toBe('NotAllowedError');
});

test('a desktop call from a page that is not ours is refused', async () => {
	const { app, page } = await openOnController({ standIn: 'serving' });
	const preload = path.join(root, 'out/preload/index.cjs');
	const answer = await app.evaluate(async ({ BrowserWindow }, preload) => {
		const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
		await stranger.loadURL('about:blank');
		const message = await stranger.webContents.executeJavaScript('desktop.stopServing().catch((error) => error.message)');
		stranger.destroy();
		return message;
	}, preload);
	expect(answer).toContain('stopServing is not for this page');
	const tooMuch = await page.evaluate(() =>
		(window.desktop as unknown as { stopServing(extra: string): Promise<string> })
			.stopServing('now')
			.catch((error: Error) => error.message),
	);
	expect(tooMuch).toContain('takes no arguments');
	await expect.poll(() => titleOf(app)).toBe('Metaldesk · Serving on eno1, eno2 · 12 leases');
});

test('a page without a content security policy is not shown', async () => {
	const { page, logFile } = await openDesktop({ standIn: 'noPolicy' });
	await expect(page.getByRole('heading')).toHaveText('The page can not be shown');
	await expect(page.getByRole('alert')).toHaveText(
		'The page of the controller was refused because it is not safe to show; the log says why.',
	);
	expect(readFileSync(logFile, 'utf8')).toMatch(/error The page \S+ came without a content security policy/);
});

test('the failure page shows hostile words as text', async () => {
	const { page } = await openDesktop({ standIn: 'hostile' });
	await expect(page.getByRole('alert')).toHaveText('<img src=x onerror="alert(1)"> & \'friends\'');
});

function whatThePageHas() {
	const page = globalThis as unknown as Record<string, unknown>;
	return {
		node: ['require', 'process', 'module', 'Buffer', 'global'].map((name) => typeof page[name]),
		desktop: Object.keys(window.desktop ?? {}).sort(),
	};
}

/** Undocumented, but what the window was really made with. */
function webPreferencesOf({ BrowserWindow }: typeof import('electron')) {
	const page = BrowserWindow.getAllWindows()[0]?.webContents as { getLastWebPreferences?(): { preload: string } } | undefined;
	return page?.getLastWebPreferences?.();
}

/** A site that nobody may reach from the window. */
async function startElsewhere() {
	let count = 0;
	const server = createServer((_request, response) => {
		count++;
		response.writeHead(200, { 'content-type': 'image/svg+xml' }).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return { address: `http://127.0.0.1:${port}/`, requests: () => count, close: () => server.close() };
}
