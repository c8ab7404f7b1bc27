import { Disc3, KeyRound, LogOut, Moon, Network, Server, Settings, Sun, SunMoon } from 'lucide-react';
import { command } from '../api/client.ts';
import { takeSession, useLive } from '../api/live.ts';
import type { SessionView } from '../api/views.ts';
import { HintButton } from '../components/Button.tsx';
import { attempt } from '../components/Toasts.tsx';
import { Mark } from './Mark.tsx';
import type { Route } from './route.ts';
import { chooseTheme, type Theme, themes, useTheme } from './theme.ts';

const links = [
	{ page: 'machines', label: 'Machines', icon: Server },
	{ page: 'network', label: 'Network', icon: Network },
	{ page: 'images', label: 'Images', icon: Disc3 },
	{ page: 'keys', label: 'SSH keys', icon: KeyRound },
	{ page: 'settings', label: 'Settings', icon: Settings },
] as const;

export function Navigation({ route, user }: { route: Route; user: NonNullable<SessionView['user']> }) {
	const machines = useLive((state) => state.machines?.length);
	const images = useLive((state) => state.images?.length);
	const counts: Partial<Record<(typeof links)[number]['page'], number | undefined>> = { machines, images };
	const here = route.page === 'machine' ? 'machines' : route.page;
	return (
		<nav className="nav" aria-label="Pages">
			<div className="brand">
				<Mark size={22} />
				Metaldesk
			</div>
			{links.map(({ page, label, icon: Icon }) => (
				<a key={page} className="nav-link" href={`#/${page}`} aria-current={here === page ? 'page' : undefined}>
					<Icon size={16} strokeWidth={1.75} aria-hidden="true" />
					{label}
					{counts[page] !== undefined && <span className="count num">{counts[page]}</span>}
				</a>
			))}
			<div className="nav-end">
				<div className="row apart nav-user">
					<span className="clip muted" title={user.username}>
						{user.username}
					</span>
					<div className="row nav-buttons">
						<ThemeButton />
						<HintButton look="quiet" icon aria-label="Sign out" hint="Sign out" onPress={() => void attempt(signOut)}>
							<LogOut size={15} />
						</HintButton>
					</div>
				</div>
			</div>
		</nav>
	);
}

async function signOut(): Promise<void> {
	await command('session.logout', {});
	const session = useLive.getState().session;
	if (session) takeSession({ ...session, user: null });
}

const themeIcons: Record<Theme, typeof Sun> = { system: SunMoon, light: Sun, dark: Moon };
const themeNames: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

function ThemeButton() {
	const theme = useTheme();
	const Icon = themeIcons[theme];
	const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
	return (
		<HintButton
			look="quiet"
			icon
			aria-label={`Theme: ${themeNames[theme]}`}
			hint={`Theme: ${themeNames[theme]}`}
			onPress={() => chooseTheme(next)}
		>
			<Icon size={15} />
		</HintButton>
	);
}
