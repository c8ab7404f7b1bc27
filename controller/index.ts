import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { builtinScriptBody, builtinScripts } from './agent/builtinScripts.ts';
import type { Parts } from './api/parts.ts';
import { type ApiServer, createApiServer } from './api/server.ts';
import { buildBootAssets } from './bootAssets/build.ts';
import { MANIFEST_NAME, readManifest } from './bootAssets/manifest.ts';
import type { Config } from './config.ts';
import { parseMac } from './domain/address.ts';
import type { Host } from './domain/host.ts';
import { workingStatuses } from './domain/lifecycle.ts';
import { createAdvance } from './flows/advance.ts';
import { createAgentJob } from './flows/agentJob.ts';
import { createAllocateMachine } from './flows/allocateMachine.ts';
import { createBootAssets } from './flows/bootAssets.ts';
import { createBootFiles, type FetchedFile } from './flows/bootFiles.ts';
import { createBootTrail } from './flows/bootTrail.ts';
import { createBootUploads } from './flows/bootUploads.ts';
import { createBootWatch } from './flows/bootWatch.ts';
import { createCloudInit } from './flows/cloudInit.ts';
import { createDeviceActions } from './flows/deviceActions.ts';
import { createEnlist } from './flows/enlist.ts';
import { ensureController } from './flows/ensureController.ts';
import { createFinishJob } from './flows/finishJob.ts';
import { createImportSshKeys } from './flows/importSshKeys.ts';
import { createJobScripts } from './flows/jobScripts.ts';
import { keepBuiltinScripts } from './flows/keepScript.ts';
import { createMachineActions, type MachineActions } from './flows/machineActions.ts';
import { createMachinePower } from './flows/machinePower.ts';
import { knowNetworks } from './flows/network/knowNetworks.ts';
import { createPerMachine } from './flows/perMachine.ts';
import { createPowerWatch } from './flows/powerWatch.ts';
import { createPxeBoot } from './flows/pxeBoot.ts';
import { createReadResults } from './flows/readResults.ts';
import { createReservationWatch } from './flows/reservationWatch.ts';
import { createServeInterface, type RackNetwork } from './flows/serveInterface.ts';
import { createTakeSignal } from './flows/signal.ts';
import { createTagRebuild } from './flows/tagRebuild.ts';
import type { Log } from './log.ts';
import { createPowerDrivers } from './power/registry.ts';
import { openBootNetwork } from './services/bootNetwork.ts';
import { probeForServers } from './services/dhcpProbe.ts';
import { readHost } from './services/host.ts';
import { inheritedSockets } from './services/inheritedSockets.ts';
import { createNetport, type Netport, openUdp } from './services/netport.ts';
import { ensureNetport } from './services/netportBuild.ts';
import { holdDataDirectory } from './store/dataDirectory.ts';
import { openStore } from './store/store.ts';

export interface Controller {
	readonly port: number;
	readonly parts: Parts;
	/** Everything that runs, ended in the reverse order of its start. */
	stop(): Promise<void>;
}

/** The data folder belongs to another controller. */
export class DataInUse extends Error {}

/**
 * Builds the parts and joins them, then starts them in order: store, rack-side plumbing, flows, people's server, watch, and at last
 * the interfaces that were being served. A start that fails half-way ends what already runs.
 */
export async function startController(config: Config, log: Log, host: Host = readHost()): Promise<Controller> {
	const running: { name: string; stop: () => Promise<void> | void }[] = [];
	const stop = async () => {
		for (const { name, stop } of running.splice(0).reverse()) {
			log.debug('stopping', { part: name });
			await stop();
		}
	};
	try {
		return await start(config, log, host, running, stop);
	} catch (error) {
		await stop();
		throw error;
	}
}

async function start(
	config: Config,
	log: Log,
	host: Host,
	running: { name: string; stop: () => Promise<void> | void }[],
	stop: () => Promise<void>,
): Promise<Controller> {
	const now = () => new Date();
	const version = JSON.parse(await readFile(path.join(import.meta.dirname, versionBeside()), 'utf8')).version as string;

	// ---- what outlives the process
	const data = holdDataDirectory(config.data);
	if (!data)
		throw new DataInUse(`Another Metaldesk already serves ${config.data}: stop it first, or choose another folder with --data.`);
	running.push({ name: 'data folder', stop: data.release });
	const store = openStore(data, now);
	running.push({ name: 'store', stop: store.close });
	ensureController(store, host, now);
	store.images.sweep();
	// loaded when it is wanted: a controller of real machines has no use for its memory
	const simulation =
		config.simulate &&
		(await (
			await import('./joinSimulation.ts')
		).joinSimulation({ ...config.simulate, tftpPort: config.ports.tftp }, store, config.data, log));
	if (simulation) running.push({ name: 'simulated rack', stop: simulation.stop });

	// ---- what reaches machines
	const netport = lateNetport(config, data.cache, log);
	// where there is no netport, BMCs can be reached all the same: it takes no privilege
	const socketForBmcs = async () => (config.netport === null ? openUdp() : (await netport()).udp(0));
	const drivers = createPowerDrivers({ udpSocket: socketForBmcs, log: log.part('power') });
	running.push({ name: 'power', stop: drivers.stop });
	const bootAssetsFolder = config.bootAssets ?? simulation?.bootAssets ?? data.bootAssets;
	const bootAssets = createBootAssets({
		folder: bootAssetsFolder,
		read: () => readBuilt(bootAssetsFolder),
		build: (onProgress, signal) =>
			buildBootAssets({
				outDir: bootAssetsFolder,
				cacheDir: data.cache,
				...(config.mirror ? { mirror: config.mirror } : {}),
				profile: 'full',
				compress: 'zstd',
				onProgress,
				signal,
				log: log.part('boot-assets'),
			}),
		log,
		now,
	});
	await bootAssets.load();
	running.push({ name: 'boot assets', stop: bootAssets.stop });

	// ---- what happens when
	const perMachine = createPerMachine();
	const advance = createAdvance(store, now);
	const trail = createBootTrail(store, now, simulation?.patience);
	const enlist = createEnlist(store, trail, now);
	const power = createMachinePower({ store, drivers, trail, log: log.part('power'), now });
	const builtin = await Promise.all(
		builtinScripts.map(async (script) => ({ ...script, content: await builtinScriptBody(script) })),
	);
	keepBuiltinScripts(store, builtin, now().toISOString());
	const jobScripts = createJobScripts(store, builtin);
	const actions: MachineActions = createMachineActions({ store, advance, power, perMachine, jobScripts, log: log.part('flows') });
	const allocation = createAllocateMachine({ store, actions, now });
	const read = createReadResults(store, drivers, log.part('inventory'), now);
	const tagRebuild = createTagRebuild(store, log.part('tags'));
	running.push({ name: 'tag rebuilds', stop: tagRebuild.stop });
	const finish = createFinishJob({ store, trail, advance, read, switchesOff: (id) => actions.switchesOff(id) });
	const agentJob = createAgentJob({ store, trail, advance, enlist, scripts: jobScripts, read, finish, now });
	const cloudInit = createCloudInit(store, advance, now);
	const pxe = createPxeBoot(store, trail, advance, config.ports.http);
	const bootFiles = createBootFiles(pxe, bootAssets, store.images);
	const watch = createBootWatch({ store, trail, advance, log: log.part('watch'), now });
	running.push({
		name: 'flows',
		stop() {
			power.stop();
			return perMachine.idle();
		},
	});

	// ---- what a served interface answers
	let api: ApiServer | undefined;
	// the probe while serving is a broadcast that the controller's own DHCP server hears too
	let probing: string | null = null;
	const realRack: RackNetwork = {
		interfaces: async () => (await netport()).interfaces(),
		probe: async (device, pool, own) =>
			probeForServers({
				netport: await netport(),
				device,
				pool,
				...(own ? { ownAddress: own } : {}),
				asksAs: (mac) => {
					probing = mac;
				},
			}),
		open: async (served, leases) =>
			openBootNetwork({
				netport: simulation?.netportOf(served.interface) ?? (await netport()),
				relaysAreTranslated: simulation?.netportOf(served.interface) != null,
				interface: { name: served.interface, address: served.server, prefix: served.network.prefix },
				ports: config.ports,
				answerDhcp: async (request) => (request.mac === probing ? 'silence' : pxe.answerDhcp(served, leases, request)),
				tftpFile: async (name) => tftpFile(bootFiles.overTftp(name, served.server)),
				httpFile: async (name) => httpFile(bootFiles.overHttp(name)),
				httpDynamic: async ({ path: asked }) => {
					const mac = /^boot\/ipxe\/([^/]+)$/.exec(asked)?.[1];
					const parsed = mac === undefined ? null : parseMac(mac);
					return parsed ? { status: 200, type: 'text/plain', body: pxe.ipxeScriptFor(parsed, served.server) } : null;
				},
				// the rack reaches what booted machines need, never the people's side
				httpFallback: (request, response) => {
					if (api && request.url?.startsWith('/MAAS/metadata')) api.handle(request, response);
					else response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
				},
				fetched: (client, name) => pxe.fetched(simulation?.addressInRack(client) ?? client, name),
				log,
			}),
	};
	const rack = simulation ? simulation.addInterface(realRack) : realRack;
	const interfaces = createServeInterface({ store, rack, log: log.part('network'), now });
	running.push({ name: 'interfaces', stop: interfaces.stop });

	// ---- people
	const imageListeners = new Set<() => void>();
	const imagesChanged = () => {
		for (const listener of imageListeners) listener();
	};
	const bootUploads = createBootUploads({ store, log: log.part('uploads'), imagesChanged });
	bootUploads.resume();
	running.push({ name: 'uploads', stop: bootUploads.stop });
	const parts: Parts = {
		store,
		actions,
		devices: createDeviceActions(store, now),
		host,
		allocation,
		power,
		perMachine,
		powerDrivers: drivers.list,
		agentJob,
		cloudInit,
		takeSignal: createTakeSignal({ store, advance, trail, read, drivers, now }),
		jobScripts,
		importSshKeys: createImportSshKeys(store),
		tagRebuild,
		bootAssets,
		bootUploads,
		interfaces,
		imagesChanged,
		onImagesChanged: (listener) => {
			imageListeners.add(listener);
			return () => imageListeners.delete(listener);
		},
		version,
		now,
		log,
	};
	api = await createApiServer(parts, { uiFolder: config.uiFolder, launchToken: config.launchToken });
	running.push({ name: 'api', stop: api.stop });
	const port = await api.listen(config.http.host, config.http.port);

	// ---- go on where the last run ended
	watch.start();
	running.push({ name: 'watch', stop: watch.stop });
	const powerWatch = createPowerWatch({ store, power, drivers, perMachine, log: log.part('power'), now });
	powerWatch.start();
	running.push({ name: 'power watch', stop: powerWatch.stop });
	const reservationWatch = createReservationWatch(store, now);
	reservationWatch.start();
	running.push({ name: 'reservation watch', stop: reservationWatch.stop });
	for (const machine of store.machines.inStatus(workingStatuses)) actions.resume(machine);
	for (const { name, mode } of config.interfaces) store.interfaceModes.set({ name, mode, pool: poolOf(store, name) });
	if (!simulation) knowNetworks(store, host.cards);
	await interfaces.restore();
	if (simulation) await simulation.begin({ store, actions, interfaces, now });
	return { port, parts, stop };
}

/** netport is looked for, or compiled, at its first use: a controller that serves nothing needs no compiler. */
function lateNetport(config: Config, cache: string, log: Log): () => Promise<Netport> {
	let opened: Promise<Netport> | undefined;
	return () => {
		opened ??= (async () => {
			const command = config.netport ?? [await ensureNetport(cache)];
			return createNetport({ command, log: log.part('netport'), inherited: inheritedSockets(process.env) });
		})();
		opened.catch(() => {
			opened = undefined;
		});
		return opened;
	};
}

async function readBuilt(folder: string) {
	const manifest = await readManifest(folder);
	return manifest && { manifest, builtAt: (await stat(path.join(folder, MANIFEST_NAME))).mtime.toISOString() };
}

const poolOf = (store: Parts['store'], name: string) =>
	store.interfaceModes.all().find((mode) => mode.name === name)?.pool ?? null;

const tftpFile = (file: FetchedFile | null) => (file === null ? ('not-found' as const) : file);

const httpFile = (file: FetchedFile | null) => {
	if (file === null) return null;
	const common = { etag: file.etag, type: 'application/octet-stream' };
	return 'bytes' in file ? { ...common, bytes: file.bytes } : { ...common, path: file.path };
};

/** `package.json`, from `controller/` in development and from `out/controller/` in a package. */
function versionBeside(): string {
	return path.basename(path.dirname(import.meta.dirname)) === 'out' ? '../../package.json' : '../package.json';
}
