import { useSyncExternalStore } from 'react';

/** Where in the app somebody is. The address is the part after `#`, so the controller serves one page for all of them. */
export type Route =
	| { page: 'machines' }
	| { page: 'machine'; systemId: string; tab: MachineTab }
	| { page: 'network' | 'images' | 'keys' | 'settings' | 'welcome' };

export const machineTabs = ['timeline', 'hardware', 'results', 'events'] as const;
export type MachineTab = (typeof machineTabs)[number];

/** Any address that makes no sense is the machine list: a mistyped link should not be a dead end. */
export function parseRoute(hash: string): Route {
	const [page = '', id, tab] = hash.replace(/^#\/?/, '').split('/');
	switch (page) {
		case 'machines':
			return id && /^\w{1,12}$/.test(id) ? { page: 'machine', systemId: id, tab: tabNamed(tab) } : { page: 'machines' };
		case 'network':
		case 'images':
		case 'keys':
		case 'settings':
		case 'welcome':
			return { page };
		default:
			return { page: 'machines' };
	}
}

const tabNamed = (name: string | undefined): MachineTab => machineTabs.find((tab) => tab === name) ?? 'timeline';

export function useRoute(): Route {
	return parseRoute(useSyncExternalStore(listen, () => location.hash));
}

function listen(changed: () => void): () => void {
	addEventListener('hashchange', changed);
	return () => removeEventListener('hashchange', changed);
}
