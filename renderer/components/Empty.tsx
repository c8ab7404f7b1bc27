import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** What to see where nothing is yet: what would be here, and how it comes to be. */
export function Empty({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children: ReactNode }) {
	return (
		<div className="empty">
			<Icon size={28} strokeWidth={1.5} aria-hidden="true" />
			<h2>{title}</h2>
			{children}
		</div>
	);
}
