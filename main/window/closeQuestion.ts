import { type BrowserWindow, dialog } from 'electron';
import type { Serving } from '../ipc/contract.ts';
import type { CloseChoice } from '../settings/settings.ts';
import { quitInWords, stateInWords } from './stateInWords.ts';

export interface CloseAnswer {
	readonly choice: CloseChoice | 'cancel';
	/** Whether to do the same from now on without asking. */
	readonly remember: boolean;
}

/** Asks what closing the window shall mean while machines are being served. Closing the question is the answer `cancel`. */
export async function askBeforeClosing(window: BrowserWindow, serving: Serving, hasTray: boolean): Promise<CloseAnswer> {
	const answers = [
		{ choice: 'keepServing', label: hasTray ? 'Keep Serving in the Tray' : 'Keep Serving' },
		{ choice: 'quit', label: 'Quit' },
		{ choice: 'cancel', label: 'Cancel' },
	] as const;
	const back = hasTray ? '' : ' To see this window again, start Metaldesk again.';
	const { response, checkboxChecked } = await dialog.showMessageBox(window, {
		type: 'question',
		title: 'Metaldesk',
		message: `${stateInWords({ state: 'running', serving })}. Quit, or keep serving?`,
		detail: `Quitting ends that: ${quitInWords(serving)}${back}`,
		buttons: answers.map(({ label }) => label),
		defaultId: 0,
		cancelId: 2,
		checkboxLabel: 'Do this from now on without asking',
		noLink: true,
	});
	const choice = answers[response]?.choice ?? 'cancel';
	return { choice, remember: checkboxChecked && choice !== 'cancel' };
}
