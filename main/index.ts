/**
 * The desktop shell: a window onto the controller, and the one who starts and ends it.
 *
 * Start: 1. one instance a person  2. log  3. the controller, which needs about as long as Chromium beside it  4. the browser is locked
 *        down  5. the window, at first with a page of our own; when the controller is ready it goes to the controller's page  6. the tray
 * Quit:  1. the window's place is stored  2. the controller is asked to end and waited for, so that no machine is left with half an answer
 *        3. the app ends. If this process is killed instead, the controller sees its parent go and ends by itself.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { app, dialog, session, shell } from 'electron';
import { type Config, readConfig } from './config.ts';
import type { OpenOutcome } from './ipc/contract.ts';
import { answerCalls } from './ipc/handlers.ts';
import { type DesktopLog, openLog } from './log.ts';
import type { Settings } from './settings/settings.ts';
import { openSettingsFile } from './settings/settingsFile.ts';
import { attachTo } from './supervisor/attached.ts';
import { chooseRuntime } from './supervisor/runtime.ts';
import { createSupervisor, type Supervisor } from './supervisor/supervisor.ts';
import { isOurAddress } from './window/allowed.ts';
import { askBeforeClosing } from './window/closeQuestion.ts';
import { chooseGraphics } from './window/graphics.ts';
import { registerLocalScheme, serveLocalPages } from './window/localPages.ts';
import { lockDown } from './window/lockdown.ts';
import { openMainWindow } from './window/mainWindow.ts';
import { setMenu } from './window/menu.ts';
import { isServing } from './window/stateInWords.ts';
import { openTray } from './window/tray.ts';

if (app.requestSingleInstanceLock()) start();
else app.quit();

function start() {
	registerLocalScheme();
	const config = configOrExit();
	const log = openLog(config.logFile);
	log.info(`Metaldesk ${app.getVersion()} starts on Electron ${process.versions.electron}.`);
	chooseGraphics(log);
	process.on('unhandledRejection', (reason) =>
		log.error(`A promise was rejected: ${reason instanceof Error ? reason.stack : reason}`),
	);

	const launchToken = config.attachment?.launchToken ?? randomBytes(32).toString('base64url');
	const supervisor = config.attachment ? attachTo(config.attachment) : ownController(config, log, launchToken);
	supervisor.subscribe((state) => log.info(`The controller is ${JSON.stringify(state)}.`));
	supervisor.start();
	app.whenReady().then(() => showDesktop({ config, log, supervisor, launchToken }));
}

function ownController(config: Config, log: DesktopLog, launchToken: string): Supervisor {
	return createSupervisor({
		entry: config.controllerEntry,
		dataFolder: config.dataFolder,
		port: config.port,
		launchToken,
		findRuntime: () =>
			chooseRuntime({
				appFolder: config.appFolder,
				configured: config.configuredNode,
				self: { node: process.versions.node, napi: process.versions.napi ?? '' },
			}),
		onLine: log.controllerLine,
	});
}

interface Running {
	readonly config: Config;
	readonly log: DesktopLog;
	readonly supervisor: Supervisor;
	readonly launchToken: string;
}

function showDesktop({ config, log, supervisor, launchToken }: Running) {
	const settings = openSettingsFile(config.settingsFile, log.warn);
	let quitting = false;
	let hasTray = false;
	let asking = false;

	lockDown(session.defaultSession, supervisor.origin, log);
	const window = openMainWindow({
		preload: config.preload,
		icon: path.join(config.icons, 'metaldesk.png'),
		logFile: config.logFile,
		settings,
		log,
		entrance: () => `${supervisor.origin()}/MAAS/enter?t=${launchToken}`,
		mayClose,
	});
	serveLocalPages(session.defaultSession, config.icons, window.failure);
	answerCalls(
		{ stopServing: supervisor.stopServing, restartController: supervisor.restart, reopenPage: window.enter, openLogFolder },
		(address) => isOurAddress(address, supervisor.origin()),
	);
	showMenu();

	app.on('second-instance', window.show);
	app.on('activate', window.show);
	app.on('window-all-closed', () => app.quit());
	app.on('before-quit', (event) => {
		if (quitting) return;
		event.preventDefault();
		quitting = true;
		supervisor.stop().finally(() => app.quit());
	});

	window.follow(supervisor.state());
	supervisor.subscribe(window.follow);
	openTray(config.icons, { open: window.show, stopServing: supervisor.stopServing, quit: () => app.quit() }).then((tray) => {
		hasTray = tray !== undefined;
		tray?.follow(supervisor.state());
		if (tray) supervisor.subscribe(tray.follow);
	});

	/** Closing the window while machines are served is asked about, unless an answer was given for good. */
	function mayClose(): boolean {
		const state = supervisor.state();
		if (quitting || state.state !== 'running' || !isServing(state)) return true;
		const choice = settings.current().onCloseWhileServing;
		if (choice === 'quit') return true;
		if (choice === 'keepServing') window.hide();
		else if (!asking) {
			asking = true;
			askBeforeClosing(window.native, state.serving, hasTray).then((answer) => {
				asking = false;
				if (answer.choice === 'cancel') return;
				if (answer.remember) rememberCloseChoice(answer.choice);
				if (answer.choice === 'quit') app.quit();
				else window.hide();
			});
		}
		return false;
	}

	function rememberCloseChoice(choice: Settings['onCloseWhileServing']) {
		settings.change({ onCloseWhileServing: choice });
		showMenu();
	}

	function showMenu() {
		const onClose = { current: settings.current().onCloseWhileServing, change: rememberCloseChoice };
		setMenu({ openLogFolder, onClose, developerTools: !app.isPackaged });
	}

	async function openLogFolder(): Promise<OpenOutcome> {
		const reason = await shell.openPath(path.dirname(config.logFile));
		if (reason === '') return { outcome: 'opened' };
		log.warn(`The log folder could not be opened: ${reason}`);
		return { outcome: 'refused', reason };
	}
}

function configOrExit(): Config {
	try {
		return readConfig({
			environment: process.env,
			appPath: app.getAppPath(),
			packaged: app.isPackaged,
			userDataFolder: app.getPath('userData'),
			logFolder: app.getPath('logs'),
		});
	} catch (error) {
		dialog.showErrorBox('Metaldesk can not start', error instanceof Error ? error.message : String(error));
		process.exit(2);
	}
}
