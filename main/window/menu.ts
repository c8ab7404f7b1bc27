import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { Settings } from '../settings/settings.ts';

export interface MenuOptions {
	readonly openLogFolder: () => void;
	/** The answer that was given for good can be taken back here. */
	readonly onClose: { readonly current: OnClose; readonly change: (choice: OnClose) => void };
	readonly developerTools: boolean;
}

type OnClose = Settings['onCloseWhileServing'];

const closeChoices: { readonly choice: OnClose; readonly label: string }[] = [
	{ choice: 'ask', label: 'Ask' },
	{ choice: 'keepServing', label: 'Keep Serving' },
	{ choice: 'quit', label: 'Quit' },
];

/**
 * The application's menu: what the operating systems expect to find, with their own words and keys. Without the edit roles, copy and paste
 * by keyboard would not work on macOS.
 */
export function setMenu({ openLogFolder, onClose, developerTools }: MenuOptions) {
	const developer: MenuItemConstructorOptions[] = developerTools ? [{ role: 'toggleDevTools' }] : [];
	const closing = closeChoices.map(
		({ choice, label }): MenuItemConstructorOptions => ({
			label,
			type: 'radio',
			checked: choice === onClose.current,
			click: () => onClose.change(choice),
		}),
	);
	const template: MenuItemConstructorOptions[] = [
		{ label: 'File', submenu: [{ label: 'When Closed While Serving', submenu: closing }, { role: 'close' }, { role: 'quit' }] },
		{ role: 'editMenu' },
		{
			label: 'View',
			submenu: [
				{ role: 'reload' },
				...developer,
				{ type: 'separator' },
				{ role: 'resetZoom' },
				{ role: 'zoomIn' },
				{ role: 'zoomOut' },
				{ role: 'togglefullscreen' },
			],
		},
		{ role: 'help', submenu: [{ label: 'Open Log Folder', click: openLogFolder }, { role: 'about' }] },
	];
	if (process.platform === 'darwin') template.unshift({ role: 'appMenu' });
	Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
