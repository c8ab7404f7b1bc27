import { count } from '../../../components/format.ts';
import { Glyph } from '../../../components/Glyph.tsx';
import type { Offer } from './perform.ts';

/** The machines that an action will touch, by name, and those that it leaves out with the reason. */
export function Touched({ offer }: { offer: Offer }) {
	return (
		<div className="stack tight">
			<ul className="touched" aria-label={`${count(offer.able.length, 'machine')} will be touched`}>
				{offer.able.map((machine) => (
					<li key={machine.systemId}>
						<Glyph tone={machine.tone} size={14} />
						<strong>{machine.hostname}</strong>
						<span className="faint clip">{[machine.vendor, machine.product, machine.serial].filter(Boolean).join(' · ')}</span>
					</li>
				))}
			</ul>
			{offer.unable.length > 0 && (
				<p className="muted">
					Left out: {offer.unable.map(({ machine, reason }) => `${machine.hostname} (${reason.replace(/\.$/, '')})`).join(', ')}
				</p>
			)}
		</div>
	);
}
