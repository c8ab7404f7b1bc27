import { useController } from '../api/desktop.ts';
import { useLive } from '../api/live.ts';
import type { SessionView } from '../api/views.ts';
import { useNow } from '../components/Ago.tsx';
import { Glyph } from '../components/Glyph.tsx';
import { ImagesPage } from '../features/images/ImagesPage.tsx';
import { MachineList } from '../features/machines/list/MachineList.tsx';
import { MachinePage } from '../features/machines/page/MachinePage.tsx';
import { NetworkPage } from '../features/network/NetworkPage.tsx';
import { SettingsPage } from '../features/settings/SettingsPage.tsx';
import { SshKeysPage } from '../features/sshKeys/SshKeysPage.tsx';
import { Navigation } from './Navigation.tsx';
import { RestartController } from './RestartController.tsx';
import type { Route } from './route.ts';
import { StatusStrip } from './StatusStrip.tsx';

export function Shell({ route, user }: { route: Route; user: NonNullable<SessionView['user']> }) {
	return (
		<div className="shell">
			<Navigation route={route} user={user} />
			<main className="page">
				<ConnectionLost />
				<PageOf route={route} />
			</main>
			<StatusStrip />
		</div>
	);
}

function PageOf({ route }: { route: Route }) {
	switch (route.page) {
		case 'machine':
			return <MachinePage key={route.systemId} systemId={route.systemId} tab={route.tab} />;
		case 'network':
			return <NetworkPage />;
		case 'images':
			return <ImagesPage />;
		case 'keys':
			return <SshKeysPage />;
		case 'settings':
			return <SettingsPage />;
		default:
			return <MachineList />;
	}
}

/** What is on screen stays, marked as old, until the controller is back. */
function ConnectionLost() {
	const lost = useLive((state) => state.link === 'lost');
	const retryAt = useLive((state) => state.retryAt);
	const controller = useController((state) => state.controller);
	const now = useNow();
	if (!lost) return null;
	if (controller?.state === 'failed') return <RestartController reason={controller.reason} />;
	const seconds = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt - now) / 1000));
	return (
		<div className="lost" role="status">
			<Glyph tone="attention" />
			Connection lost, trying again{seconds > 1 ? ` in ${seconds} s` : ''}. What you see may be old.
		</div>
	);
}
