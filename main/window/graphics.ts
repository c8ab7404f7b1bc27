import { readdirSync } from 'node:fs';
import { app } from 'electron';
import type { DesktopLog } from '../log.ts';

/**
 * Draws in software where there is no graphics processor: in virtual machines, over remote desktops, under Xvfb. Chromium would find out
 * by itself, by a process that dies at its start; but a page that is loaded at that moment can wait for that process for ever (Electron 33:
 * one start of three when the controller is ready early). Has to be called before Electron is ready.
 */
export function chooseGraphics(log: DesktopLog) {
	if (process.platform === 'linux' && !hasRenderNode('/dev/dri')) {
		app.disableHardwareAcceleration();
		log.info('There is no graphics processor; the window is drawn in software.');
	}
	app.on('child-process-gone', (_event, { type, reason }) => log.warn(`Chromium's ${type} process ended: ${reason}`));
}

function hasRenderNode(folder: string): boolean {
	try {
		return readdirSync(folder).some((name) => name.startsWith('renderD'));
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	}
}
