import { setTimeout as sleep } from 'node:timers/promises';
import type { Mac } from '../domain/address.ts';
import type { Hardware } from './hardware/hardware.ts';
import { reportOf } from './hardware/printed.ts';
import type { HttpAnswer } from './network/http.ts';
import type { Wire } from './network/wire.ts';
import { actOf, type InstalledSystem, type ScriptRun, secondsOf } from './scripts.ts';

export interface AgentSettings {
	readonly wire: Wire;
	/** below which all calls are: `http://192.168.77.1:5248/MAAS/metadata/agent/v1` */
	readonly url: string;
	readonly token: string;
	readonly hardware: Hardware;
	readonly bootMac: Mac;
	/** ends with the machine's power */
	readonly signal: AbortSignal;
	/** the address that the machine was given; its requests come from there */
	readonly from: string;
	/** real milliseconds of a second on the machine */
	readonly tempo: number;
	/** from the start of its kernel */
	readonly kernelSeconds: number;
	/** How this script runs when it is not as on a healthy machine. */
	readonly runs: (script: string) => ScriptRun;
	/** What its own BMC would be told in-band: the settings by which it can be reached, or `null` when it has none. */
	readonly bmcSettings: () => Readonly<Record<string, string>> | null;
	/** `report`, `script:<name>` before and `ran:<name>` after each script, `done` */
	readonly onStep: (step: string) => void;
	readonly install: (system: InstalledSystem | null) => void;
}

/** Like the agent's shell: repeated while the controller is away or says 5xx, for a minute. */
const GIVE_UP_MS = 60_000;
const ALIVE_EVERY_MS = 20_000;
/** Output goes out once a second, in pieces of this size at most. */
const PIECE = 256 * 1024;

type Ask = (method: string, path: string, body?: string | Buffer) => Promise<HttpAnswer>;

/**
 * Speaks the agent's protocol as `controller/agent/agent.sh` does, and pretends to run the scripts that it is given (scripts.ts).
 * Rejects with the signal's reason when the power goes.
 */
export async function runAgent(settings: AgentSettings): Promise<'poweroff' | 'reboot' | 'stay' | 'refused'> {
	const { hardware, bootMac, signal, onStep, wire, from } = settings;
	const once: Ask = (method, path, body) =>
		wire.http(method, `${settings.url}/${path}`, {
			...{ body, from, signal },
			headers: { authorization: `Bearer ${settings.token}`, 'content-type': 'application/octet-stream' },
		});
	const ask: Ask = async (method, path, body) => {
		const until = performance.now() + GIVE_UP_MS;
		for (;;) {
			const answer = await once(method, path, body);
			if ((answer.status >= 200 && answer.status < 500) || performance.now() > until) return answer;
			await sleep(200, undefined, { signal });
		}
	};

	onStep('report');
	let answer = await ask('POST', 'report', JSON.stringify(reportOf(hardware, bootMac, settings.kernelSeconds)));
	const alive = setInterval(() => void once('POST', 'alive').catch(() => undefined), ALIVE_EVERY_MS);
	try {
		while (answer.status === 200) {
			const manifest = answer.body.toString();
			const kind = /^job \d+ (\S+)/.exec(manifest)?.[1] ?? '';
			const ending = /^end (\w+)/m.exec(manifest)?.[1] ?? 'poweroff';
			if (/^job 0 /.test(manifest)) return ending as 'poweroff' | 'stay';
			let failed = false;
			for (const [, id = '', limit, name = ''] of manifest.matchAll(/^script (\d+) (\d+) (.+)$/gm)) {
				if (failed && (kind === 'deploy' || kind === 'erase')) continue;
				if (!(await runScript(settings, ask, { id, name, limit: Number(limit) }))) failed = true;
			}
			onStep('done');
			answer = await ask('POST', 'done');
			const closing = /^end (\w+)/.exec(answer.body.toString())?.[1];
			if (answer.status === 200 && closing) return closing as 'poweroff' | 'reboot' | 'stay';
		}
		return 'refused';
	} finally {
		clearInterval(alive);
	}
}

async function runScript(
	settings: AgentSettings,
	ask: Ask,
	script: { id: string; name: string; limit: number },
): Promise<boolean> {
	const { onStep, signal, tempo } = settings;
	const { id, name, limit } = script;
	const program = await ask('GET', `script/${id}`);
	if (program.status !== 200) return false;
	await ask('POST', `start/${id}`);
	onStep(`script:${name}`);
	const begun = performance.now();
	const run: ScriptRun = { exit: 0, ...(await actOf(settings, name, program.body.toString())), ...settings.runs(name) };
	const seconds = run.hangs ? limit : secondsOf(name, settings.hardware);
	const stdout = Buffer.from(run.stdout ?? '');

	// what it prints is spread over its time, as people see it come
	const pieces = Math.max(1, Math.min(stdout.length, Math.floor((seconds * tempo) / 1000)), Math.ceil(stdout.length / PIECE));
	for (let piece = 0; piece < pieces; piece++) {
		await sleep((seconds * tempo) / pieces, undefined, { signal });
		const [at, to] = [piece, piece + 1].map((each) => Math.floor((stdout.length * each) / pieces)) as [number, number];
		if (to > at) await ask('POST', `output/${id}?offset=${at}`, stdout.subarray(at, to));
	}
	if (stdout.length > 0) await ask('POST', `stdout/${id}`, stdout);
	// what passed for everybody to see, and not what such a machine would have needed
	const passed = ((performance.now() - begun) / 1000).toFixed(2);
	const exit = run.hangs ? 124 : (run.exit ?? 0);
	await ask('POST', `result/${id}?exit=${exit}&seconds=${passed}&timedout=${run.hangs ? 1 : 0}`, run.result ?? '');
	onStep(`ran:${name}`);
	return exit === 0;
}
