import { matchesDefinition, parseTagDefinition, readHardwareDocument } from '../domain/tagDefinition.ts';
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

/** How long other work waits at most for a slice of machines. */
const SLICE_MS = 20;

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
			const until = performance.now() + SLICE_MS;
			const gets: number[] = [];
			const loses: number[] = [];
			do {
				const id = machines[at++] as number;
				const answer = ask([tag], store.hardwareReports.read(reports.get(id) as number) ?? '').get(tagId);
				if (typeof answer === 'object') problems.push(answer.problem);
				(answer === true ? gets : loses).push(id);
			} while (at < machines.length && performance.now() < until);
			store.transaction(() => {
				// machines may have been deleted in the meantime, never within a slice
				store.tags.add(tagId, gets);
				store.tags.remove(tagId, loses);
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
	for (const [tagId, answer] of ask(tags, lshw)) {
		if (answer === true) store.tags.add(tagId, [machineId]);
		else store.tags.remove(tagId, [machineId]);
		if (typeof answer === 'object')
			store.events.append({
				nodeId: machineId,
				kind: 'inventory',
				level: 'warning',
				text: `The tag ${tags.find((tag) => tag.id === tagId)?.name} could not be decided: ${answer.problem}.`,
			});
	}
}

/** What each tag's definition says of one machine; its XML is read once for those with the prefix and once for those without. */
function ask(tags: readonly Tag[], lshw: string): Map<number, boolean | { problem: string }> {
	const read = new Map<boolean, ReturnType<typeof readHardwareDocument>>();
	const hardwareFor = (prefixed: boolean) => {
		const known = read.get(prefixed) ?? readHardwareDocument(lshw, prefixed);
		read.set(prefixed, known);
		return known;
	};
	return new Map(
		tags.map((tag) => {
			const definition = parseTagDefinition(tag.definition);
			if ('problem' in definition) return [tag.id, definition];
			const hardware = hardwareFor(definition.prefixed);
			return [tag.id, 'problem' in hardware ? { problem: hardware.problem } : matchesDefinition(definition, hardware)];
		}),
	);
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
