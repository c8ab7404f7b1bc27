import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** An executable that runs the controller as a Node program. */
export interface Runtime {
	readonly executable: string;
	/** What has to be in the environment besides. */
	readonly environment: Readonly<Record<string, string>>;
	readonly origin: 'configured' | 'electron' | 'node package' | 'PATH';
}

export type RuntimeChoice =
	| { readonly outcome: 'found'; readonly runtime: Runtime; readonly version: string }
	/** `tried` says of each candidate, in the order of trying, why not. */
	| { readonly outcome: 'none'; readonly tried: readonly string[] };

/** `process.versions`, as far as it decides whether a Node can run the controller. */
export interface NodeVersions {
	readonly node: string;
	/** The Node-API version, a whole number. */
	readonly napi: string;
}

/**
 * Chooses what runs the controller: the configured executable, then Electron's own Node, then the `node` package in `appFolder`,
 * then the PATH. Each is asked for its version first, because better-sqlite3 ends the process without a word on a Node that is too old.
 */
export async function chooseRuntime(options: {
	readonly appFolder: string;
	readonly configured: string | undefined;
	readonly self: NodeVersions;
}): Promise<RuntimeChoice> {
	const program = process.platform === 'win32' ? 'node.exe' : 'node';
	const candidates: Runtime[] = options.configured
		? [{ executable: options.configured, environment: {}, origin: 'configured' }]
		: [
				{ executable: process.execPath, environment: { ELECTRON_RUN_AS_NODE: '1' }, origin: 'electron' },
				{ executable: path.join(options.appFolder, 'node_modules/node/bin', program), environment: {}, origin: 'node package' },
				{ executable: program, environment: {}, origin: 'PATH' },
			];

	const tried: string[] = [];
	for (const runtime of candidates) {
		const versions = runtime.origin === 'electron' ? options.self : await askVersions(runtime.executable);
		if (typeof versions === 'string') tried.push(`${runtime.origin}: ${versions}`);
		else if (isNewEnough(versions)) return { outcome: 'found', runtime, version: versions.node };
		else tried.push(`${runtime.origin}: Node ${versions.node} is too old`);
	}
	return { outcome: 'none', tried };
}

/** Node-API 10 is what better-sqlite3 13 is built for; 22.14 is the first Node that has it. */
export function isNewEnough({ node, napi }: NodeVersions): boolean {
	const [major = 0, minor = 0] = node.split('.').map(Number);
	return Number(napi) >= 10 && (major > 22 || (major === 22 && minor >= 14));
}

/** The versions, or a few words on why they could not be had. */
async function askVersions(executable: string): Promise<NodeVersions | string> {
	try {
		const { stdout } = await promisify(execFile)(executable, ['--print', "process.versions.node + ' ' + process.versions.napi"], {
			timeout: 10_000,
			env: { ...process.env, NODE_OPTIONS: '' },
		});
		const [node = '', napi = ''] = stdout.trim().split(' ');
		return { node, napi };
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		return code === 'ENOENT' ? `${executable} does not exist` : `${executable} does not run as Node (${code ?? 'no answer'})`;
	}
}
