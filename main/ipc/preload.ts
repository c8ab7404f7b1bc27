import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { callNames, channelOf, type Desktop, type DesktopFacts, newsNames } from './contract.ts';

/**
 * Runs sandboxed in front of the page and gives it `window.desktop`: plain functions and strings, nothing of Electron or Node.
 * No IPC event object ever reaches the page, because its `sender` would be a way to every channel.
 */
const facts: DesktopFacts = {
	platform: process.platform,
	versions: { electron: process.versions.electron, chrome: process.versions.chrome },
};

const calls = Object.fromEntries(
	callNames.map((name) => [name, (...given: unknown[]) => ipcRenderer.invoke(channelOf(name), ...given)]),
);

const news = Object.fromEntries(newsNames.map((name) => [name, subscription(channelOf(name))]));

/** Keeps the last news from the first moment on, so that a page that subscribes late is told at once where things stand. */
function subscription(channel: string) {
	let last: { told: unknown } | undefined;
	const listeners = new Set<(told: unknown) => void>();
	ipcRenderer.on(channel, (_event: IpcRendererEvent, told: unknown) => {
		last = { told };
		for (const listener of listeners) listener(told);
	});
	return (listener: (told: unknown) => void) => {
		listeners.add(listener);
		if (last) listener(last.told);
		return () => listeners.delete(listener);
	};
}

contextBridge.exposeInMainWorld('desktop', { ...facts, ...calls, ...news } as Desktop);
