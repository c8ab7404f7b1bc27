import { History } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import type { BootView, TimelineView } from '../../../api/views.ts';
import { useNow } from '../../../components/Ago.tsx';
import { Empty } from '../../../components/Empty.tsx';
import { duration, moment, when } from '../../../components/format.ts';
import { Glyph, type Tone } from '../../../components/Glyph.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { LaneRows } from './LaneRows.tsx';
import { draw } from './lanes.ts';
import { StageDetail } from './StageDetail.tsx';
import './timeline.css';

/** Every boot of a machine, newest first, and the chosen one drawn as lanes. */
export function Timeline({ timeline, systemId }: { timeline: TimelineView; systemId: string }) {
	const [chosen, setChosen] = useState<number | null>(null);
	const boot = timeline.boots.find((each) => each.id === chosen) ?? timeline.boots[0];
	if (!boot) {
		return (
			<Empty icon={History} title="Not booted yet">
				<p>When this machine boots from the network, every step it takes is drawn here with the time it took.</p>
			</Empty>
		);
	}
	return (
		<div className="stack timeline">
			<fieldset className="boots">
				<legend className="unseen">Boots</legend>
				{timeline.boots.map((each) => (
					<BootButton key={each.id} boot={each} chosen={each === boot} onChoose={() => setChosen(each.id)} />
				))}
			</fieldset>
			{boot.verdict && (
				<Problem tone={boot.state === 'failed' ? 'bad' : 'attention'} text={boot.verdict.text} nextStep={boot.verdict.nextStep} />
			)}
			<Boot key={boot.id} boot={boot} systemId={systemId} />
		</div>
	);
}

/** The last words of the scale would be cut. */
const fits = (tick: { at: number }): boolean => tick.at < 0.95;

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const tones: Record<BootView['state'], Tone> = { running: 'working', done: 'good', failed: 'bad' };

function BootButton({ boot, chosen, onChoose }: { boot: BootView; chosen: boolean; onChoose(): void }) {
	const now = useNow();
	const end = boot.endedAt ? Date.parse(boot.endedAt) : now;
	return (
		<button type="button" className="boot" aria-pressed={chosen} onClick={onChoose}>
			<Glyph tone={tones[boot.state]} size={14} />
			<span className="boot-purpose">{capitalised(boot.purpose)}</span>
			<time className="faint num" dateTime={boot.startedAt} title={moment(boot.startedAt)}>
				{when(boot.startedAt, now)}
			</time>
			<span className="muted num">{duration(Math.max(0, end - Date.parse(boot.startedAt)))}</span>
		</button>
	);
}

function Boot({ boot, systemId }: { boot: BootView; systemId: string }) {
	const now = useNow();
	const box = useRef<HTMLDivElement>(null);
	const [picked, setPicked] = useState<number | null>(null);
	const drawing = draw(boot, now);
	const index = picked ?? mostInteresting(boot);
	const stage = boot.stages[index];
	const walk = (event: KeyboardEvent) => {
		const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: boot.stages.length - 1 }[event.key];
		if (to === undefined || !boot.stages[to]) return;
		event.preventDefault();
		setPicked(to);
		box.current?.querySelector<HTMLElement>(`[data-stage="${to}"]`)?.focus();
	};
	return (
		<>
			<figure className="lanes" aria-label={`Stages of this boot, ${duration(drawing.spanMs)} in all`}>
				<div className="lane-scale num" aria-hidden="true">
					{drawing.ticks.filter(fits).map((tick) => (
						<span key={tick.ms} className="tick" style={{ left: `${tick.at * 100}%` }}>
							{tick.ms === 0 ? '0' : duration(tick.ms)}
						</span>
					))}
				</div>
				<div ref={box} onKeyDown={walk} role="toolbar" aria-label="Stages">
					{drawing.lanes.map((lane) => (
						<LaneRows key={lane.name} lane={lane} ticks={drawing.ticks} current={index} onPick={setPicked} />
					))}
				</div>
			</figure>
			{stage && <StageDetail stage={stage} bootStart={drawing.start} systemId={systemId} verdict={boot.verdict} />}
		</>
	);
}

/** What somebody wants to see first: what failed, else what runs, else the last. */
function mostInteresting(boot: BootView): number {
	const failed = boot.stages.findIndex((stage) => stage.state === 'failed');
	if (failed >= 0) return failed;
	const running = boot.stages.findLastIndex((stage) => stage.state === 'running');
	return running >= 0 ? running : boot.stages.length - 1;
}
