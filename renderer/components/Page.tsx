import { type ReactNode, useEffect } from 'react';

/** A page: its title (also the window's), what can be done on it, and its body. */
export function Page({
	title,
	detail,
	actions,
	children,
	wide,
	back,
}: {
	title: string;
	detail?: ReactNode;
	actions?: ReactNode;
	children: ReactNode;
	/** the body manages its own width and scrolling */
	wide?: boolean;
	/** the page above this one */
	back?: { href: string; label: string };
}) {
	useEffect(() => {
		document.title = `${title} · Metaldesk`;
	}, [title]);
	return (
		<>
			<header className="page-head">
				<div className="grow row">
					{back && (
						<>
							<a className="back" href={back.href}>
								{back.label}
							</a>
							<span className="faint" aria-hidden="true">
								/
							</span>
						</>
					)}
					<h1 className="clip">{title}</h1>
					{detail}
				</div>
				{actions}
			</header>
			{wide ? (
				children
			) : (
				<div className="page-body">
					<div className="column">{children}</div>
				</div>
			)}
		</>
	);
}
