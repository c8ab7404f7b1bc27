import type { TestContext } from 'node:test';
import { builtinScriptBody, builtinScripts } from '../../controller/agent/builtinScripts.ts';
import { type Ipv4, type Mac, parseCidr } from '../../controller/domain/address.ts';
import { readReport } from '../../controller/domain/agentReport.ts';
import type { DhcpRequest, Firmware } from '../../controller/domain/bootRequest.ts';
import type { Machine } from '../../controller/domain/machine.ts';
import { createAdvance } from '../../controller/flows/advance.ts';
import { createAgentJob } from '../../controller/flows/agentJob.ts';
import { createAllocateMachine } from '../../controller/flows/allocateMachine.ts';
import { createBootTrail } from '../../controller/flows/bootTrail.ts';
import { createBootWatch } from '../../controller/flows/bootWatch.ts';
import { createEnlist } from '../../controller/flows/enlist.ts';
import { createFinishJob } from '../../controller/flows/finishJob.ts';
import { createJobScripts } from '../../controller/flows/jobScripts.ts';
import { keepBuiltinScripts } from '../../controller/flows/keepScript.ts';
import { createLeaseAddress, type ServedNetwork } from '../../controller/flows/leaseAddress.ts';
import { createMachineActions, type MachineActions } from '../../controller/flows/machineActions.ts';
import { createMachinePower } from '../../controller/flows/machinePower.ts';
import { createPerMachine } from '../../controller/flows/perMachine.ts';
import { createPxeBoot } from '../../controller/flows/pxeBoot.ts';
import { createReadResults } from '../../controller/flows/readResults.ts';
import { silentLog } from '../../controller/log.ts';
import { createPowerDrivers } from '../../controller/power/registry.ts';
import type { Hardware } from '../../controller/simulation/hardware/hardware.ts';
import { printedBy, reportOf } from '../../controller/simulation/hardware/printed.ts';
import type { Boot } from '../../controller/store/boots.ts';
import type { ScriptResult } from '../../controller/store/results.ts';
import type { User } from '../../controller/store/users.ts';
import { makeStore } from './makeStore.ts';

export const served: ServedNetwork = {
	interface: 'br0',
	server: '192.168.77.1' as Ipv4,
	network: parseCidr('192.168.77.0/24') as ServedNetwork['network'],
	pool: { start: '192.168.77.100' as Ipv4, end: '192.168.77.199' as Ipv4 },
};
export const agentServer = { address: served.server, httpPort: 5248 };

export const bios: Firmware = { arch: 0, name: 'bios', ipxe: false, pxe: true, http: false };
export const ipxe: Firmware = { ...bios, ipxe: true };
export const uefi: Firmware = { arch: 7, name: 'uefi-x64', ipxe: false, pxe: true, http: false };
export const uefiHttp: Firmware = { arch: 16, name: 'uefi-http-x64', ipxe: false, pxe: false, http: true };
export const kernel: Firmware = { arch: null, name: 'none', ipxe: false, pxe: false, http: false };

export type Flows = Awaited<ReturnType<typeof makeFlows>>;

/** The flows as `controller/index.ts` joins them, on a real store, a clock that stands still and the shipped fake power driver. */
export async function makeFlows(test: TestContext, options: { powerTimeLimit?: number } = {}) {
	// hooks run in their order: what runs must have ended before the store is closed
	let end = async () => {};
	test.after(() => end());
	const { store, clock, folder } = makeStore(test);
	const drivers = createPowerDrivers({
		udpSocket: () => Promise.reject(new Error('no BMC is reached from this test')),
		log: silentLog,
	});
	const perMachine = createPerMachine();
	const advance = createAdvance(store, clock.now);
	const trail = createBootTrail(store, clock.now);
	const enlist = createEnlist(store, trail, clock.now);
	const power = createMachinePower({
		...{ store, drivers, trail, log: silentLog, now: clock.now },
		...(options.powerTimeLimit === undefined ? {} : { timeLimit: options.powerTimeLimit }),
	});
	const builtin = await Promise.all(
		builtinScripts.map(async (script) => ({ ...script, content: await builtinScriptBody(script) })),
	);
	keepBuiltinScripts(store, builtin, clock.now().toISOString());
	const jobScripts = createJobScripts(store, builtin);
	const actions: MachineActions = createMachineActions({ store, advance, power, perMachine, jobScripts, log: silentLog });
	const allocation = createAllocateMachine({ store, actions, now: clock.now });
	const read = createReadResults(store, drivers, silentLog, clock.now);
	const finish = createFinishJob({ store, trail, advance, read, switchesOff: (id) => actions.switchesOff(id) });
	const agentJob = createAgentJob({ store, trail, advance, enlist, scripts: jobScripts, read, finish, now: clock.now });
	const pxe = createPxeBoot(store, trail, advance, agentServer.httpPort);
	const leases = createLeaseAddress(served, store.leases, clock.now);
	const watch = createBootWatch({ store, trail, advance, log: silentLog, now: clock.now });
	end = () => {
		power.stop();
		return perMachine.idle();
	};

	const ask = (kind: DhcpRequest['kind'], mac: Mac, firmware: Firmware, more: Partial<DhcpRequest> = {}) =>
		pxe.answerDhcp(served, leases, {
			...{ kind, mac, firmware, xid: 1, ciaddr: null, interface: served.interface, receivedAt: clock.now().getTime() },
			...more,
		});
	/** DISCOVER and REQUEST; answers the address. */
	const lease = async (mac: Mac, firmware: Firmware): Promise<Ipv4> => {
		const offer = await ask('discover', mac, firmware);
		if (offer === 'silence' || offer.kind !== 'offer') throw new Error(`no offer: ${JSON.stringify(offer)}`);
		await ask('select', mac, firmware, { requestedIp: offer.address, serverId: served.server });
		return offer.address;
	};
	/** Through BIOS, iPXE and kernel up to the agent's first word; answers its boot, found by its token as the API does. */
	const bootKernel = async (mac: Mac): Promise<Boot> => {
		const address = await lease(mac, bios);
		pxe.fetched(address, 'undionly.kpxe');
		await lease(mac, ipxe);
		const token = /metaldesk\.token=(\S+)/.exec(pxe.ipxeScriptFor(mac, served.server))?.[1] ?? '';
		pxe.fetched(address, 'boot/initrd');
		await lease(mac, kernel);
		return bootOf(token);
	};
	const bootOf = (token: string): Boot => {
		const boot = store.boots.byToken(token, clock.now().toISOString());
		if (!boot) throw new Error('the token is good for nothing');
		return boot;
	};
	const again = (boot: Boot) => store.boots.byId(boot.id) as Boot;
	/** What a manifest names. */
	const resultsOf = (manifest: string): ScriptResult[] =>
		[...manifest.matchAll(/^script (\d+) /gm)].map((line) => store.results.byId(Number(line[1])) as ScriptResult);
	/** Plays the agent through a whole manifest; `differs`: scripts that print or end in another way. */
	const runScripts = (boot: Boot, manifest: string, hardware: Hardware, differs: Record<string, Ending> = {}) => {
		for (const { id, name } of resultsOf(manifest)) {
			const { stdout = printedBy(name, hardware), exit = 0, timedOut = false, result = '' } = differs[name] ?? {};
			agentJob.script(again(boot), id, agentServer);
			agentJob.started(again(boot), id);
			agentJob.output(again(boot), id, 0, Buffer.from(stdout));
			agentJob.stdout(again(boot), id, Buffer.from(stdout));
			clock.pass(250);
			agentJob.result(again(boot), id, { exit, seconds: 0.25, timedOut, result: Buffer.from(result) });
		}
	};
	const reportAs = (boot: Boot, hardware: Hardware, change: Record<string, unknown> = {}): string => {
		const report = readReport({ ...reportOf(hardware, boot.mac), ...change });
		if ('problem' in report) throw new Error(report.problem);
		return agentJob.report(again(boot), report);
	};
	/** From power-on to the agent's `done`, for whatever the machine's status is; answers the machine and the closing word. */
	const runThrough = async (hardware: Hardware, differs: Record<string, Ending> = {}) => {
		const boot = await bootKernel(hardware.macs[0] as Mac);
		const manifest = reportAs(boot, hardware);
		runScripts(boot, manifest, hardware, differs);
		const end = agentJob.done(again(boot));
		return { boot: again(boot), end, machine: machineOf(hardware) };
	};
	const machineOf = (hardware: Hardware) => store.machines.byMac(hardware.macs[0] as Mac) as Machine;
	/** Power by the shipped fake driver; `failure` is one of its failures. */
	const givePower = (machine: Machine, failure = ''): Machine => {
		const id = store.bmcs.insert('fake', null, { power_id: machine.systemId, delay: '0', failure });
		store.machines.update(machine.id, { bmcId: id });
		return store.machines.byId(machine.id) as Machine;
	};
	let user: User | undefined;
	const admin = async (): Promise<User> => {
		user ??= await store.users.create({
			username: 'ann',
			password: 'correct horse',
			isAdmin: true,
			at: clock.now().toISOString(),
		});
		return user as User;
	};
	return {
		...{ store, clock, folder, drivers, perMachine, advance, trail, enlist, power, actions, jobScripts, read, finish, agentJob },
		allocation,
		...{ pxe, leases, watch, ask, lease, bootKernel, bootOf, again, resultsOf, runScripts, reportAs, runThrough, machineOf },
		...{ givePower, admin },
	};
}

export interface Ending {
	readonly stdout?: string;
	readonly exit?: number;
	readonly timedOut?: boolean;
	/** the result file */
	readonly result?: string;
}
