/** The product's mark: three units of a rack, the middle one lit. */
export function Mark({ size }: { size: number }) {
	return (
		<svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
			<rect width="24" height="24" rx="5.5" fill="light-dark(#1b2330, #2a3342)" />
			<rect x="5" y="5.5" width="14" height="3.4" rx="1" fill="#8896ab" />
			<rect x="5" y="10.3" width="14" height="3.4" rx="1" fill="#4f9dff" />
			<rect x="5" y="15.1" width="14" height="3.4" rx="1" fill="#8896ab" />
			<circle cx="16.6" cy="12" r=".9" fill="#fff" />
		</svg>
	);
}
