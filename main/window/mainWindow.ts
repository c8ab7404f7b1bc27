import { BrowserWindow, nativeTheme, screen, type WebPreferences } from 'electron';
import type { ControllerState } from '../ipc/contract.ts';
import { tell } from '../ipc/handlers.ts';
import type { DesktopLog } from '../log.ts';
import type { SettingsFile } from '../settings/settingsFile.ts';
import { type Failure, localPages } from './localPages.ts';
import { openingPlace, smallest } from './place.ts';
import { stateInWords } from './stateInWords.ts';

export interface MainWindowOptions {
	readonly preload: string;
	readonly icon: string;
	readonly logFile: string;
	readonly settings: SettingsFile;
	readonly log: DesktopLog;
	/** The address that lets this window in, made afresh at each call. */
	readonly entrance: () => string;
	/** Whether the window may close now; asked at each attempt of a person. */
	readonly mayClose: () => boolean;
}

export interface MainWindow {
	/** Shows what fits the controller's new state. */
	follow(state: ControllerState): void;
	/** Brings it to the front, also out of hiding. */
	show(): void;
	hide(): void;
	/** Loads the controller's page anew. */
	enter(): void;
	/** For dialogs that belong to it. */
	readonly native: BrowserWindow;
	/** What the page about a failure has to tell. */
	failure(): Failure;
}

/** The page gets a browser and nothing else: no Node, no shared globals, no access to files. */
const webPreferences: WebPreferences = {
	sandbox: true,
	contextIsolation: true,
	nodeIntegration: false,
	nodeIntegrationInSubFrames: false,
	nodeIntegrationInWorker: false,
	webSecurity: true,
	allowRunningInsecureContent: false,
	webviewTag: false,
	navigateOnDragDrop: false,
	spellcheck: false,
};

/** Chromium's net error codes: another load came in between; a request was cancelled by lockdown.ts. */
const netErrors = { aborted: -3, blockedByClient: -20 };

export function openMainWindow({ settings, log, ...options }: MainWindowOptions): MainWindow {
	const place = openingPlace(
		settings.current().window,
		screen.getAllDisplays().map((display) => display.workArea),
	);
	const window = new BrowserWindow({
		...place,
		minWidth: smallest.width,
		minHeight: smallest.height,
		show: false,
		autoHideMenuBar: true,
		backgroundColor: nativeTheme.shouldUseDarkColors ? '#0e1013' : '#f3f4f6',
		icon: options.icon,
		title: 'Metaldesk',
		webPreferences: { ...webPreferences, preload: options.preload },
	});
	if (place.maximised) window.maximize();
	const page = window.webContents;
	let state: ControllerState = { state: 'starting' };
	let shown: 'nothing' | 'starting' | 'failed' | 'controller' = 'nothing';
	let failure: Failure = { of: 'controller', reason: '', logFile: options.logFile };
	let lastCrash = Number.NEGATIVE_INFINITY;

	function load(what: typeof shown, address: string) {
		shown = what;
		// A load that fails is told by `did-fail-load`, too, and handled there. The error's message would hold the launch token.
		window.loadURL(address).catch(({ code }: NodeJS.ErrnoException) => log.debug(`The ${what} page was not loaded: ${code}`));
	}

	const enter = () => load('controller', options.entrance());

	function follow(next: ControllerState) {
		state = next;
		if (window.isDestroyed()) return;
		window.setTitle(`Metaldesk · ${stateInWords(next)}`);
		tell(page, 'onController', next);
		if (next.state === 'failed') fail('controller', next.reason);
		else if (next.state === 'running') {
			if (shown === 'nothing' || shown === 'starting') enter();
			// An open controller page stays while its controller is away: it says so itself and goes on where it was.
		} else if (shown === 'nothing' || (shown === 'failed' && next.state === 'starting')) load('starting', localPages.starting);
	}

	function fail(of: Failure['of'], reason: string) {
		failure = { of, reason, logFile: options.logFile };
		load('failed', localPages.failed);
	}

	window.once('ready-to-show', () => window.show());
	window.on('page-title-updated', (event) => event.preventDefault());
	page.on('did-finish-load', () => {
		tell(page, 'onController', state);
		log.info(`The window shows ${new URL(page.getURL()).pathname}, ${Math.round(performance.now())} ms after the start.`);
	});
	page.on('did-fail-load', (_event, code, description, address, isMainFrame) => {
		if (!isMainFrame || code === netErrors.aborted || !address.startsWith('http')) return;
		log.warn(`The page ${new URL(address).pathname} could not be loaded: ${description} (${code})`);
		if (code === netErrors.blockedByClient)
			fail('page', 'The page of the controller was refused because it is not safe to show; the log says why.');
		else if (state.state === 'running') fail('page', `The page of the controller could not be loaded (${description}).`);
		else load('starting', localPages.starting);
	});
	page.on('render-process-gone', (_event, { reason: how }) => {
		log.error(`The page's process ended: ${how}`);
		const again = performance.now() - lastCrash < 10_000;
		lastCrash = performance.now();
		if (again || state.state !== 'running') fail('page', `The window's page ended unexpectedly (${how}).`);
		else enter();
	});

	rememberPlace(window, settings);
	window.on('close', (event) => {
		if (!options.mayClose()) event.preventDefault();
	});

	return {
		follow,
		native: window,
		failure: () => failure,
		enter,
		hide: () => window.hide(),
		show: () => {
			if (window.isMinimized()) window.restore();
			window.show();
			window.focus();
		},
	};
}

/** Written a moment after the last change, since a drag reports every pixel. */
function rememberPlace(window: BrowserWindow, settings: SettingsFile) {
	let soon: NodeJS.Timeout | undefined;
	const remember = () => {
		clearTimeout(soon);
		settings.change({ window: { ...window.getNormalBounds(), maximised: window.isMaximized() } });
	};
	const rememberSoon = () => {
		clearTimeout(soon);
		soon = setTimeout(remember, 500);
	};
	window.on('resize', rememberSoon);
	window.on('move', rememberSoon);
	window.on('close', remember);
}
