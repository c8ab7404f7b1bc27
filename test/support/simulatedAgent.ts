import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mac } from '../../controller/domain/address.ts';
import type { Hardware } from '../../controller/simulation/hardware/hardware.ts';
import { printedBy, reportOf } from '../../controller/simulation/hardware/printed.ts';

/** What a script does on the simulated machine when it does not simply succeed. */
export interface ScriptRun {
	readonly stdout?: string;
	readonly exit?: number;
	/** the content of its result file */
	readonly result?: string;
}

/** What the installed system knows: written to the disk by a deployment, gone with an erase. */
export interface InstalledSystem {
	readonly metadataUrl: string;
	readonly statusUrl: string;
	readonly authorization: string;
}

export interface AgentSettings {
	/** below which all calls are: `http://192.168.77.1:5248/MAAS/metadata/agent/v1` */
	readonly url: string;
	readonly token: string;
	readonly hardware: Hardware;
	readonly bootMac: Mac;
	/** ends with the machine's power */
	readonly signal: AbortSignal;
	/** the address that the machine was given; its requests come from there */
	readonly from?: string | undefined;
	/** milliseconds that each script takes */
	readonly pace: number;
	readonly runs: (script: string) => ScriptRun;
	/** `report`, `script:<name>` before and `ran:<name>` after each script, `done` */
	readonly onStep: (step: string) => void;
	readonly install: (system: InstalledSystem | null) => void;
}

export interface HttpAnswer {
	/** 0: no whole answer came */
	readonly status: number;
	readonly body: Buffer;
	/** what a `set-cookie` has before its attributes */
	readonly cookie?: string | undefined;
}

/** Like the agent's shell: repeated while the controller is away or says 5xx, for a minute. */
const GIVE_UP_MS = 60_000;

/**
 * Speaks the agent's protocol as `controller/agent/agent.sh` does, and pretends to run the scripts that it is given: it reads the
 * parameters in front of them, fetches and checks the image of a deployment, and forgets the installed system in an erase.
 */
export async function runAgent(settings: AgentSettings): Promise<'poweroff' | 'reboot' | 'stay' | 'refused'> {
	const { hardware, bootMac, signal, onStep } = settings;
	const ask = async (method: string, path: string, body?: string | Buffer): Promise<HttpAnswer> => {
		const until = performance.now() + GIVE_UP_MS;
		for (;;) {
			const answer = await http(method, `${settings.url}/${path}`, {
				body,
				from: settings.from,
				signal,
				headers: { authorization: `Bearer ${settings.token}`, 'content-type': 'application/octet-stream' },
			});
			if ((answer.status >= 200 && answer.status < 500) || performance.now() > until) return answer;
			await sleep(200, undefined, { signal });
		}
	};

	onStep('report');
	let answer = await ask('POST', 'report', JSON.stringify(reportOf(hardware, bootMac)));
	while (answer.status === 200) {
		const manifest = answer.body.toString();
		const kind = /^job \d+ (\S+)/.exec(manifest)?.[1] ?? '';
		const ending = /^end (\w+)/m.exec(manifest)?.[1] ?? 'poweroff';
		if (/^job 0 /.test(manifest)) return ending as 'poweroff' | 'stay';
		let failed = false;
		for (const [, id = '', name = ''] of manifest.matchAll(/^script (\d+) \d+ (.+)$/gm)) {
			if (failed && (kind === 'deploy' || kind === 'erase')) continue;
			if (!(await runScript(settings, ask, id, name))) failed = true;
		}
		onStep('done');
		answer = await ask('POST', 'done');
		const closing = /^end (\w+)/.exec(answer.body.toString())?.[1];
		if (answer.status === 200 && closing) return closing as 'poweroff' | 'reboot' | 'stay';
	}
	return 'refused';
}

type Ask = (method: string, path: string, body?: string | Buffer) => Promise<HttpAnswer>;

async function runScript(settings: AgentSettings, ask: Ask, id: string, name: string): Promise<boolean> {
	const { hardware, onStep, signal, pace } = settings;
	const program = await ask('GET', `script/${id}`);
	if (program.status !== 200) return false;
	await ask('POST', `start/${id}`);
	onStep(`script:${name}`);
	await sleep(pace, undefined, { signal });
	const run: ScriptRun = {
		stdout: printedBy(name, hardware),
		exit: 0,
		...(await act(settings, name, program.body)),
		...settings.runs(name),
	};
	const stdout = Buffer.from(run.stdout ?? '');
	for (let at = 0; at < stdout.length; at += 256 * 1024)
		await ask('POST', `output/${id}?offset=${at}`, stdout.subarray(at, at + 256 * 1024));
	if (stdout.length > 0) await ask('POST', `stdout/${id}`, stdout);
	await ask('POST', `result/${id}?exit=${run.exit}&seconds=${(pace / 1000).toFixed(2)}&timedout=0`, run.result ?? '');
	onStep(`ran:${name}`);
	return run.exit === 0;
}

/** The scripts that change something. */
async function act({ hardware, install, signal, from }: AgentSettings, name: string, program: Buffer): Promise<ScriptRun> {
	const told = Object.fromEntries(
		[...program.toString().matchAll(/^export (\w+)='(.*)'$/gm)].map((line) => [line[1], line[2]]),
	) as Record<string, string | undefined>;
	switch (name) {
		case '10-write-image': {
			const disk = hardware.disks.find((each) => told.DISK === `serial:${each.serial}`);
			if (!disk) return { exit: 1, stdout: `There is no disk ${told.DISK}.\n` };
			if (disk.size < Number(told.IMAGE_SIZE))
				return { exit: 1, stdout: `Disk ${disk.name} has ${disk.size} bytes, the image needs ${told.IMAGE_SIZE}.\n` };
			const { status, body } = await fetchStubbornly(told.IMAGE_URL ?? '', signal, from);
			const sum = createHash('sha256').update(body).digest('hex');
			if (sum === told.IMAGE_SHA256) return { stdout: `${body.length} bytes written to ${disk.name}\n` };
			return { exit: 1, stdout: `The image does not have the expected content (${status}): SHA-256 is ${sum}.\n` };
		}
		case '30-cloud-init':
			install({
				metadataUrl: told.METADATA_URL ?? '',
				statusUrl: told.STATUS_URL ?? '',
				authorization:
					`OAuth oauth_signature_method="PLAINTEXT", oauth_consumer_key="${told.CONSUMER_KEY}", ` +
					`oauth_token="${told.TOKEN_KEY}", oauth_signature="%26${told.TOKEN_SECRET}"`,
			});
			return {};
		case 'wipe-disks':
			install(null);
			return { stdout: hardware.disks.map((disk) => `${disk.name}: ${told.ERASE_MODE} erase of ${disk.size} bytes\n`).join('') };
		default:
			return {};
	}
}

/** The image's download begins again when it breaks off. */
async function fetchStubbornly(url: string, signal: AbortSignal, from: string | undefined): Promise<HttpAnswer> {
	const until = performance.now() + GIVE_UP_MS;
	for (;;) {
		const answer = await http('GET', url, { signal, from });
		if ((answer.status >= 200 && answer.status < 500) || performance.now() > until) return answer;
		await sleep(500, undefined, { signal });
	}
}

/** One request from one of the machine's addresses. Never rejects but by its signal: a controller that is away answers 0. */
export function http(
	method: string,
	url: string,
	options: {
		body?: string | Buffer | undefined;
		headers?: Record<string, string>;
		from?: string | undefined;
		signal: AbortSignal;
	},
): Promise<HttpAnswer> {
	return new Promise((resolve, reject) => {
		const none = () => (options.signal.aborted ? reject(options.signal.reason) : resolve({ status: 0, body: Buffer.alloc(0) }));
		const asked = request(
			url,
			{
				method,
				agent: false,
				signal: options.signal,
				...(options.from === undefined ? {} : { localAddress: options.from }),
				headers: { ...options.headers, 'content-length': Buffer.byteLength(options.body ?? '') },
			},
			(response) => {
				const parts: Buffer[] = [];
				response.on('data', (part: Buffer) => parts.push(part));
				response.on('end', () =>
					resolve({
						status: response.statusCode ?? 0,
						body: Buffer.concat(parts),
						cookie: response.headers['set-cookie']?.[0]?.split(';')[0],
					}),
				);
				response.on('error', none);
			},
		);
		asked.on('error', none);
		asked.end(options.body ?? '');
	});
}
