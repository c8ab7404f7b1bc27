/** The desktop's window on the lab's controller, for people who have a display. It shows; the lab goes on when it is closed. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Cleanup } from '../cleanup.ts';

export function openWindow(lab: { url: string; launchToken: string; directory: string; cleanup: Cleanup }): void {
	const { url, launchToken, directory, cleanup } = lab;
	const child = spawn(process.execPath, [join(import.meta.dirname, '../../../main/launch/start.mjs')], {
		stdio: 'ignore',
		env: {
			...process.env,
			METALDESK_ATTACH: new URL(url).origin,
			METALDESK_LAUNCH_TOKEN: launchToken,
			// its own settings and its own single instance: the lab must not meet the desktop that somebody really uses
			XDG_CONFIG_HOME: join(directory, 'window'),
		},
	});
	child.on('error', () => undefined);
	cleanup.add('closing the window', () => void child.kill('SIGTERM'));
}
