import { broadcastOf, type Ipv4, ipv4FromNumber, ipv4ToNumber, type Mac, parseCidr } from '../domain/address.ts';
import { Refusal } from '../domain/errors.ts';
import { addressesOf, checkPool, defaultPool, type Pool } from '../domain/pool.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { createLeaseAddress, type LeaseAddress, type ServedNetwork } from './leaseAddress.ts';
import { hearHost } from './names/hearHost.ts';
import { addressBook, dynamicPool, recordServing, recordSilence } from './network/serving.ts';

/** What the rack side can do for an interface; `controller/index.ts` hands the real one in. Rejections carry a sentence. */
export interface RackNetwork {
	interfaces(): Promise<NetworkCardState[]>;
	/** Asks for other DHCP servers and sweeps the pool. `own`: this controller's address, when it already serves there. */
	probe(name: string, pool: readonly Ipv4[], own: Ipv4 | null): Promise<ProbeFinding>;
	/** Opens what it can; each service says for itself whether it runs. */
	open(served: ServedNetwork, leases: LeaseAddress): Promise<OpenNetwork>;
}
export interface NetworkCardState {
	readonly name: string;
	readonly mac: Mac | null;
	readonly ipv4: readonly { readonly address: Ipv4; readonly prefix: number }[];
	readonly up: boolean;
	readonly carrier: boolean;
	readonly loopback: boolean;
	readonly defaultRoute: boolean;
	/** Mbit/s, 0 when unknown */
	readonly speed: number;
}
export interface ProbeFinding {
	readonly foreignServers: readonly { readonly address: Ipv4; readonly mac: Mac | null; readonly offered: Ipv4 }[];
	readonly addressesInUse: readonly { readonly address: Ipv4; readonly mac: Mac }[];
}
export interface OpenNetwork {
	readonly services: readonly ServiceState[];
	stop(): Promise<void>;
}
export interface ServiceState {
	readonly name: 'dhcp' | 'tftp' | 'http-boot';
	readonly where: string;
	readonly problem: { readonly text: string; readonly nextStep: string } | null;
}

export interface InterfaceState {
	readonly card: NetworkCardState;
	readonly mode: 'off' | 'full';
	readonly state: 'silent' | 'probing' | 'serving' | 'refused' | 'failed';
	readonly pool: Pool | null;
	readonly problem: { readonly text: string; readonly nextStep: string } | null;
}

/**
 * Which interfaces are served. Silent until told: an interface is off until a person turns it on, on it goes only after a clean probe,
 * and it goes off again by itself when another DHCP server turns up (design, section 7).
 */
export interface ServeInterface {
	list(): Promise<InterfaceState[]>;
	services(): ServiceState[];
	probe(name: string): Promise<{ pool: Pool } & ProbeFinding>;
	setMode(name: string, mode: 'off' | 'full', pool: Pool | null, by: string | null): Promise<InterfaceState>;
	/** What was on when the controller stopped is probed and turned on again. */
	restore(): Promise<void>;
	stop(): Promise<void>;
	onChange(listener: () => void): () => void;
}

/** Another server may be plugged in at any time. */
const PROBE_EVERY_MS = 60_000;
/** A sweep takes about a millisecond an address. */
const LARGEST_SWEEP = 1024;

interface Served {
	state: InterfaceState['state'];
	problem: InterfaceState['problem'];
	network: ServedNetwork | null;
	open: OpenNetwork | null;
	watch: NodeJS.Timeout | undefined;
}

export function createServeInterface(parts: { store: Store; rack: RackNetwork; log: Log; now: () => Date }): ServeInterface {
	const { store, rack, log, now } = parts;
	const served = new Map<string, Served>();
	const listeners = new Set<() => void>();
	// one change at a time: two clicks must not open one interface twice
	let queue: Promise<unknown> = Promise.resolve();
	const oneAtATime = <Result>(work: () => Promise<Result>): Promise<Result> => {
		const mine = queue.then(work, work);
		queue = mine.catch(() => undefined);
		return mine;
	};
	const changed = () => {
		for (const listener of listeners) listener();
	};
	const modeOf = (name: string) => store.interfaceModes.all().find((mode) => mode.name === name);
	const stateOf = (card: NetworkCardState): InterfaceState => {
		const now = served.get(card.name);
		const mode = modeOf(card.name);
		return {
			card,
			mode: mode?.mode ?? 'off',
			state: now?.state ?? 'silent',
			pool: poolOf(card, mode?.pool ?? null),
			problem: now?.problem ?? null,
		};
	};
	/** What the subnet says, when it says something. */
	const poolOf = (card: NetworkCardState, otherwise: Pool | null): Pool | null => {
		const own = card.ipv4[0];
		return (own && dynamicPool(store, own.address)) ?? otherwise;
	};
	const cardOf = async (name: string): Promise<NetworkCardState> => {
		const card = (await rack.interfaces()).find((each) => each.name === name);
		if (!card) throw new Refusal('not-found', `This computer has no interface “${name}”.`, { field: 'name' });
		return card;
	};
	const networkOf = (card: NetworkCardState, pool: Pool | null): ServedNetwork => {
		const own = card.ipv4[0];
		if (!own)
			throw new Refusal('conflict', `${card.name} has no IPv4 address.`, {
				nextStep: `Give it a fixed one, for instance 192.168.77.1/24.`,
			});
		const network = parseCidr(`${own.address}/${own.prefix}`);
		if (!network) throw new Error(`netport told a bad address: ${own.address}/${own.prefix}`);
		const ofSubnet = dynamicPool(store, own.address);
		const chosen = pool ?? (ofSubnet ? null : (modeOf(card.name)?.pool ?? null));
		return {
			...{ interface: card.name, server: own.address, network },
			pool: chosen
				? checkPool(chosen, network)
				: ofSubnet
					? checkPool(ofSubnet, network, Number.POSITIVE_INFINITY)
					: defaultPool(network),
		};
	};
	const note = (level: 'info' | 'warning' | 'error', text: string, by: string | null, nextStep?: string) =>
		store.events.append({ kind: 'network', level, text, by, ...(nextStep ? { nextStep } : {}) });

	const hear = (interfaceName: string, { addressesInUse }: ProbeFinding) =>
		store.transaction(() => {
			for (const { address, mac } of addressesInUse) hearHost(store, { ip: address, mac, hostname: null, interfaceName });
		});

	const close = async (name: string, state: InterfaceState['state'], problem: InterfaceState['problem']) => {
		const now = served.get(name);
		clearInterval(now?.watch);
		served.set(name, { state, problem, network: null, open: null, watch: undefined });
		await now?.open?.stop();
		changed();
	};

	/** Probes, then opens. Refuses without a packet more than the probe's own when another server answers. */
	const turnOn = async (name: string, wanted: Pool | null, by: string | null) => {
		const card = await cardOf(name);
		const network = networkOf(card, wanted);
		await close(name, 'probing', null);
		const found = await rack.probe(name, sweptOf(network), null).catch(async (error: Error) => {
			await close(name, 'failed', { text: error.message, nextStep: 'The probe needs netport: see “Ports” in the README.' });
			throw new Refusal('unavailable', `The probe of ${name} failed: ${error.message}`);
		});
		if (found.foreignServers.length > 0) {
			const refusal = foreign(name, found);
			recordSilence(store, card, found.foreignServers[0]?.address ?? null);
			await close(name, 'refused', refusal);
			note('warning', refusal.text, by, refusal.nextStep);
			throw new Refusal('foreign-dhcp', refusal.text, { nextStep: refusal.nextStep });
		}
		const subnet = await recorded(card, network.pool);
		const leases = createLeaseAddress(network, store.leases, now, addressBook(store, subnet.id, network.pool));
		leases.avoid(found.addressesInUse);
		hear(name, found);
		const open = await rack.open(network, leases);
		const broken = open.services.find((service) => service.problem);
		served.set(name, {
			state: broken ? 'failed' : 'serving',
			problem: broken?.problem ?? null,
			network,
			open,
			watch: setInterval(() => void oneAtATime(() => lookAgain(name)), PROBE_EVERY_MS),
		});
		note('info', `Serving ${name}: addresses ${network.pool.start} to ${network.pool.end}.`, by);
		return network.pool;
	};

	/** A pool that does not fit into its subnet is served to nobody. */
	const recorded = async (card: NetworkCardState, pool: Pool) => {
		try {
			return recordServing(store, card, pool);
		} catch (error) {
			await close(card.name, 'silent', null);
			throw error;
		}
	};

	/** Drops an interface on which another server has turned up. */
	const lookAgain = async (name: string) => {
		const network = served.get(name)?.network;
		if (!network) return;
		const pool = dynamicPool(store, network.server) ?? network.pool;
		const found = await rack.probe(name, [], network.server).catch((error: Error) => {
			log.warn('the probe while serving failed', { interface: name, cause: error.message });
			return null;
		});
		if (!found || found.foreignServers.length === 0) return;
		const refusal = foreign(name, found);
		store.interfaceModes.set({ name, mode: 'off', pool });
		recordSilence(
			store,
			{ ipv4: [{ address: network.server, prefix: network.network.prefix }] },
			found.foreignServers[0]?.address ?? null,
		);
		await close(name, 'refused', refusal);
		note('error', `Stopped serving ${name}. ${refusal.text}`, null, refusal.nextStep);
	};

	return {
		list: async () => (await rack.interfaces()).map(stateOf),
		services: () => [...served.values()].flatMap((each) => each.open?.services ?? []),
		async probe(name) {
			const network = networkOf(await cardOf(name), null);
			const found = await rack
				.probe(name, addressesOf(network.pool), served.get(name)?.network ? network.server : null)
				.catch((error: Error) => {
					throw new Refusal('unavailable', `The probe of ${name} failed: ${error.message}`);
				});
			hear(name, found);
			return { pool: network.pool, ...found };
		},
		setMode: (name, mode, pool, by) =>
			oneAtATime(async () => {
				const card = await cardOf(name);
				if (mode === 'off') {
					store.interfaceModes.set({ name, mode, pool: poolOf(card, modeOf(name)?.pool ?? null) });
					recordSilence(store, card, null);
					await close(name, 'silent', null);
					note('info', `Stopped serving ${name}.`, by);
				} else {
					const opened = await turnOn(name, pool, by);
					store.interfaceModes.set({ name, mode, pool: opened });
					changed();
				}
				return stateOf(card);
			}),
		restore: () =>
			oneAtATime(async () => {
				for (const { name, mode } of store.interfaceModes.all()) {
					if (mode === 'off') continue;
					await turnOn(name, null, null).catch(async (error: Error) => {
						log.warn('an interface could not be served again', { interface: name, cause: error.message });
						if (served.get(name)?.state !== 'refused')
							await close(name, 'failed', { text: error.message, nextStep: 'Turn it on again on the network page.' });
					});
				}
				changed();
			}),
		stop: () =>
			oneAtATime(async () => {
				for (const name of served.keys()) await close(name, 'silent', null);
			}),
		onChange(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/** Who is there already gets no address of ours, nor anybody his: so a network of usual size is looked through as a whole. */
function sweptOf({ network, pool }: ServedNetwork): Ipv4[] {
	const first = ipv4ToNumber(network.network) + 1;
	const last = ipv4ToNumber(broadcastOf(network)) - 1;
	if (last - first < LARGEST_SWEEP) return addressesOf({ start: ipv4FromNumber(first), end: ipv4FromNumber(last) });
	return addressesOf({
		...pool,
		end: ipv4FromNumber(Math.min(ipv4ToNumber(pool.end), ipv4ToNumber(pool.start) + LARGEST_SWEEP * 4)),
	});
}

function foreign(name: string, found: ProbeFinding): { text: string; nextStep: string } {
	const servers = found.foreignServers.map(({ address, mac }) => (mac ? `${address} (${mac})` : address)).join(', ');
	return {
		text: `Another DHCP server answers on ${name}: ${servers}.`,
		nextStep:
			'Use a network of your own for the rack, or switch that server off; two servers on one network give machines wrong addresses.',
	};
}
