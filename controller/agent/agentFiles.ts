import { readFile } from 'node:fs/promises';

/** A file of the agent as it lies in the initramfs. `path` has no leading slash. */
export interface AgentFile {
	path: string;
	mode: number;
	data: Uint8Array;
}

/** Source beside this file → place in the initramfs, and whether it is started as a program. */
const PLACES: readonly [source: string, path: string, mode: number][] = [
	['init.sh', 'init', 0o755],
	['agent.sh', 'usr/lib/metaldesk/agent.sh', 0o755],
	['runScript.sh', 'usr/lib/metaldesk/runScript.sh', 0o644],
	['http.sh', 'usr/lib/metaldesk/http.sh', 0o644],
	['functions.sh', 'usr/lib/metaldesk/functions.sh', 0o644],
	['disk.sh', 'usr/lib/metaldesk/disk.sh', 0o644],
	...['cpu', 'network', 'pci', 'storage', 'system'].map(inventoryPlace),
	['udhcpc.sh', 'usr/lib/metaldesk/udhcpc.script', 0o755],
];

function inventoryPlace(part: string): [string, string, number] {
	return [`inventory/${part}.sh`, `usr/lib/metaldesk/inventory/${part}.sh`, 0o644];
}

/** The agent's own programs. The scripts that it runs come from the controller, per job. */
export async function agentFiles(): Promise<AgentFile[]> {
	return await Promise.all(
		PLACES.map(async ([source, path, mode]) => ({ path, mode, data: await readFile(new URL(source, import.meta.url)) })),
	);
}
