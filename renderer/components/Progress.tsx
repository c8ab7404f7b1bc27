import { Label, ProgressBar } from 'react-aria-components';

/** `done` of `total` in any unit; `right` is said at the line's end. */
export function Progress({ label, done, total, right }: { label: string; done: number; total: number; right?: string }) {
	const share = total > 0 ? Math.min(100, (done / total) * 100) : 0;
	return (
		<ProgressBar className="progress" value={share}>
			{({ valueText }) => (
				<>
					<div className="progress-line">
						<Label className="clip">{label}</Label>
						<span className="num">{right ?? valueText}</span>
					</div>
					<div className="progress-track">
						<div className="progress-fill" style={{ width: `${share}%` }} />
					</div>
				</>
			)}
		</ProgressBar>
	);
}
