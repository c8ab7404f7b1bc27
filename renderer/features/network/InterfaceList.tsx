import { useLive } from '../../api/live.ts';
import { Problem } from '../../components/Problem.tsx';
import { InterfaceCard } from './InterfaceCard.tsx';
import './network.css';

/** The interfaces of this computer that machines could be on: usable ones first, the way to the internet last of them. */
export function InterfaceList() {
	const interfaces = useLive((state) => state.interfaces);
	if (!interfaces) return null;
	const shown = interfaces.filter((face) => !face.loopback).toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
	if (shown.length === 0) {
		return (
			<Problem
				tone="attention"
				text="This computer has no network interface that machines could be on."
				nextStep="Connect a network adapter; it appears here by itself."
			/>
		);
	}
	return (
		<ul className="stack" aria-label="Interfaces">
			{shown.map((face) => (
				<InterfaceCard key={face.name} face={face} />
			))}
		</ul>
	);
}

const rank = (face: { mode: string; carrier: boolean; addresses: readonly string[]; internet: boolean }): number =>
	face.mode !== 'off' ? 0 : !face.carrier ? 3 : face.addresses.length === 0 ? 2 : face.internet ? 1.5 : 1;
