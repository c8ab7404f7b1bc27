import path from 'node:path';
import type { Log } from '../log.ts';

/** What the builder leaves behind (controller/bootAssets/manifest.ts), as far as it is needed here. */
export interface AssetManifest {
	readonly kernelVersion: string;
	readonly packages: readonly unknown[];
	readonly files: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
}

export interface BuildStep {
	readonly step: string;
	readonly text: string;
	readonly done: number;
	readonly total: number;
}

export interface BootAssetsState {
	readonly state: 'missing' | 'building' | 'ready' | 'failed';
	readonly builtAt: string | null;
	readonly manifest: AssetManifest | null;
	readonly progress: BuildStep | null;
	readonly problem: { readonly text: string; readonly nextStep: string } | null;
}

/** Kernel, initramfs and loaders: there, missing, or being built. What was built last stays in service until the next build is whole. */
export interface BootAssets {
	get(): BootAssetsState;
	/** Reads the manifest that is there. */
	load(): Promise<void>;
	/** Starts a build unless one runs; its end shows in `get`. */
	build(): Promise<void>;
	file(name: string): { path: string; size: number; etag: string } | null;
	onChange(listener: () => void): () => void;
	/** Ends a running build. */
	stop(): Promise<void>;
}

export function createBootAssets(parts: {
	folder: string;
	read: () => Promise<{ manifest: AssetManifest; builtAt: string } | null>;
	build: (onProgress: (step: BuildStep) => void, signal: AbortSignal) => Promise<AssetManifest>;
	log: Log;
	now: () => Date;
}): BootAssets {
	const listeners = new Set<() => void>();
	let state: BootAssetsState = { state: 'missing', builtAt: null, manifest: null, progress: null, problem: null };
	let running: { done: Promise<void>; abort: AbortController } | null = null;
	const become = (change: Partial<BootAssetsState>) => {
		state = { ...state, ...change };
		for (const listener of listeners) listener();
	};

	const build = async (signal: AbortSignal) => {
		become({ state: 'building', progress: null, problem: null });
		try {
			const manifest = await parts.build((progress) => become({ progress }), signal);
			become({ state: 'ready', manifest, builtAt: parts.now().toISOString(), progress: null });
		} catch (error) {
			const text = error instanceof Error ? error.message : String(error);
			parts.log.warn('the boot assets could not be built', { cause: text });
			const nextStep = 'Check that this computer reaches its Debian archive (apt update shows), then build again.';
			become({ state: state.manifest ? 'ready' : 'failed', progress: null, problem: { text, nextStep } });
		}
	};

	return {
		get: () => state,
		async load() {
			const found = await parts.read();
			if (found) become({ state: 'ready', ...found });
		},
		async build() {
			if (running) return running.done;
			const abort = new AbortController();
			const done = build(abort.signal).finally(() => {
				running = null;
			});
			running = { done, abort };
			return done;
		},
		file(name) {
			const file = state.manifest?.files.find((each) => each.name === name);
			return file ? { path: path.resolve(parts.folder, file.name), size: file.size, etag: `"${file.sha256}"` } : null;
		},
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		async stop() {
			running?.abort.abort();
			await running?.done;
		},
	};
}
