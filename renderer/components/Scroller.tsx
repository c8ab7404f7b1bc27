import type { ReactNode, Ref, UIEventHandler } from 'react';

/** A box that scrolls is a stop for the Tab key, so that the arrow keys can scroll it (WCAG 2.1.1). */
const reachable = { tabIndex: 0 };

export function Scroller({
	label,
	className,
	ref,
	onScroll,
	children,
}: {
	label: string;
	className: string;
	ref?: Ref<HTMLElement>;
	onScroll?: UIEventHandler<HTMLElement>;
	children: ReactNode;
}) {
	return (
		<section
			{...reachable}
			aria-label={label}
			className={`scroller ${className}`}
			{...(ref && { ref })}
			{...(onScroll && { onScroll })}
		>
			{children}
		</section>
	);
}
