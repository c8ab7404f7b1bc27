import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { Menu, nativeImage, Tray } from 'electron';
import type { ControllerState } from '../ipc/contract.ts';
import { isServing, stateInWords } from './stateInWords.ts';

export interface TrayActions {
	open(): void;
	stopServing(): void;
	quit(): void;
}

export interface StateTray {
	follow(state: ControllerState): void;
}

/** Puts the service's state into the system tray, or answers `undefined` where the desktop has none. */
export async function openTray(icons: string, actions: TrayActions): Promise<StateTray | undefined> {
	if (!(await trayExists())) return undefined;
	const images = {
		idle: nativeImage.createFromPath(path.join(icons, 'tray.png')),
		serving: nativeImage.createFromPath(path.join(icons, 'trayServing.png')),
	};
	const tray = new Tray(images.idle);
	tray.on('click', actions.open);
	return {
		follow: (state) => {
			const words = stateInWords(state);
			tray.setImage(isServing(state) ? images.serving : images.idle);
			tray.setToolTip(`Metaldesk · ${words}`);
			// Linux shows changes of a menu only when it is set anew.
			tray.setContextMenu(
				Menu.buildFromTemplate([
					{ label: words, enabled: false },
					{ type: 'separator' },
					{ label: 'Open Metaldesk', click: actions.open },
					{ label: 'Stop Serving Now', enabled: mayServe(state), click: actions.stopServing },
					{ type: 'separator' },
					{ label: 'Quit', click: actions.quit },
				]),
			);
		},
	};
}

/** While the controller comes back it will serve again what it served before, so that has to be stoppable as well. */
function mayServe(state: ControllerState): boolean {
	return isServing(state) || state.state === 'starting' || state.state === 'waiting';
}

/**
 * Linux desktops may come without a tray, and Electron does not tell: its icon just appears nowhere. Whoever shows such icons owns a
 * well-known name on the session bus; where the bus can't be asked there is nobody to show any.
 */
async function trayExists(): Promise<boolean> {
	if (process.platform !== 'linux') return true;
	const question = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
	const call = ['org.freedesktop.DBus.NameHasOwner', 'string:org.kde.StatusNotifierWatcher'];
	return promisify(execFile)('dbus-send', [...question, ...call], { timeout: 2_000 }).then(
		({ stdout }) => stdout.includes('boolean true'),
		() => false,
	);
}
