import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { type CallName, contract, type Input, type Output } from '../../controller/api/contract.ts';
import type { ApiFailure } from '../../controller/api/views.ts';
import type { Config } from '../../controller/config.ts';
import type { Host } from '../../controller/domain/host.ts';
import type { Machine } from '../../controller/domain/machine.ts';
import { createBootTrail } from '../../controller/flows/bootTrail.ts';
import { startController } from '../../controller/index.ts';
import { silentLog } from '../../controller/log.ts';
import { ensureNetport } from '../../controller/services/netportBuild.ts';
import type { Hardware } from '../../controller/simulation/hardware/hardware.ts';
import { printedBy, reportOf } from '../../controller/simulation/hardware/printed.ts';
import { makeHardware } from './plainHardware.ts';

/** Nothing of the computer that the tests run on: no cards, so that the interfaces of the tests are counted from 1. */
export const testHost: Host = {
	hostname: 'rack.example.org',
	architecture: 'amd64',
	cpuCount: 8,
	cpuModel: 'Test CPU @ 2.40GHz',
	cpuSpeed: 2400,
	memory: 16 * 2 ** 30,
	osystem: 'debian',
	series: 'bookworm',
	cards: [],
};

export interface Answer<Body> {
	readonly status: number;
	readonly body: Body;
	readonly headers: Headers;
}

/** A whole controller in this process, on a loopback port, with a folder of its own and an administrator `ann`. */
export async function startApi(t: TestContext, change: Partial<Config> = {}) {
	const data = change.data ?? mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'metaldesk-api-'));
	const controller = await startController(
		{
			data,
			http: { host: '127.0.0.1', port: 0 },
			interfaces: [],
			ports: { tftp: 69, http: 5248 },
			netport: [await ensureNetport(path.join(tmpdir(), 'metaldesk-test-netport'), { installed: [] })],
			bootAssets: null,
			mirror: null,
			uiFolder: path.join(data, 'no page'),
			launchToken: 'the token of this launch',
			logLevel: 'error',
			simulate: null,
			...change,
		},
		silentLog,
		testHost,
	);
	t.after(async () => {
		await controller.stop();
		if (!change.data) rmSync(data, { recursive: true, force: true });
	});
	const url = `http://127.0.0.1:${controller.port}`;
	const { store } = controller.parts;
	const password = 'correct horse';
	const user = await store.users.create({ username: 'ann', password, isAdmin: true, at: new Date().toISOString() });
	const cookie = `metaldesk_session=${store.users.openSession(user?.id ?? 0, '9999-01-01T00:00:00.000Z')}`;

	/** Any request, its answer read as JSON where it is JSON. */
	const ask = async <Body = ApiFailure>(method: string, where: string, init: RequestInit = {}): Promise<Answer<Body>> => {
		const response = await fetch(`${url}${where}`, { method, redirect: 'manual', ...init });
		const text = await response.text();
		const json = response.headers.get('content-type')?.startsWith('application/json');
		return { status: response.status, body: (json ? JSON.parse(text) : text) as Body, headers: response.headers };
	};
	/** A call of the contract, as ann. */
	const call = <Name extends CallName>(name: Name, input: Input<Name>, headers: Record<string, string> = { cookie }) => {
		const path = `/MAAS/app/${name}`;
		if (contract[name].kind === 'query')
			return ask<Output<Name>>('GET', `${path}?${new URLSearchParams(input as Record<string, string>)}`, { headers });
		return ask<Output<Name>>('POST', path, {
			headers: { 'content-type': 'application/json', 'x-metaldesk': '1', ...headers },
			body: JSON.stringify(input),
		});
	};
	/** The agent’s side: a boot of this card up to its kernel, and calls with its token. */
	const bootAgent = (hardware: Hardware = makeHardware(1)) => {
		const mac = hardware.macs[0] as (typeof hardware.macs)[number];
		const trail = createBootTrail(store, () => new Date());
		const boot = trail.reached(mac, 'script', {});
		const token = trail.giveToken(boot);
		const agent = (where: string, body: string | Uint8Array = '', headers: Record<string, string> = {}) =>
			ask<string>('POST', `/MAAS/metadata/agent/v1/${where}`, {
				headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream', ...headers },
				body: body as BodyInit,
			});
		const report = (change: Record<string, unknown> = {}) =>
			agent('report', JSON.stringify({ ...reportOf(hardware, mac), ...change }), { 'content-type': 'application/json' });
		const machine = () => store.machines.byMac(mac) as Machine;
		/** All scripts of a manifest, as they print on this hardware unless told otherwise. */
		const run = async (manifest: string, prints: Record<string, string> = {}) => {
			for (const [, id, name = ''] of manifest.matchAll(/^script (\d+) \d+ (.+)$/gm)) {
				const stdout = prints[name] ?? printedBy(name, hardware);
				await agent(`start/${id}`);
				await agent(`output/${id}?offset=0`, stdout);
				await agent(`stdout/${id}`, stdout);
				await agent(`result/${id}?exit=0&seconds=0.5&timedout=0`);
			}
			return agent('done');
		};
		return { boot, token, agent, report, machine, run };
	};
	return { url, port: controller.port, controller, store, cookie, password, data, ask, call, bootAgent };
}
