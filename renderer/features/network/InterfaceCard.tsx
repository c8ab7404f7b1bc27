import { Globe, Unplug } from 'lucide-react';
import { useState } from 'react';
import { command } from '../../api/client.ts';
import type { InterfaceView, ProbeView } from '../../api/views.ts';
import { Button } from '../../components/Button.tsx';
import { count, linkSpeed } from '../../components/format.ts';
import { Glyph, type Tone } from '../../components/Glyph.tsx';
import { Problem } from '../../components/Problem.tsx';
import { attempt } from '../../components/Toasts.tsx';
import { ProbeResult } from './ProbeResult.tsx';
import { ServeDialog } from './ServeDialog.tsx';

const looks: Record<InterfaceView['state'], { tone: Tone; word: string }> = {
	silent: { tone: 'neutral', word: 'Off, silent' },
	probing: { tone: 'working', word: 'Listening for other servers' },
	serving: { tone: 'good', word: 'Serving' },
	refused: { tone: 'bad', word: 'Refused' },
	failed: { tone: 'bad', word: 'Failed' },
};

/** One interface of this computer: what it is, what is done on it, and the switch. */
export function InterfaceCard({ face }: { face: InterfaceView }) {
	const [probe, setProbe] = useState<ProbeView | null>(null);
	const [probing, setProbing] = useState(false);
	const [asking, setAsking] = useState(false);
	const { tone, word } = looks[face.state];
	const look = async () => {
		setProbing(true);
		setProbe(null);
		await attempt(async () => setProbe(await command('network.probe', { name: face.name })));
		setProbing(false);
	};
	const turnOff = () => attempt(() => command('network.setMode', { name: face.name, mode: 'off' }), `${face.name} is off.`);
	const unusable = whyUnusable(face);
	return (
		<li className="panel interface" data-state={face.state}>
			<div className="interface-head">
				<Glyph tone={probing ? 'working' : tone} />
				<h3 className="mono">{face.name}</h3>
				<span className={face.state === 'serving' ? 'tone-good' : 'muted'}>{probing ? looks.probing.word : word}</span>
				{face.internet && (
					<span className="pill attention">
						<Globe size={12} aria-hidden="true" /> this is your internet
					</span>
				)}
				<span className="push" />
				{face.mode === 'off' ? (
					<>
						<Button onPress={() => void look()} isPending={probing} isDisabled={unusable !== null}>
							Probe
						</Button>
						<Button look={face.internet ? 'plain' : 'primary'} isDisabled={unusable !== null} onPress={() => setAsking(true)}>
							Serve…
						</Button>
					</>
				) : (
					<Button look="danger" onPress={() => void turnOff()}>
						Turn off
					</Button>
				)}
			</div>
			<dl className="interface-facts">
				<Fact name="Link" value={linkWords(face)} />
				<Fact name="Address" value={face.addresses.join(', ') || 'none'} mono />
				<Fact name="MAC" value={face.mac} mono />
				{face.pool && <Fact name="Hands out" value={`${face.pool.start} – ${face.pool.end}`} mono />}
				{face.mode !== 'off' && <Fact name="Leases" value={count(face.leases, 'lease')} />}
			</dl>
			{unusable && (
				<p className="interface-note muted row">
					<Unplug size={14} aria-hidden="true" /> {unusable}
				</p>
			)}
			{face.problem && <Problem text={face.problem.text} nextStep={face.problem.nextStep} />}
			{probe && <ProbeResult probe={probe} name={face.name} />}
			{asking && <ServeDialog face={face} onClose={() => setAsking(false)} />}
		</li>
	);
}

function Fact({ name, value, mono }: { name: string; value: string; mono?: boolean }) {
	return (
		<div>
			<dt>{name}</dt>
			<dd className={mono ? 'mono' : 'num'}>{value}</dd>
		</div>
	);
}

function linkWords(face: InterfaceView): string {
	if (!face.up) return 'down';
	if (!face.carrier) return 'no cable';
	return face.speed === null ? 'up' : `up, ${linkSpeed(face.speed)}`;
}

function whyUnusable(face: InterfaceView): string | null {
	if (!face.up) return 'Bring the interface up to use it.';
	if (!face.carrier) return 'Connect a cable to use it.';
	if (face.addresses.length === 0) return 'Give it an IPv4 address to use it: machines must be able to reach this computer.';
	return null;
}
