import { app, type Session, shell, type WebContents } from 'electron';
import type { DesktopLog } from '../log.ts';
import { externalAddress, isOurAddress, keepsScriptsOut } from './allowed.ts';

/**
 * Ties the browser inside the app to one site. The pages show text that came from machines on the network, so a page is trusted with
 * nothing: it can't go elsewhere, load from elsewhere, open windows, or ask for a camera, and it is not shown without a script policy.
 */
export function lockDown(session: Session, controllerOrigin: () => string, log: DesktopLog) {
	const isOurs = (address: string) => isOurAddress(address, controllerOrigin());
	limitPermissions(session, isOurs);
	limitRequests(session, isOurs, log);
	app.on('web-contents-created', (_event, contents) => lockContents(contents, isOurs, log));
}

/** Copy buttons need to write text to the clipboard; nothing else is granted. */
function limitPermissions(session: Session, isOurs: (address: string) => boolean) {
	const granted = (permission: string, origin: string) => permission === 'clipboard-sanitized-write' && isOurs(origin);
	session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
		answer(granted(permission, requestingUrl)),
	);
	session.setPermissionCheckHandler((_contents, permission, requestingOrigin) => granted(permission, requestingOrigin));
	session.setDevicePermissionHandler(() => false);
}

function limitRequests(session: Session, isOurs: (address: string) => boolean, log: DesktopLog) {
	session.webRequest.onBeforeRequest(({ url }, answer) => {
		const cancel = !isOurs(url) && !url.startsWith('devtools:');
		if (cancel) log.warn(`The page asked for ${url}, which was refused.`);
		answer({ cancel });
	});
	session.webRequest.onHeadersReceived(({ url, resourceType, statusCode, responseHeaders = {} }, answer) => {
		const isDocument = (resourceType === 'mainFrame' || resourceType === 'subFrame') && /^https?:/.test(url);
		const isRedirect = statusCode >= 300 && statusCode < 400;
		const cancel = isDocument && !isRedirect && !policiesOf(responseHeaders).some(keepsScriptsOut);
		if (cancel) log.error(`The page ${url} came without a content security policy that keeps scripts out, and was not shown.`);
		answer({ cancel });
	});
}

function policiesOf(headers: Record<string, string[]>): string[] {
	return Object.entries(headers).flatMap(([name, values]) => (name.toLowerCase() === 'content-security-policy' ? values : []));
}

function lockContents(contents: WebContents, isOurs: (address: string) => boolean, log: DesktopLog) {
	contents.on('will-frame-navigate', (event) => {
		if (isOurs(event.url)) return;
		event.preventDefault();
		log.warn(`The page wanted to go to ${event.url}, which was refused.`);
	});
	contents.on('will-redirect', (event) => {
		if (isOurs(event.url)) return;
		event.preventDefault();
		log.warn(`The page was redirected to ${event.url}, which was refused.`);
	});
	contents.on('will-attach-webview', (event) => event.preventDefault());
	contents.setWindowOpenHandler(({ url }) => {
		const address = externalAddress(url);
		if (address)
			shell.openExternal(address).catch((error: Error) => log.warn(`${address} could not be opened: ${error.message}`));
		else log.warn(`The page wanted to open ${url}, which was refused.`);
		return { action: 'deny' };
	});
}
