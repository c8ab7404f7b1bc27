export type Tone = 'neutral' | 'working' | 'good' | 'bad' | 'attention';

/** A state's shape, so that nobody needs its colour: tick, cross, triangle, turning arc, ring. Said aloud by the text beside it. */
export function Glyph({ tone, size = 16 }: { tone: Tone; size?: number }) {
	return (
		<svg className={`glyph tone-${tone}`} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
			{shapes[tone]}
		</svg>
	);
}

const shapes: Record<Tone, React.ReactNode> = {
	good: (
		<>
			<circle cx="8" cy="8" r="6" fill="currentColor" />
			<path d="M5.3 8.2l1.9 1.9 3.5-3.9" fill="none" stroke="var(--surface)" strokeWidth="1.6" />
		</>
	),
	bad: (
		<>
			<path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z" fill="currentColor" />
			<path d="M5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2" stroke="var(--surface)" strokeWidth="1.6" />
		</>
	),
	attention: (
		<>
			<path d="M8 1.8l6.6 11.8H1.4z" fill="currentColor" strokeLinejoin="round" stroke="currentColor" strokeWidth="1" />
			<path d="M8 6v3.6M8 11v1.5" stroke="var(--surface)" strokeWidth="1.5" />
		</>
	),
	working: (
		<>
			<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="2" opacity="0.28" />
			<path className="turning" d="M8 2.5a5.5 5.5 0 0 1 5.5 5.5" fill="none" stroke="currentColor" strokeWidth="2" />
		</>
	),
	neutral: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.8" />,
};
