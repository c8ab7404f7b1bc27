import { bootFiles } from '../domain/bootFile.ts';
import { Refusal } from '../domain/errors.ts';
import type { Log } from '../log.ts';
import type { ResourceSet } from '../store/library/bootResourceRows.ts';
import type { Store } from '../store/store.ts';

/**
 * From uploaded bytes to something that machines can be deployed with: each chunk is appended, the last one is checked against the
 * hash, and a disk is then measured or converted, one upload after the other. Whoever sends the last chunk waits for that a while. As
 * with MAAS an upload is complete when its bytes are: what is no disk stays in the list, with the reason why it can't be deployed.
 */
export interface BootUploads {
	/** Throws what `store.bootResources.append` throws. */
	append(setId: number, chunk: Uint8Array): Promise<ResourceSet>;
	/** At start: what was complete and not yet prepared when the controller stopped. */
	resume(): void;
	/** Breaks off what is being prepared; the next start resumes it. */
	stop(): Promise<void>;
}

/** Clients give up on an answer after a minute or more; nearly every upload is prepared sooner than this. */
const PATIENCE_MS = 20_000;

export function createBootUploads(parts: { store: Store; log: Log; imagesChanged: () => void; patience?: number }): BootUploads {
	const { store, log, imagesChanged, patience = PATIENCE_MS } = parts;
	const stopping = new AbortController();
	let queue: Promise<void> = Promise.resolve();

	const refuse = (set: ResourceSet, why: string) => {
		store.bootResources.setProblem(set.id, why);
		const name = store.bootResources.byId(set.resourceId)?.name ?? 'an upload';
		store.events.append({ kind: 'verdict', level: 'warning', text: `${name} can’t be deployed`, cause: why });
	};
	const prepare = async (set: ResourceSet): Promise<void> => {
		if (stopping.signal.aborted || !store.bootResources.set(set.id)) return;
		try {
			await store.images.prepare(set, stopping.signal);
			imagesChanged();
		} catch (error) {
			// deleted meanwhile, or the controller stops
			if (stopping.signal.aborted || !store.bootResources.set(set.id)) return;
			if (!(error instanceof Refusal))
				log.error('an upload could not be prepared', {
					set: set.id,
					error: String(error instanceof Error ? error.stack : error),
				});
			refuse(set, error instanceof Refusal ? error.message : 'the controller made a mistake; its log has the details.');
		}
	};
	const enqueue = (set: ResourceSet): Promise<void> => {
		queue = queue.then(() => prepare(set));
		return queue;
	};

	return {
		async append(setId, chunk) {
			const set = await store.bootResources.append(setId, chunk);
			if (!set.complete || bootFiles[set.filetype].holds === 'root') return set;
			if (bootFiles[set.filetype].holds === 'bzip2')
				refuse(set, 'bzip2 is not unpacked here: compress it with gzip, xz or zstd instead.');
			else await atMost(patience, enqueue(set));
			return store.bootResources.set(setId) ?? set;
		},
		resume() {
			for (const set of store.bootResources.unprepared()) void enqueue(set);
		},
		stop() {
			stopping.abort(new Refusal('unavailable', 'The controller is stopping.'));
			return queue;
		},
	};
}

/** Waits for the work or for the time, whichever is over first. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const time = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, ms);
	});
	await Promise.race([work, time]);
	clearTimeout(timer);
}
