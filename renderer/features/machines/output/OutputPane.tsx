import { ArrowDownToLine, WrapText } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ToggleButton } from 'react-aria-components';
import { useLive } from '../../../api/live.ts';
import { useQuery } from '../../../api/useQuery.ts';
import { Copy } from '../../../components/Copy.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { plainText } from '../../../components/plainText.ts';
import { Scroller } from '../../../components/Scroller.tsx';
import { joined } from './joined.ts';
import './output.css';

interface Props {
	resultId: number;
	state: 'running' | 'done' | 'failed';
	systemId: string;
}

/** What a script printed, growing while it runs. Follows the end until somebody scrolls up; a failure is told at the end, too. */
export function OutputPane({ resultId, state, systemId }: Props) {
	const running = state === 'running';
	const tail = useLive((state) => state.outputs[resultId]);
	const revision = useLive((state) => state.revisions[systemId] ?? 0);
	const { data, problem, loading, again } = useQuery('scriptResult.output', { id: resultId }, running ? 0 : revision);
	const [follow, setFollow] = useState(state !== 'done');
	const [wrap, setWrap] = useState(true);
	const box = useRef<HTMLElement>(null);
	const { text: raw, gap } = joined(data?.output ?? '', tail);
	const text = useMemo(() => plainText(raw), [raw]);

	useEffect(() => {
		if (!gap || loading) return;
		const soon = setTimeout(again, 500);
		return () => clearTimeout(soon);
	}, [gap, loading, again]);
	useLayoutEffect(() => {
		const element = box.current;
		if (follow && element && text) element.scrollTop = element.scrollHeight;
	}, [follow, text]);

	return (
		<section className="output" aria-label="Script output">
			<div className="output-head row apart">
				<span className="faint num">
					{text === '' ? (loading ? 'Loading' : 'No output') : `${text.split('\n').length} lines`}
					{data?.truncated && ', only the beginning was kept'}
					{running && ' · live'}
				</span>
				<div className="row">
					<ToggleButton className="button quiet small" isSelected={follow} onChange={setFollow}>
						<ArrowDownToLine size={13} aria-hidden="true" /> Follow
					</ToggleButton>
					<ToggleButton className="button quiet small" isSelected={wrap} onChange={setWrap}>
						<WrapText size={13} aria-hidden="true" /> Wrap
					</ToggleButton>
					<Copy text={text} label="Copy output" words="Copy" />
				</div>
			</div>
			{problem !== null && <Problem thrown={problem} />}
			<Scroller
				label="Printed text"
				ref={box}
				className={wrap ? 'output-text wrapped' : 'output-text'}
				onScroll={(event) => {
					const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
					setFollow(scrollHeight - scrollTop - clientHeight < 8);
				}}
			>
				<pre>{text}</pre>
			</Scroller>
		</section>
	);
}
