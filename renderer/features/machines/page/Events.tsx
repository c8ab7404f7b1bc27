import { useState } from 'react';
import { query } from '../../../api/client.ts';
import { useLive } from '../../../api/live.ts';
import { useQuery } from '../../../api/useQuery.ts';
import type { EventView } from '../../../api/views.ts';
import { Button } from '../../../components/Button.tsx';
import { duration, moment } from '../../../components/format.ts';
import { Glyph, type Tone } from '../../../components/Glyph.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { attempt } from '../../../components/Toasts.tsx';

const pageSize = 100;
const tones: Record<EventView['level'], Tone> = { info: 'neutral', warning: 'attention', error: 'bad' };

/** Everything that happened to the machine, newest first: fetched once, new ones from the socket, older ones on demand. */
export function Events({ systemId }: { systemId: string }) {
	const live = useLive((state) => state.events);
	const { data, problem } = useQuery('machine.events', { systemId, limit: pageSize });
	const [older, setOlder] = useState<readonly EventView[]>([]);
	const [ended, setEnded] = useState(false);
	const events = merged(
		live.filter((event) => event.systemId === systemId),
		data ?? [],
		older,
	);
	const more = async () => {
		const before = events.at(-1)?.id;
		if (before === undefined) return;
		const page = await query('machine.events', { systemId, before, limit: pageSize });
		setOlder((old) => [...old, ...page]);
		setEnded(page.length < pageSize);
	};
	return (
		<div className="stack">
			{problem !== null && <Problem thrown={problem} />}
			<ol className="events">
				{events.map((event) => (
					<li key={event.id} className="event">
						<time className="faint num" dateTime={event.at}>
							{moment(event.at)}
						</time>
						{event.level === 'info' ? <span className="event-dot" /> : <Glyph tone={tones[event.level]} size={13} />}
						<span>
							{event.text}
							{event.ms !== null && <span className="faint num"> · {duration(event.ms)}</span>}
							{event.by && <span className="faint"> · by {event.by}</span>}
							{event.cause && <span className="event-more">{event.cause}</span>}
							{event.nextStep && <span className="event-more muted">{event.nextStep}</span>}
						</span>
						<code className="faint clip">{event.stage ?? event.kind}</code>
					</li>
				))}
			</ol>
			{data && data.length === pageSize && !ended && <Button onPress={() => void attempt(more)}>Show older</Button>}
		</div>
	);
}

function merged(...lists: (readonly EventView[])[]): EventView[] {
	const byId = new Map(lists.flat().map((event) => [event.id, event]));
	return [...byId.values()].sort((a, b) => b.id - a.id);
}
