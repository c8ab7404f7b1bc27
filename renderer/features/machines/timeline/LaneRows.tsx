import { Button, TooltipTrigger } from 'react-aria-components';
import { Hint } from '../../../components/Button.tsx';
import { duration } from '../../../components/format.ts';
import { type Bar, type Drawing, type Lane, shortName, slowness } from './lanes.ts';

interface Props {
	lane: Lane;
	ticks: Drawing['ticks'];
	/** index of the stage that is shown below, and the toolbar's tab stop */
	current: number;
	onPick(index: number): void;
}

/** One lane with its bars to scale. */
export function LaneRows({ lane, ticks, current, onPick }: Props) {
	return (
		<fieldset className="lane">
			<legend className="unseen">{lane.name}</legend>
			<span className="lane-name" aria-hidden="true">
				{lane.name}
			</span>
			<div className="lane-rows">
				{ticks.map((tick) => (
					<span key={tick.ms} className="lane-line" style={{ left: `${tick.at * 100}%` }} />
				))}
				{lane.rows.map((row) => (
					<div key={row[0]?.index} className="lane-row">
						{row.map((bar) => (
							<StageBar key={bar.index} bar={bar} current={bar.index === current} onPick={onPick} />
						))}
					</div>
				))}
			</div>
		</fieldset>
	);
}

/** Shares of the drawing's width below which a label would be cut. */
const labelInside = 0.11;
const labelBeside = 0.06;

function StageBar({ bar, current, onPick }: { bar: Bar; current: boolean; onPick(index: number): void }) {
	const { stage } = bar;
	const took = stage.ms === null ? 'running' : duration(stage.ms);
	const name = shortName(stage);
	// On a lane of its own the lane's name says it already.
	const shown = name === stage.lane ? '' : name;
	const inside = bar.width >= labelInside;
	const overdue = bar.usual !== null && stage.ms === null && bar.usual > bar.width;
	return (
		<>
			{overdue && (
				<span
					className="stage-usual"
					aria-hidden="true"
					style={{ left: `${bar.at * 100}%`, width: `${Math.min(bar.usual ?? 0, 1 - bar.at) * 100}%` }}
				/>
			)}
			<TooltipTrigger delay={150} closeDelay={0}>
				<Button
					className={`stage-bar ${stage.state} ${inside ? 'worded' : ''}`}
					aria-label={`${name}, ${took}${stage.state === 'failed' ? ', failed' : ''}`}
					aria-pressed={current}
					data-stage={bar.index}
					excludeFromTabOrder={!current}
					style={{ left: `${bar.at * 100}%`, width: `${bar.width * 100}%` }}
					onPress={() => onPick(bar.index)}
				>
					{inside && (
						<span className="clip">
							{shown} <span className="num stage-took">{took}</span>
						</span>
					)}
				</Button>
				<Hint>
					<strong>{stage.text}</strong>
					<br />
					<span className="num">{[took, slowness(stage), stage.cause].filter(Boolean).join(' · ')}</span>
				</Hint>
			</TooltipTrigger>
			{!inside && <Label bar={bar} name={shown} took={took} />}
		</>
	);
}

/** Beside a bar that is too short for words: after it, or before it where the drawing ends. */
function Label({ bar, name, took }: { bar: Bar; name: string; took: string }) {
	const { before, after } = bar.room;
	const words = (
		<>
			{name} <span className="faint num">{took}</span>
		</>
	);
	if (after >= labelBeside) {
		return (
			<span
				className="stage-label clip"
				aria-hidden="true"
				style={{ left: `${(bar.at + bar.width) * 100}%`, maxWidth: `${after * 100}%` }}
			>
				{words}
			</span>
		);
	}
	if (before < labelBeside) return null;
	return (
		<span
			className="stage-label clip"
			aria-hidden="true"
			style={{ right: `${(1 - bar.at) * 100}%`, maxWidth: `${before * 100}%` }}
		>
			{words}
		</span>
	);
}
