/** What the window's preload offers; a browser has none of it. The other end is main/ipc/contract.ts. */
export interface Desktop {
	platform: string;
	/** Hears when the supervisor starts, restarts or gives up on the controller. Answers how to stop hearing. */
	onController(listener: (state: { state: string; text?: string }) => void): (() => void) | undefined;
	/** Closes every machine-facing socket, also when the controller no longer answers. */
	stopServing(): Promise<unknown>;
}

export const desktop: Desktop | undefined = (globalThis as { desktop?: Desktop }).desktop;
