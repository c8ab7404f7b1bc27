import { OctagonPause } from 'lucide-react';
import { command } from '../api/client.ts';
import { desktop } from '../api/desktop.ts';
import { type Link, useLive } from '../api/live.ts';
import type { InterfaceView } from '../api/views.ts';
import { Button } from '../components/Button.tsx';
import { count } from '../components/format.ts';
import { Glyph, type Tone } from '../components/Glyph.tsx';
import { attempt } from '../components/Toasts.tsx';

const linkWords: Record<Link, string> = {
	idle: 'Not connected',
	connecting: 'Connecting',
	live: 'Connected',
	lost: 'Connection lost',
};

/** Always in sight: are we connected, and does anything here answer machines? */
export function StatusStrip() {
	const link = useLive((state) => state.link);
	const version = useLive((state) => state.version);
	const interfaces = useLive((state) => state.interfaces);
	const services = useLive((state) => state.services);
	const serving = interfaces?.filter((each) => each.mode !== 'off') ?? [];
	const failed = services?.filter((service) => service.state === 'failed') ?? [];
	return (
		<footer className="strip">
			<span className="row" role="status">
				<Glyph tone={link === 'live' ? 'good' : link === 'lost' ? 'attention' : 'neutral'} size={13} />
				{linkWords[link]}
			</span>
			{serving.map((each) => (
				<a key={each.name} href="#/network" className="row muted">
					<Glyph tone={tones[each.state]} size={13} />
					{servingWords(each)}
				</a>
			))}
			{interfaces && serving.length === 0 && <span className="row">We answer nobody</span>}
			{serving.length > 0 && (
				<Button size="small" onPress={() => void attempt(stopServing, 'Stopped. Nothing is answered on any interface.')}>
					<OctagonPause size={13} aria-hidden="true" />
					Stop serving now
				</Button>
			)}
			{failed.length > 0 && (
				<a href="#/network" className="row muted">
					<Glyph tone="bad" size={13} />
					{count(failed.length, 'service')} failed
				</a>
			)}
			<span className="strip-end num">{version && `Metaldesk ${version}`}</span>
		</footer>
	);
}

const tones: Record<InterfaceView['state'], Tone> = {
	silent: 'neutral',
	probing: 'working',
	serving: 'good',
	refused: 'bad',
	failed: 'bad',
};

function servingWords(each: InterfaceView): string {
	switch (each.state) {
		case 'serving':
			return `Serving DHCP on ${each.name} · ${count(each.leases, 'lease')}`;
		case 'probing':
			return `Listening for other servers on ${each.name}`;
		default:
			return `Not serving on ${each.name}`;
	}
}

/** Through the window's main process where there is one: it can end the sockets even of a controller that hangs. */
async function stopServing(): Promise<void> {
	if (desktop && useLive.getState().link !== 'live') await desktop.stopServing();
	else await command('services.stopServing', {});
}
