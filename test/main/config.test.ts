import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../../main/config.ts';

const project = path.resolve(import.meta.dirname, '../..');
const facts = {
	environment: {},
	appPath: project,
	packaged: false,
	userDataFolder: '/home/ada/.config/metaldesk',
	logFolder: '/home/ada/logs',
};

test('without a word in the environment everything is where it usually is', () => {
	assert.deepEqual(readConfig(facts), {
		appFolder: project,
		controllerEntry: path.join(project, 'controller/process.ts'),
		dataFolder: undefined,
		port: 5240,
		configuredNode: undefined,
		attachment: undefined,
		preload: path.join(project, 'out/preload/index.cjs'),
		icons: path.join(project, 'assets/icons'),
		settingsFile: '/home/ada/.config/metaldesk/settings.json',
		logFile: '/home/ada/logs/metaldesk.log',
	});
});

test('a packaged app runs the bundle that lies beside its archive', () => {
	const { appFolder, controllerEntry, preload } = readConfig({
		...facts,
		packaged: true,
		appPath: '/opt/metaldesk/resources/app.asar',
	});
	assert.deepEqual(
		{ appFolder, controllerEntry, preload },
		{
			appFolder: '/opt/metaldesk/resources/app.asar.unpacked',
			controllerEntry: '/opt/metaldesk/resources/app.asar.unpacked/out/controller/process.js',
			preload: '/opt/metaldesk/resources/app.asar/out/preload/index.cjs',
		},
	);
});

test('the environment can name data folder, port, Node and controller', () => {
	const environment = {
		METALDESK_DATA: '/srv/data',
		METALDESK_HTTP_PORT: '0',
		METALDESK_NODE: '/opt/node/bin/node',
		METALDESK_CONTROLLER: '/tmp/other.mjs',
	};
	const { dataFolder, port, configuredNode, controllerEntry } = readConfig({ ...facts, environment });
	assert.deepEqual([dataFolder, port, configuredNode, controllerEntry], ['/srv/data', 0, '/opt/node/bin/node', '/tmp/other.mjs']);
});

test('in a packaged app nobody can put another program in the place of the controller', () => {
	const environment = { METALDESK_CONTROLLER: '/tmp/other.mjs' };
	const { controllerEntry } = readConfig({ ...facts, packaged: true, environment });
	assert.notEqual(controllerEntry, '/tmp/other.mjs');
});

for (const port of ['65536', '-1', '80.5', 'http', '0x50', '123456']) {
	test(`METALDESK_HTTP_PORT=${port} is refused`, () =>
		assert.throws(() => readConfig({ ...facts, environment: { METALDESK_HTTP_PORT: port } }), {
			message: `METALDESK_HTTP_PORT is ${port}, which is not a port from 0 to 65535.`,
		}));
}

test('the window of a running controller: its address on this computer, and its token', () => {
	const read = (environment: NodeJS.ProcessEnv) => readConfig({ ...facts, environment }).attachment;
	assert.deepEqual(read({ METALDESK_ATTACH: 'http://127.0.0.1:5240', METALDESK_LAUNCH_TOKEN: 'token' }), {
		origin: 'http://127.0.0.1:5240',
		launchToken: 'token',
	});
	for (const address of ['http://192.0.2.7:5240', 'https://127.0.0.1:5240', 'http://127.0.0.1:5240/x'])
		assert.throws(() => read({ METALDESK_ATTACH: address, METALDESK_LAUNCH_TOKEN: 'token' }), /METALDESK_ATTACH/);
	assert.throws(() => read({ METALDESK_ATTACH: 'http://127.0.0.1:5240' }), /METALDESK_LAUNCH_TOKEN/);
});
