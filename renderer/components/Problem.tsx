import type { ReactNode } from 'react';
import { Glyph, type Tone } from './Glyph.tsx';
import { inWords } from './words.ts';

/** What is wrong, and the one next step. Give either words or whatever was thrown. */
export function Problem({
	text,
	nextStep,
	thrown,
	tone = 'bad',
	children,
}: {
	text?: ReactNode;
	nextStep?: string | null;
	thrown?: unknown;
	tone?: Tone;
	children?: ReactNode;
}) {
	const words = thrown === undefined ? { text, nextStep } : inWords(thrown);
	return (
		<div className={`problem ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
			<Glyph tone={tone} />
			<strong>{words.text}</strong>
			{words.nextStep && <span className="next">{words.nextStep}</span>}
			{children && <div className="next">{children}</div>}
		</div>
	);
}
