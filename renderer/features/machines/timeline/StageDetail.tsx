import type { BootView, StageView } from '../../../api/views.ts';
import { clock, duration } from '../../../components/format.ts';
import { Glyph } from '../../../components/Glyph.tsx';
import { OutputPane } from '../output/OutputPane.tsx';
import { slowness } from './lanes.ts';

const tones = { running: 'working', done: 'good', failed: 'bad' } as const;

/** The chosen stage in words, and what its script printed. */
export function StageDetail({
	stage,
	bootStart,
	systemId,
	verdict,
}: {
	stage: StageView;
	bootStart: number;
	systemId: string;
	/** stands above the lanes: what it says already is not said again */
	verdict: BootView['verdict'];
}) {
	const offset = Date.parse(stage.startedAt) - bootStart;
	return (
		<section className="stage-detail stack" aria-label="Chosen stage">
			<div className="row wrap">
				<Glyph tone={tones[stage.state]} />
				<strong>{stage.text}</strong>
				<code className="faint">{stage.stage}</code>
				<span className="muted num">
					{clock(stage.startedAt)} (+{duration(offset)}), {stage.ms === null ? 'running' : `took ${duration(stage.ms)}`}
					{stage.expectedMs !== null && `, usually ${duration(stage.expectedMs)}`}
				</span>
				{slowness(stage) && <span className="pill attention">{slowness(stage)}</span>}
			</div>
			{stage.cause && stage.cause !== verdict?.text && <p className="tone-bad">{stage.cause}</p>}
			{stage.nextStep && stage.nextStep !== verdict?.nextStep && <p>{stage.nextStep}</p>}
			{stage.resultId !== null && (
				<OutputPane key={stage.resultId} resultId={stage.resultId} state={stage.state} systemId={systemId} />
			)}
		</section>
	);
}
