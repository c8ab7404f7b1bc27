/**
 * Everything the page can ask of the desktop, in one literal. The preload's functions, the main process's handlers, their channels
 * and the type of `window.desktop` are derived from it. In a colleague's browser `window.desktop` is undefined.
 */

/** What the controller does for the machines at this moment, as it reported last. */
export interface Serving {
	/** Names of the interfaces that are answered; empty: nobody is answered. */
	readonly interfaces: readonly string[];
	readonly leases: number;
	/** Machines in the middle of something (commissioning, deploying, …). */
	readonly machinesBusy: number;
}

/** The controller process as the supervisor sees it. `reason` is a sentence for people. */
export type ControllerState =
	| { readonly state: 'starting' }
	| { readonly state: 'running'; readonly serving: Serving }
	/** It died by itself and is started again in `againInMs`. */
	| { readonly state: 'waiting'; readonly reason: string; readonly againInMs: number }
	/** It will not be started again until somebody asks for it. */
	| { readonly state: 'failed'; readonly reason: string }
	| { readonly state: 'stopped' };

/**
 * `stopped`: no interface is answered any more. `ended`: the controller did not obey within two seconds and was ended,
 * which closes its sockets too. `notRunning`: there was nothing to stop.
 */
export type StopServingOutcome = 'stopped' | 'ended' | 'notRunning';

/** `refused` carries the system's own words. */
export type OpenOutcome = { readonly outcome: 'opened' } | { readonly outcome: 'refused'; readonly reason: string };

export const contract = {
	/** Asked by the page, answered by the main process. */
	calls: {
		stopServing: call<[], StopServingOutcome>(noArguments),
		/** Ends the controller and starts it again, also after it was given up; answers when that has begun. */
		restartController: call<[], void>(noArguments),
		/** Loads the controller's page anew, for when the page failed and the controller did not. */
		reopenPage: call<[], void>(noArguments),
		openLogFolder: call<[], OpenOutcome>(noArguments),
	},
	/** Told to the page: on subscription and at each change. */
	news: {
		onController: news<ControllerState>(),
	},
};

/** What the preload puts into the page as `window.desktop`. */
export type Desktop = DesktopFacts & {
	readonly [N in CallName]: (...given: CallArguments<N>) => Promise<CallAnswer<N>>;
} & {
	/** Returns the function that ends the subscription. */
	readonly [N in NewsName]: (listener: (told: NewsPayload<N>) => void) => () => void;
};

export interface DesktopFacts {
	/** Node's name of the operating system: `linux`, `darwin`, `win32`. */
	readonly platform: string;
	readonly versions: { readonly electron: string; readonly chrome: string };
}

declare global {
	interface Window {
		readonly desktop?: Desktop;
	}
}

export type CallName = keyof typeof contract.calls;
export type NewsName = keyof typeof contract.news;
export type CallArguments<N extends CallName> = ReturnType<(typeof contract.calls)[N]['read']>;
export type CallAnswer<N extends CallName> =
	(typeof contract.calls)[N] extends Call<infer _Arguments, infer Answer> ? Answer : never;
export type NewsPayload<N extends NewsName> = (typeof contract.news)[N] extends News<infer Payload> ? Payload : never;

export const callNames = Object.keys(contract.calls) as CallName[];
export const newsNames = Object.keys(contract.news) as NewsName[];

/** The one place where a name becomes an IPC channel. */
export function channelOf(name: CallName | NewsName): string {
	return `desktop:${name}`;
}

interface Call<Arguments extends readonly unknown[], Answer> {
	/** Checks what the page sent; throws a TypeError that says what is wrong with it. */
	readonly read: (given: readonly unknown[]) => Arguments;
	readonly answer?: Answer;
}

interface News<Payload> {
	readonly payload?: Payload;
}

function call<Arguments extends readonly unknown[], Answer>(read: Call<Arguments, Answer>['read']): Call<Arguments, Answer> {
	return { read };
}

function news<Payload>(): News<Payload> {
	return {};
}

function noArguments(given: readonly unknown[]): [] {
	if (given.length > 0) throw new TypeError(`takes no arguments, got ${given.length}`);
	return [];
}
