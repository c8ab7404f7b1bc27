import { useCallback, useEffect, useState } from 'react';
import { type Input, type Output, type QueryName, query } from './client.ts';

export interface Answer<T> {
	/** the latest answer; stays on screen while a newer one is fetched */
	data: T | null;
	/** what was thrown, null when all is well */
	problem: unknown;
	loading: boolean;
	again(): void;
}

/**
 * Asks when shown and again whenever `revision` changes. Holds its answer for as long as it is on screen: lists that several pages
 * need come over the socket (live.ts), so nothing is cached here.
 */
export function useQuery<N extends QueryName>(name: N, input: Input<N>, revision = 0): Answer<Output<N>> {
	const [asked, setAsked] = useState(0);
	const [held, setHeld] = useState<Held<Output<N>>>({ subject: '', round: '', data: null, problem: null });
	// `input` is a new object on every render; its text is not.
	const subject = JSON.stringify(input);
	const round = `${revision}.${asked}`;
	useEffect(() => {
		const stopped = new AbortController();
		query(name, JSON.parse(subject) as Input<N>, stopped.signal).then(
			(data) => setHeld({ subject, round, data, problem: null }),
			(thrown: unknown) => {
				if (stopped.signal.aborted) return;
				setHeld((old) => ({ subject, round, data: old.subject === subject ? old.data : null, problem: thrown }));
			},
		);
		return () => stopped.abort();
	}, [name, subject, round]);
	const again = useCallback(() => setAsked((n) => n + 1), []);
	const current = held.subject === subject;
	return {
		data: current ? held.data : null,
		problem: current ? held.problem : null,
		loading: !current || held.round !== round,
		again,
	};
}

interface Held<T> {
	/** the input that the answer belongs to, as JSON */
	subject: string;
	round: string;
	data: T | null;
	problem: unknown;
}
