import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Attachment } from './supervisor/attached.ts';

/** What the desktop needs to know before it starts, read once. All paths are absolute. */
export interface Config {
	/** Where the controller's program and the `node` package lie as real files. */
	readonly appFolder: string;
	readonly controllerEntry: string;
	/** `undefined`: the controller takes the platform's usual folder. */
	readonly dataFolder: string | undefined;
	/** The port of the controller on loopback; 0 takes any free one. */
	readonly port: number;
	/** The Node that shall run the controller, instead of the one that is found. */
	readonly configuredNode: string | undefined;
	/** The window of a controller that is already there, instead of one of its own. */
	readonly attachment: Attachment | undefined;
	readonly preload: string;
	readonly icons: string;
	readonly settingsFile: string;
	readonly logFile: string;
}

const usualPort = 5240;

/**
 * Reads METALDESK_DATA, METALDESK_HTTP_PORT, METALDESK_NODE, METALDESK_ATTACH with METALDESK_LAUNCH_TOKEN (address of a running controller
 * and its token), and, except in a packaged app, METALDESK_CONTROLLER (another program in the controller's place). Throws an Error with a sentence for people when one of them makes no sense.
 */
export function readConfig(facts: {
	readonly environment: NodeJS.ProcessEnv;
	readonly appPath: string;
	readonly packaged: boolean;
	readonly userDataFolder: string;
	readonly logFolder: string;
}): Config {
	// A separate Node can't look into the archive; packaging leaves what it needs beside it.
	const appFolder = facts.appPath.replace(/app\.asar$/, 'app.asar.unpacked');
	const { METALDESK_DATA, METALDESK_HTTP_PORT, METALDESK_NODE, METALDESK_CONTROLLER } = facts.environment;
	return Object.freeze({
		appFolder,
		controllerEntry: (!facts.packaged && METALDESK_CONTROLLER) || findController(appFolder),
		dataFolder: METALDESK_DATA ? path.resolve(METALDESK_DATA) : undefined,
		port: METALDESK_HTTP_PORT ? readPort(METALDESK_HTTP_PORT) : usualPort,
		configuredNode: METALDESK_NODE || undefined,
		attachment: readAttachment(facts.environment),
		preload: path.join(facts.appPath, 'out/preload/index.cjs'),
		icons: path.join(facts.appPath, 'assets/icons'),
		settingsFile: path.join(facts.userDataFolder, 'settings.json'),
		logFile: path.join(facts.logFolder, 'metaldesk.log'),
	});
}

/** In the source tree Node runs the TypeScript as it is; a package holds only the bundle. */
function findController(appFolder: string): string {
	const source = path.join(appFolder, 'controller/process.ts');
	return existsSync(source) ? source : path.join(appFolder, 'out/controller/process.js');
}

function readPort(text: string): number {
	const port = Number(text);
	if (/^\d{1,5}$/.test(text) && port <= 65535) return port;
	throw new Error(`METALDESK_HTTP_PORT is ${text}, which is not a port from 0 to 65535.`);
}

function readAttachment({ METALDESK_ATTACH, METALDESK_LAUNCH_TOKEN }: NodeJS.ProcessEnv): Attachment | undefined {
	if (!METALDESK_ATTACH) return undefined;
	if (!/^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(METALDESK_ATTACH) || !METALDESK_LAUNCH_TOKEN)
		throw new Error(
			'METALDESK_ATTACH is the address of a controller on this computer, http://127.0.0.1:PORT, and needs METALDESK_LAUNCH_TOKEN.',
		);
	return { origin: METALDESK_ATTACH, launchToken: METALDESK_LAUNCH_TOKEN };
}
