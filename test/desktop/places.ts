import { expect, type Page } from 'playwright/test';
import type { Scenario } from '../support/fixture/world.ts';

/** Every page and dialog that somebody can be at: how to get there, and what shows that it is there. */
export interface Place {
	name: string;
	scenario: Scenario;
	hash: string;
	signedIn?: boolean;
	/** goes on from the address; waits until there is something to see */
	open(page: Page): Promise<void>;
}

const heading = (page: Page, name: string | RegExp) => expect(page.getByRole('heading', { name }).first()).toBeVisible();
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();

export const places: readonly Place[] = [
	{
		name: 'sign-in',
		scenario: 'rack',
		hash: '',
		signedIn: false,
		open: (page) => expect(page.getByLabel('Username')).toBeVisible(),
	},
	{ name: 'welcome-admin', scenario: 'firstRun', hash: '', open: (page) => heading(page, 'Create the administrator') },
	{
		name: 'welcome-network',
		scenario: 'empty',
		hash: '#/welcome',
		open: async (page) => {
			await heading(page, 'Choose where');
			await expect(page.getByText('this is your internet')).toBeVisible();
		},
	},
	{
		name: 'welcome-assets',
		scenario: 'empty',
		hash: '#/welcome',
		open: async (page) => {
			await press(page, /^\d? ?Boot assets/);
			await heading(page, 'Build what machines boot');
		},
	},
	{ name: 'machines', scenario: 'rack', hash: '#/machines', open: (page) => expect(page.getByText('r650-01')).toBeVisible() },
	{
		name: 'machines-selected',
		scenario: 'rack',
		hash: '#/machines',
		open: async (page) => {
			await page.getByLabel('Select dl360-03').click();
			await page.getByLabel('Select nuc-01').click({ modifiers: ['Shift'] });
			await expect(page.getByText('2 machines selected').or(page.getByText(/machines selected/))).toBeVisible();
		},
	},
	{ name: 'machines-empty', scenario: 'empty', hash: '#/machines', open: (page) => heading(page, 'We answer nobody yet') },
	{
		name: 'machine-deployed',
		scenario: 'rack',
		hash: '#/machines/4ygc6n',
		open: (page) => expect(page.getByRole('button', { name: /^cloud-init, 9/ })).toBeVisible(),
	},
	{
		name: 'machine-commissioning',
		scenario: 'rack',
		hash: '#/machines/wkd83r',
		open: (page) => expect(page.getByText('claimed="true"')).toBeVisible(),
	},
	{
		name: 'machine-failed',
		scenario: 'rack',
		hash: '#/machines/rdy6ce',
		open: (page) => expect(page.getByText('FAILED!', { exact: false }).first()).toBeVisible(),
	},
	{
		name: 'machine-failed-deployment',
		scenario: 'rack',
		hash: '#/machines/hge8td',
		open: (page) => expect(page.getByText('wget: read error')).toBeVisible(),
	},
	{ name: 'machine-hardware', scenario: 'rack', hash: '#/machines/4ygc6n/hardware', open: (page) => heading(page, 'Disks') },
	{
		name: 'machine-results',
		scenario: 'rack',
		hash: '#/machines/rdy6ce/results',
		open: (page) => heading(page, 'smartctl-validate'),
	},
	{
		name: 'machine-events',
		scenario: 'rack',
		hash: '#/machines/rdy6ce/events',
		open: (page) => expect(page.getByText('Asked to')).toBeVisible(),
	},
	{
		name: 'deploy-dialog',
		scenario: 'rack',
		hash: '#/machines/xt7ab4',
		open: async (page) => {
			await press(page, 'Deploy…');
			await expect(page.getByText('ada@workbench.example.org')).toBeVisible();
		},
	},
	{
		name: 'allocate-dialog',
		scenario: 'rack',
		hash: '#/machines/xt7ab4',
		open: async (page) => {
			await press(page, 'Allocate…');
			await heading(page, 'Allocate 1 machine to yourself');
		},
	},
	{
		name: 'release-dialog',
		scenario: 'rack',
		hash: '#/machines/4ygc6n',
		open: async (page) => {
			await press(page, 'Release…');
			await heading(page, 'Release 1 machine?');
		},
	},
	{
		name: 'power-dialog',
		scenario: 'rack',
		hash: '#/machines/4ygc6n/hardware',
		open: async (page) => {
			await press(page, 'Change…');
			await expect(page.getByLabel('User')).toBeVisible();
		},
	},
	{ name: 'network', scenario: 'rack', hash: '#/network', open: (page) => heading(page, 'We answer machines on br0') },
	{ name: 'network-silent', scenario: 'empty', hash: '#/network', open: (page) => heading(page, 'We answer nobody') },
	{
		name: 'network-probe',
		scenario: 'empty',
		hash: '#/network',
		open: async (page) => {
			await page.getByRole('listitem').filter({ hasText: 'eno1' }).getByRole('button', { name: 'Probe' }).click();
			await expect(page.getByText('f4:92:bf:0c:77:1e')).toBeVisible();
		},
	},
	{
		name: 'serve-dialog',
		scenario: 'empty',
		hash: '#/network',
		open: async (page) => {
			await page.getByRole('listitem').filter({ hasText: 'br0' }).getByRole('button', { name: 'Serve…' }).click();
			await expect(page.getByLabel('First address to hand out')).toBeVisible();
		},
	},
	{
		name: 'serve-refused',
		scenario: 'empty',
		hash: '#/network',
		open: async (page) => {
			await page.getByRole('listitem').filter({ hasText: 'eno1' }).getByRole('button', { name: 'Serve…' }).click();
			await expect(page.getByText('f4:92:bf:0c:77:1e')).toBeVisible();
		},
	},
	{ name: 'images', scenario: 'rack', hash: '#/images', open: (page) => expect(page.getByText('rocky-9-minimal')).toBeVisible() },
	{
		name: 'keys',
		scenario: 'rack',
		hash: '#/keys',
		open: (page) => expect(page.getByText('ada@token', { exact: true })).toBeVisible(),
	},
	{
		name: 'settings',
		scenario: 'rack',
		hash: '#/settings',
		open: (page) => expect(page.getByText('May create a user of its own')).toBeVisible(),
	},
];
