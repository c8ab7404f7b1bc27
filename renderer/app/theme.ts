import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'metaldesk.theme';
const listeners = new Set<() => void>();

/** The choice of this browser or window; `system` until somebody chose. */
export function storedTheme(): Theme {
	const stored = localStorage.getItem(key);
	return themes.find((theme) => theme === stored) ?? 'system';
}

export function chooseTheme(theme: Theme): void {
	localStorage.setItem(key, theme);
	applyTheme();
	for (const listener of listeners) listener();
}

/** Called before the first paint, so that nothing flashes. */
export function applyTheme(): void {
	const theme = storedTheme();
	if (theme === 'system') delete document.documentElement.dataset.theme;
	else document.documentElement.dataset.theme = theme;
}

export function useTheme(): Theme {
	return useSyncExternalStore((changed) => {
		listeners.add(changed);
		return () => listeners.delete(changed);
	}, storedTheme);
}
