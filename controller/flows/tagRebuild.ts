import { type Answer, askMachines, parseTagDefinition, type TagDefinition } from '../domain/tagDefinition.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Tag } from '../store/tags.ts';

/**
 * Who has a tag with a definition: asked of every machine when the tag is made or changed (`begin`), and of one machine when its
 * hardware has been read (`tagMachine`). Machines without an lshw have no such tag.
 */
export interface TagRebuild {
	/**
	 * Asks the tag's definition of every machine, a few at a time, so that nothing else has to wait. A rebuild of the same tag that
	 * still runs is given up. Resolves at its end, which for thousands of machines is after many seconds.
	 */
	begin(tagId: number): Promise<void>;
	/** Ends the rebuilds that run. */
	stop(): Promise<void>;
}

/** Characters of XML that are asked in one go, while all other work waits: about 20 ms, several small machines or one large one. */
const SLICE_SIZE = 128 * 1024;

export function createTagRebuild(store: Store, log: Log): TagRebuild {
	const running = new Map<number, symbol>();
	const ends = new Set<Promise<void>>();

	const rebuild = async (tagId: number, mine: symbol) => {
		// after the answer to whoever asked has been prepared
		await nextTurn();
		const reports = store.hardwareReports.newest();
		const machines = [...reports.keys()];
		const problems: string[] = [];
		const outdated = new Set(store.tags.nodesOf(tagId));
		for (const id of machines) outdated.delete(id);
		store.tags.remove(tagId, outdated);

		for (let at = 0; at < machines.length; ) {
			const tag = store.tags.byId(tagId);
			if (running.get(tagId) !== mine || !tag || tag.definition === '') return;
			const slice: { id: number; lshw: string }[] = [];
			let size = 0;
			do {
				const id = machines[at++] as number;
				const lshw = store.hardwareReports.read(reports.get(id) as number) ?? '';
				slice.push({ id, lshw });
				size += lshw.length;
			} while (at < machines.length && size < SLICE_SIZE);
			const answers = ask(
				[tag],
				slice.map(({ lshw }) => lshw),
			).map((each) => each[0] as Answer);
			problems.push(...answers.flatMap((answer) => (typeof answer === 'object' ? [answer.problem] : [])));
			const having = (has: boolean) => slice.flatMap(({ id }, index) => ((answers[index] === true) === has ? [id] : []));
			store.transaction(() => {
				store.tags.add(tagId, having(true));
				store.tags.remove(tagId, having(false));
			});
			await nextTurn();
		}
		if (problems.length > 0) warn(tagId, problems);
	};

	const warn = (tagId: number, problems: readonly string[]) => {
		const name = store.tags.byId(tagId)?.name;
		const many = problems.length === 1 ? 'one machine' : `${problems.length} machines`;
		store.events.append({
			kind: 'inventory',
			level: 'warning',
			text: `The tag ${name} could not be asked of ${many}.`,
			cause: `Of the first of them: ${problems[0]}.`,
			nextStep: 'They do not have the tag. Make its definition simpler, or commission them again.',
		});
	};

	return {
		begin(tagId) {
			const mine = Symbol('rebuild');
			running.set(tagId, mine);
			const end = rebuild(tagId, mine)
				.catch((error: unknown) => log.error('a tag could not be rebuilt', { tag: tagId, error: String(error) }))
				.finally(() => {
					if (running.get(tagId) === mine) running.delete(tagId);
					ends.delete(end);
				});
			ends.add(end);
			return end;
		},
		async stop() {
			running.clear();
			await Promise.all(ends);
		},
	};
}

/**
 * Puts every defined tag on or off a machine whose lshw has come in; within the caller's transaction, so that a machine that turns
 * Ready has its tags.
 */
export function tagMachine(store: Store, machineId: number, lshw: string | null): void {
	const tags = store.tags.defined();
	if (tags.length === 0 || lshw === null) return;
	const answers = ask(tags, [lshw])[0] ?? [];
	for (const [index, tag] of tags.entries()) {
		const answer = answers[index] ?? false;
		if (answer === true) store.tags.add(tag.id, [machineId]);
		else store.tags.remove(tag.id, [machineId]);
		if (typeof answer === 'object')
			store.events.append({
				nodeId: machineId,
				kind: 'inventory',
				level: 'warning',
				text: `The tag ${tag.name} could not be decided: ${answer.problem}.`,
			});
	}
}

/** What each tag's definition says of each machine: `answers[machine][tag]`. The definitions were checked when they were set. */
function ask(tags: readonly Tag[], lshws: readonly string[]): Answer[][] {
	const definitions = tags.map(({ definition, name }): TagDefinition => {
		const parsed = parseTagDefinition(definition);
		if ('problem' in parsed) throw new Error(`the tag ${name} has a definition that is none: ${parsed.problem}`);
		return parsed;
	});
	return askMachines(definitions, lshws);
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
