import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import type { ScriptResultView } from '../../../api/views.ts';
import { Ago } from '../../../components/Ago.tsx';
import { Empty } from '../../../components/Empty.tsx';
import { bytes, duration } from '../../../components/format.ts';
import { Glyph, type Tone } from '../../../components/Glyph.tsx';
import { OutputPane } from '../output/OutputPane.tsx';

const looks: Record<ScriptResultView['status'], { tone: Tone; word: string }> = {
	pending: { tone: 'neutral', word: 'Waiting' },
	running: { tone: 'working', word: 'Running' },
	passed: { tone: 'good', word: 'Passed' },
	failed: { tone: 'bad', word: 'Failed' },
	timed_out: { tone: 'bad', word: 'Timed out' },
	aborted: { tone: 'attention', word: 'Aborted' },
	degraded: { tone: 'attention', word: 'Degraded' },
	skipped: { tone: 'neutral', word: 'Skipped' },
};

/** Every script that ran on the machine; the chosen one's output beside the list. */
export function Results({ results, systemId }: { results: readonly ScriptResultView[]; systemId: string }) {
	const [chosen, setChosen] = useState<number | null>(null);
	const result = results.find((each) => each.id === chosen) ?? mostInteresting(results);
	if (!result) {
		return (
			<Empty icon={ListChecks} title="No results yet">
				<p>Commissioning, tests, deployments and erasures run scripts on the machine. What they printed is kept here.</p>
			</Empty>
		);
	}
	return (
		<div className="results">
			<ul className="result-list" aria-label="Script results">
				{results.map((each) => (
					<li key={each.id}>
						<button type="button" className="result" aria-pressed={each === result} onClick={() => setChosen(each.id)}>
							<Glyph tone={looks[each.status].tone} size={14} />
							<span className="result-name clip">{each.name}</span>
							<span className="faint num">{timeOf(each)}</span>
							<span className="faint clip result-kind">
								{each.kind} · {looks[each.status].word}
							</span>
						</button>
					</li>
				))}
			</ul>
			<div className="stack">
				<div className="row wrap">
					<h2>{result.name}</h2>
					<span className="row">
						<Glyph tone={looks[result.status].tone} />
						{looks[result.status].word}
					</span>
					{result.exitStatus !== null && <span className="muted num">exit status {result.exitStatus}</span>}
					{result.startedAt && (
						<span className="faint">
							<Ago at={result.startedAt} />
						</span>
					)}
					<span className="faint num">{bytes(result.outputBytes)}</span>
				</div>
				<OutputPane key={result.id} resultId={result.id} state={outputState(result)} systemId={systemId} />
			</div>
		</div>
	);
}

function mostInteresting(results: readonly ScriptResultView[]): ScriptResultView | undefined {
	return (
		results.find((each) => looks[each.status].tone === 'bad') ??
		results.findLast((each) => each.status === 'running') ??
		results[0]
	);
}

function outputState({ status }: ScriptResultView): 'running' | 'done' | 'failed' {
	if (status === 'running') return 'running';
	return looks[status].tone === 'bad' ? 'failed' : 'done';
}

function timeOf(result: ScriptResultView): string {
	if (!result.startedAt || !result.endedAt) return '';
	return duration(Date.parse(result.endedAt) - Date.parse(result.startedAt));
}
