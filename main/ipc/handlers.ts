import { type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import {
	type CallAnswer,
	type CallArguments,
	type CallName,
	callNames,
	channelOf,
	contract,
	type NewsName,
	type NewsPayload,
} from './contract.ts';

export type CallHandlers = {
	readonly [N in CallName]: (...given: CallArguments<N>) => CallAnswer<N> | Promise<CallAnswer<N>>;
};

/**
 * Answers the page's calls. A call counts only from the top frame of a page of ours (`isOurs` judges its address); others, and calls
 * with arguments that the contract does not know, are rejected with a TypeError.
 */
export function answerCalls(handlers: CallHandlers, isOurs: (address: string) => boolean) {
	for (const name of callNames) {
		ipcMain.handle(channelOf(name), (event, ...given: unknown[]) => {
			if (!isFromOurPage(event, isOurs)) throw new TypeError(`${name} is not for this page`);
			return handlers[name](...contract.calls[name].read(given));
		});
	}
}

function isFromOurPage({ sender, senderFrame }: IpcMainInvokeEvent, isOurs: (address: string) => boolean): boolean {
	return senderFrame !== null && senderFrame === sender.mainFrame && isOurs(senderFrame.url);
}

/** Tells the page something, if it is there to hear it. */
export function tell<N extends NewsName>(page: WebContents, name: N, news: NewsPayload<N>) {
	if (!page.isDestroyed()) page.send(channelOf(name), news);
}
