import { create } from 'zustand';
import { liveAddress, onNotSignedIn, query } from './client.ts';
import { applyLive, type LiveState, nothingYet } from './liveState.ts';
import type { LiveMessage, SessionView } from './views.ts';

export type Link = 'idle' | 'connecting' | 'live' | 'lost';

interface Store extends LiveState {
	link: Link;
	/** when the next try to connect is made, milliseconds since 1970; null while one is under way or none is needed */
	retryAt: number | null;
	/** null until the controller has said who we are */
	session: SessionView | null;
	/** what was thrown when it was asked; null when it answered */
	sessionProblem: unknown;
}

/** The one store of the page. */
export const useLive = create<Store>()(() => ({
	...nothingYet,
	link: 'idle',
	retryAt: null,
	session: null,
	sessionProblem: null,
}));

// A session that ended on the controller's side must not leave a page on screen that looks alive.
onNotSignedIn(() => {
	if (useLive.getState().session?.user) void refreshSession();
});

const firstWait = 250;
const longestWait = 8000;
let socket: WebSocket | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** Milliseconds to wait before the next try after `failures` tries in a row; `chance` in 0…1 spreads many pages apart. */
export function waitBefore(failures: number, chance: number): number {
	return Math.min(longestWait, firstWait * 2 ** failures) * (0.75 + chance / 2);
}

/** Asks who is signed in, and connects if somebody is. Called at the start and after whatever may have changed the answer. */
export async function refreshSession(): Promise<void> {
	try {
		takeSession(await query('session.get', {}));
	} catch (thrown) {
		useLive.setState({ sessionProblem: thrown });
		retryLater(() => void refreshSession());
	}
}

/** The session as a login, a logout or the first run has just answered it. */
export function takeSession(session: SessionView): void {
	useLive.setState({ session, sessionProblem: null, version: session.version });
	if (session.user && !socket) connect();
	if (!session.user) disconnect();
}

function connect(): void {
	clearTimeout(retry);
	useLive.setState((state) => ({ link: state.link === 'lost' ? 'lost' : 'connecting', retryAt: null }));
	const opened = new WebSocket(liveAddress());
	socket = opened;
	opened.onmessage = (message) => {
		if (socket !== opened) return;
		const told = JSON.parse(String(message.data)) as LiveMessage;
		if (told.type === 'hello') {
			failures = 0;
			useLive.setState({ link: 'live', retryAt: null });
		}
		useLive.setState((state) => applyLive(state, told));
	};
	opened.onclose = () => {
		if (socket !== opened) return;
		socket = null;
		useLive.setState({ link: 'lost' });
		// The controller may have restarted, or the session may have ended; only asking tells which.
		retryLater(() => void refreshSession());
	};
}

function disconnect(): void {
	clearTimeout(retry);
	const open = socket;
	socket = null;
	open?.close();
	useLive.setState({ ...nothingYet, link: 'idle', retryAt: null });
}

function retryLater(again: () => void): void {
	clearTimeout(retry);
	const wait = waitBefore(failures++, Math.random());
	useLive.setState({ retryAt: Date.now() + wait });
	retry = setTimeout(again, wait);
}
