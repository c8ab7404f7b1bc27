import { create } from 'zustand';
import { uploadImage } from '../../api/client.ts';

/** One file on its way. Kept outside the page, so that somebody may look at something else meanwhile. */
export interface Uploading {
	id: number;
	filename: string;
	name: string;
	size: number;
	sent: number;
	startedAt: number;
	/** what was thrown; null while it goes well */
	thrown: unknown;
	cancel(): void;
}

export const useUploads = create<{ uploads: readonly Uploading[] }>()(() => ({ uploads: [] }));
let lastId = 0;

export function startUpload(file: File): void {
	const id = ++lastId;
	const name = nameFrom(file.name);
	const { done, cancel } = uploadImage(file, name, (sent) => change(id, { sent }));
	const entry: Uploading = {
		id,
		filename: file.name,
		name,
		size: file.size,
		sent: 0,
		startedAt: Date.now(),
		thrown: null,
		cancel,
	};
	useUploads.setState((state) => ({ uploads: [...state.uploads, entry] }));
	done.then(
		() => dismiss(id),
		(thrown: unknown) => (isCancelled(thrown) ? dismiss(id) : change(id, { thrown })),
	);
}

export function dismiss(id: number): void {
	useUploads.setState((state) => ({ uploads: state.uploads.filter((upload) => upload.id !== id) }));
}

function change(id: number, part: Partial<Uploading>): void {
	useUploads.setState((state) => ({
		uploads: state.uploads.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)),
	}));
}

const isCancelled = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'cancelled';

/** `debian-12.raw.zst` is the image `debian-12`. */
export function nameFrom(filename: string): string {
	return filename.replace(/(\.(raw|img|qcow2|gz|xz|zst))+$/i, '') || filename;
}
