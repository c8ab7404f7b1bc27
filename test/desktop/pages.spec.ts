import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from 'playwright/test';
import type { Scenario } from '../support/fixture/world.ts';
import { type Fixture, startFixture } from '../support/fixtureController.ts';
import { places } from './places.ts';

// Every page and every flow of the window, in Chromium, against a made-up rack. The controller's own tests prove the calls.

let fixture: Fixture;
let complaints: string[];

test.beforeEach(({ page }) => {
	complaints = [];
	page.on('console', (message) => {
		// A refused call is logged by the browser itself; the tests of refusals look at what the page says.
		if (message.type() === 'error' && !/Failed to load resource|WebSocket/.test(message.text())) complaints.push(message.text());
	});
	page.on('pageerror', (error) => complaints.push(String(error)));
});

test.afterEach(async () => {
	await fixture.close();
	// Also how a break of the Content-Security-Policy is told.
	expect(complaints).toEqual([]);
});

async function open(page: Page, hash: string, scenario: Scenario = 'rack'): Promise<void> {
	fixture = await startFixture(scenario);
	await page.goto(`${fixture.url}${hash}`);
}
/** Lets the machine that is being commissioned do that many of its steps. */
function steps(count: number): void {
	for (let n = 0; n < count; n++) fixture.step();
}
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });

for (const place of places) {
	test(`axe finds nothing on ${place.name}, light and dark`, async ({ page }) => {
		fixture = await startFixture(place.scenario, { signedIn: place.signedIn ?? true });
		await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
		await page.goto(`${fixture.url}${place.hash}`);
		await place.open(page);
		expect(await violations(page)).toEqual([]);
		await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
		expect(await violations(page)).toEqual([]);
	});
}

async function violations(page: Page): Promise<string[]> {
	const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
	return found.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html} ${node.failureSummary}`));
}

test('signing in: wrong password in words, then the machine list', async ({ page }) => {
	fixture = await startFixture('rack', { signedIn: false });
	await page.goto(fixture.url);
	await page.getByLabel('Username').fill('ada');
	await page.getByLabel('Password').fill('wrong');
	await button(page, 'Sign in').click();
	await expect(page.getByRole('alert')).toContainText('The name or the password is wrong.');
	await page.getByLabel('Password').fill('correct horse');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('grid', { name: 'Machines' })).toBeVisible();
});

test('the first run by keyboard alone, from no user to the machine list', async ({ page }) => {
	await open(page, '', 'firstRun');
	await expect(page.getByLabel('Username')).toBeFocused();
	await page.keyboard.press('Tab');
	await page.keyboard.type('short');
	await page.keyboard.press('Enter');
	await expect(page.getByText('The two are not the same.')).toBeVisible();
	await page.getByLabel('Password', { exact: true }).focus();
	await page.keyboard.press('Control+A');
	await page.keyboard.type('correct horse');
	await page.keyboard.press('Tab');
	await page.keyboard.type('correct horse');
	await page.keyboard.press('Enter');

	await expect(page.getByRole('heading', { name: 'Choose where the machines are' })).toBeFocused();
	await tabTo(page, button(page, 'Serve…').first());
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog', { name: 'Serve machines on br0' });
	await expect(dialog.getByText('No other DHCP server answered')).toBeVisible();
	await tabTo(page, dialog.getByRole('button', { name: 'Serve on br0' }));
	await page.keyboard.press('Enter');
	await expect(page.getByRole('listitem').filter({ hasText: 'br0' })).toContainText('Serving');
	await tabTo(page, button(page, 'Continue'));
	await page.keyboard.press('Enter');

	await expect(page.getByRole('heading', { name: 'Build what machines boot' })).toBeFocused();
	await tabTo(page, button(page, 'Build boot assets'));
	await page.keyboard.press('Enter');
	await expect(page.getByRole('progressbar')).toBeVisible();
	await expect(page.getByText('6.1.0-28-amd64', { exact: true })).toBeVisible();
	await tabTo(page, button(page, 'Continue'));
	await page.keyboard.press('Enter');
	await tabTo(page, page.getByRole('link', { name: 'Go to the machines' }));
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'Power on a machine' })).toBeVisible();
});

test('the first run goes on where it was left', async ({ page }) => {
	await open(page, '', 'firstRun');
	await page.getByLabel('Password', { exact: true }).fill('correct horse');
	await page.getByLabel('Password again').fill('correct horse');
	await button(page, 'Create and continue').click();
	await expect(page.getByRole('heading', { name: 'Choose where the machines are' })).toBeVisible();
	await page.reload();
	await expect(page.getByRole('heading', { name: 'Choose where the machines are' })).toBeVisible();
	await button(page, 'Skip this step').click();
	await expect(page.getByRole('heading', { name: 'Build what machines boot' })).toBeVisible();
});

test('an interface with another DHCP server is refused, and the server is named', async ({ page }) => {
	await open(page, '#/network', 'empty');
	await page.getByRole('listitem').filter({ hasText: 'eno1' }).getByRole('button', { name: 'Serve…' }).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog).toContainText('198.51.100.1');
	await expect(dialog).toContainText('f4:92:bf:0c:77:1e');
	await expect(dialog.getByRole('button', { name: 'Serve on eno1' })).toBeDisabled();
});

test('the list is live: a machine goes from Commissioning to Ready without a reload', async ({ page }) => {
	await open(page, '#/machines');
	await expect(row(page, 'r650-02')).toContainText('Commissioning');
	steps(11);
	await expect(row(page, 'r650-02')).toContainText('Neighbours on the switch');
	steps(14);
	await expect(row(page, 'r650-02')).toContainText('Ready');
});

test('filter with /, Escape, and nothing found', async ({ page }) => {
	await open(page, '#/machines');
	await expect(row(page, 'r650-01')).toBeVisible();
	await page.keyboard.press('/');
	await page.keyboard.type('status:ready row-a');
	await expect(page.getByRole('row')).toHaveCount(2);
	await page.keyboard.press('Control+A');
	await page.keyboard.type('no such thing');
	await expect(page.getByText('No machine matches.')).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('row')).toHaveCount(15);
});

test('rows are walked, selected, extended and opened by keyboard', async ({ page }) => {
	await open(page, '#/machines');
	await row(page, 'dl360-01').focus();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Space');
	await page.keyboard.press('Shift+ArrowDown');
	await page.keyboard.press('Shift+ArrowDown');
	await expect(page.getByText('3 machines selected')).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByText('machines selected')).toHaveCount(0);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'nuc-01' })).toBeVisible();
});

test('of 5,000 machines only those in sight are drawn, and any can be reached', async ({ page }) => {
	await open(page, '#/machines', 'many');
	await expect(page.getByText('node-0000')).toBeVisible();
	expect(await page.getByRole('row').count()).toBeLessThan(80);
	await row(page, 'node-0000').focus();
	await page.keyboard.press('End');
	await expect(row(page, 'node-4999')).toBeFocused();
	await page.keyboard.press('ArrowUp');
	await expect(row(page, 'node-4998')).toBeFocused();
	expect(await page.getByRole('row').count()).toBeLessThan(80);
	await page.keyboard.press('/');
	await page.keyboard.type('node-2500');
	await expect(page.getByRole('row')).toHaveCount(2);
});

test('a session that ends on the controller’s side leads to the sign-in form', async ({ page }) => {
	await open(page, '#/machines/4ygc6n');
	await expect(page.getByRole('heading', { name: 'r650-01' })).toBeVisible();
	await page.request.post(new URL('../app/session.logout', fixture.url).href, { headers: { 'X-Metaldesk': '1' }, data: {} });
	await page.getByRole('tab', { name: 'Events' }).click();
	await expect(button(page, 'Sign in')).toBeVisible();
});

test('an action that is not possible can be reached and says why', async ({ page }) => {
	await open(page, '#/machines/4ygc6n');
	await button(page, 'Deploy…').focus();
	await page.keyboard.press('Shift+Tab');
	await page.keyboard.press('Tab');
	await expect(page.getByRole('tooltip')).toContainText('Not possible while Deployed.');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('deploy: image, keys, user-data; the machine is Deploying', async ({ page }) => {
	await open(page, '#/machines/xt7ab4');
	await button(page, 'Deploy…').click();
	const dialog = page.getByRole('dialog', { name: 'Deploy 1 machine' });
	await dialog.getByRole('radio', { name: /ubuntu-24.04/ }).press('Space');
	await expect(dialog).toContainText('ada@workbench.example.org');
	await dialog.getByLabel('Cloud-init user-data').fill('#cloud-config\npackages: [htop]\n');
	const sent = page.waitForRequest((request) => request.url().endsWith('machine.act'));
	await dialog.getByRole('button', { name: 'Deploy' }).click();
	expect((await sent).postDataJSON()).toEqual({
		systemId: 'xt7ab4',
		action: 'deploy',
		imageId: 3,
		userData: '#cloud-config\npackages: [htop]\n',
	});
	await expect(dialog).toHaveCount(0);
	await expect(page.getByText('Deploying', { exact: true })).toBeVisible();
});

test('deploy without a key or an image warns before it is too late', async ({ page }) => {
	await open(page, '#/keys');
	for (const name of ['ada@workbench.example.org', 'ada@token']) {
		await button(page, `Delete the key ${name}`).click();
		await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
		await expect(button(page, `Delete the key ${name}`)).toHaveCount(0);
	}
	await page.goto(`${fixture.url}#/machines/xt7ab4`);
	await button(page, 'Deploy…').click();
	await expect(page.getByRole('dialog')).toContainText('nobody will be able to log in');
});

test('allocating reserves a machine: who has it, what for and until when is on its page', async ({ page }) => {
	await open(page, '#/machines/xt7ab4');
	await button(page, 'Allocate…').click();
	const dialog = page.getByRole('dialog', { name: 'Allocate 1 machine to yourself' });
	await dialog.getByLabel('Note').fill('firmware of the NICs');
	await dialog.getByLabel('Until').fill('2026-12-31');
	const sent = page.waitForRequest((request) => request.url().endsWith('machine.act'));
	await dialog.getByRole('button', { name: 'Allocate' }).click();
	const asked = { systemId: 'xt7ab4', action: 'allocate', note: 'firmware of the NICs', until: '2026-12-31' };
	expect((await sent).postDataJSON()).toEqual(asked);
	await expect(page.getByText('for firmware of the NICs')).toBeVisible();
	await expect(page.getByText('until 2026-12-31')).toBeVisible();
});

test('release names the machine, has Cancel focused, and asks how to erase', async ({ page }) => {
	await open(page, '#/machines/4ygc6n');
	await button(page, 'Release…').click();
	const dialog = page.getByRole('alertdialog', { name: 'Release 1 machine?' });
	await expect(dialog).toContainText('r650-01');
	await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
	await dialog.getByRole('radio', { name: /Full erase/ }).press('Space');
	const sent = page.waitForRequest((request) => request.url().endsWith('machine.act'));
	await dialog.getByRole('button', { name: 'Erase and release' }).click();
	expect((await sent).postDataJSON()).toEqual({ systemId: '4ygc6n', action: 'release', erase: 'full' });
	await expect(page.getByText('Releasing', { exact: true })).toBeVisible();
});

test('deleting several machines names each and leaves out the one that can’t', async ({ page }) => {
	await open(page, '#/machines');
	for (const name of ['dl360-01', 'dl360-03', 'ucs-02']) await page.getByRole('checkbox', { name: `Select ${name}` }).click();
	await button(page, 'More').click();
	await page.getByRole('menuitem', { name: 'Delete…' }).click();
	const dialog = page.getByRole('alertdialog', { name: 'Delete: 2 machines?' });
	await expect(dialog).toContainText('dl360-03');
	await expect(dialog).toContainText('ucs-02');
	await expect(dialog).toContainText('Left out: dl360-01 (It is locked. Unlock it first)');
	await dialog.getByRole('button', { name: 'Delete' }).click();
	await expect(row(page, 'ucs-02')).toHaveCount(0);
	await expect(row(page, 'dl360-01')).toHaveCount(1);
});

test('the timeline: stages are walked by arrow keys, the failed one is told with cause and next step', async ({ page }) => {
	await open(page, '#/machines/rdy6ce');
	const failed = button(page, /^smartctl-validate, 13 s, failed/);
	await expect(failed).toHaveAttribute('aria-pressed', 'true');
	await expect(page.getByText('1,284 reallocated sectors', { exact: false })).toBeVisible();
	await expect(page.getByText('Replace the disk in bay 2', { exact: false })).toHaveCount(1);
	await failed.focus();
	await page.keyboard.press('ArrowLeft');
	await expect(button(page, /^maas-capture-lldp, 12 s/)).toBeFocused();
	await expect(page.getByLabel('Chosen stage')).toContainText('Neighbours on the switch');
	await button(page, /^Commission .*1 min 11 s/).click();
	await expect(page.getByText('The disk sda failed its SMART self-test.')).toHaveCount(0);
});

test('what a machine prints is shown and not obeyed', async ({ page }) => {
	await open(page, '#/machines/rdy6ce/results');
	await expect(page.getByLabel('Printed text')).toContainText('test result: FAILED!\nDrive failure');
	await button(page, /maas-lshw/).click();
	await expect(page.getByLabel('Printed text')).toContainText('<script>alert(1)</script>');
});

test('a running script’s output grows while one looks', async ({ page }) => {
	await open(page, '#/machines/wkd83r');
	await expect(page.getByLabel('Printed text')).toContainText('PowerEdge R650');
	steps(2);
	await expect(page.getByLabel('Printed text')).toContainText('memory:5');
	steps(2);
	await expect(page.getByLabel('Printed text')).toContainText('memory:3');
});

test('power settings are drawn from the driver, and a stored password stays', async ({ page }) => {
	await open(page, '#/machines/4ygc6n/hardware');
	await button(page, 'Change…').click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('User').fill('maas');
	const sent = page.waitForRequest((request) => request.url().endsWith('machine.setPower'));
	await dialog.getByRole('button', { name: 'Save and check' }).click();
	expect((await sent).postDataJSON()).toEqual({
		systemId: '4ygc6n',
		driver: 'ipmi',
		parameters: { power_address: '192.0.2.11', power_user: 'maas', power_driver: 'LAN_2_0' },
	});
});

test('stop serving now, from any page', async ({ page }) => {
	await open(page, '#/settings');
	await expect(page.getByText('Serving DHCP on br0 · 10 leases')).toBeVisible();
	await button(page, 'Stop serving now').click();
	await expect(page.getByText('We answer nobody')).toBeVisible();
	await expect(button(page, 'Stop serving now')).toHaveCount(0);
});

test('a lost connection is said, what is on screen stays, and it comes back by itself', async ({ page }) => {
	await open(page, '#/machines');
	await expect(row(page, 'r650-01')).toBeVisible();
	fixture.away();
	await expect(page.getByText('Connection lost, trying again', { exact: false })).toBeVisible();
	await expect(row(page, 'r650-01')).toBeVisible();
	await page.waitForTimeout(1500);
	fixture.back();
	await expect(page.getByText('Connection lost, trying again', { exact: false })).toHaveCount(0);
	await expect(page.getByText('Connected', { exact: true })).toBeVisible();
});

test('an image is uploaded, shown with its hash, and deleted', async ({ page }) => {
	await open(page, '#/images');
	const chooser = page.waitForEvent('filechooser');
	await button(page, 'Upload an image').click();
	await (await chooser).setFiles({ name: 'tiny.raw', mimeType: 'application/octet-stream', buffer: Buffer.alloc(4096, 7) });
	await expect(row(page, 'tiny')).toContainText('4 KiB');
	await button(page, 'Delete tiny').click();
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
	await expect(row(page, 'tiny')).toHaveCount(0);
});

test('a private key is refused before it leaves the page; a public one is added', async ({ page }) => {
	await open(page, '#/keys');
	await button(page, 'Add a key').click();
	const dialog = page.getByRole('dialog');
	await dialog.getByLabel('Public key').fill('-----BEGIN OPENSSH PRIVATE KEY-----');
	await expect(dialog.getByRole('button', { name: 'Add' })).toBeDisabled();
	await dialog.getByLabel('Public key').fill('nonsense');
	await dialog.getByRole('button', { name: 'Add' }).click();
	await expect(dialog.getByRole('alert')).toContainText('Paste the one line of a .pub file.');
	await dialog.getByLabel('Public key').fill('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample grace@example.org');
	await dialog.getByRole('button', { name: 'Add' }).click();
	await expect(page.getByText('grace@example.org', { exact: true })).toBeVisible();
});

test('settings are kept, and an API key is shown once', async ({ page }) => {
	await open(page, '#/settings');
	const bmcs = page.getByRole('switch', { name: /May create a user/ });
	await expect(bmcs).toBeChecked();
	await bmcs.press('Space');
	await page.reload();
	await expect(bmcs).not.toBeChecked();
	await button(page, 'Create a key').click();
	await expect(page.getByText('shown only this once', { exact: false })).toBeVisible();
	await page.reload();
	await expect(page.getByText('shown only this once', { exact: false })).toHaveCount(0);
});

test('light and dark by choice, kept over a reload', async ({ page }) => {
	await open(page, '#/machines');
	const theme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
	await button(page, 'Theme: as the system').click();
	await button(page, 'Theme: light').click();
	expect(await theme()).toBe('dark');
	await page.reload();
	await expect(button(page, 'Theme: dark')).toBeVisible();
	expect(await theme()).toBe('dark');
});

/** Presses Tab until the element has the focus; a person could do the same. */
async function tabTo(page: Page, target: ReturnType<Page['locator']>): Promise<void> {
	await expect(target).toBeVisible();
	for (let presses = 0; presses < 40; presses++) {
		if (await target.evaluate((element) => element === document.activeElement)) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`40 presses of Tab did not reach ${String(target)}`);
}
