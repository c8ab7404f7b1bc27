import { existsSync } from 'node:fs';
import path from 'node:path';
import { writeOutput } from './bootAssets/manifest.ts';
import type { Simulation } from './config.ts';
import type { Ipv4 } from './domain/address.ts';
import { createDemoRack, type DemoPlace } from './flows/demoRack.ts';
import type { MachineActions } from './flows/machineActions.ts';
import type { NetworkCardState, RackNetwork, ServeInterface } from './flows/serveInterface.ts';
import type { Log } from './log.ts';
import type { Netport } from './services/netport.ts';
import { bootNetwork } from './simulation/places.ts';
import { openSimulatedRack } from './simulation/rack.ts';
import type { RackedMachine } from './simulation/rackedMachine.ts';
import { standInAssets, standInFacts } from './simulation/standInAssets.ts';
import type { Store } from './store/store.ts';

/** A simulated rack as the controller sees it: one more network interface, with machines behind it. */
export interface JoinedSimulation {
	/** Where the stand-ins for kernel and loaders are. */
	readonly bootAssets: string;
	/** Seconds until a machine that is powered on must have asked for an address: simulated firmware is quick. */
	readonly patience: { readonly power: number };
	/** Of the simulated interface; `null` for any other. */
	netportOf(interfaceName: string): Netport | null;
	/** The address in the rack of a peer on loopback. */
	addressInRack(peer: Ipv4): Ipv4;
	/** Adds the interface to those that there are; where netport can't be had, it is the only one. */
	addInterface(real: RackNetwork): RackNetwork;
	/** Fills the rack, and brings its machines where they were asked to be. */
	begin(parts: { store: Store; actions: MachineActions; interfaces: ServeInterface; now: () => Date }): Promise<void>;
	stop(): Promise<void>;
}

const FILE = 'demo-rack.json';

export async function joinSimulation(
	wanted: Simulation & { readonly tftpPort: number },
	store: Store,
	data: string,
	log: Log,
): Promise<JoinedSimulation> {
	const memory = path.join(data, FILE);
	// it would let the agent into the BMCs of machines that are real
	if (!existsSync(memory) && store.machines.all().length > 0)
		throw new Error(`${data} holds machines that are not simulated: give the demo rack a folder of its own with --data.`);
	const bootAssets = path.join(data, 'demo-boot-assets');
	if (!existsSync(bootAssets)) await writeOutput(bootAssets, standInAssets, { ...standInFacts, packages: [] });
	const rack = await openSimulatedRack({
		...{
			machines: wanted.machines,
			faultPercent: wanted.failures,
			slow: wanted.slow,
			tftpPort: wanted.tftpPort,
			memory,
			log: log.part('simulation'),
		},
	});
	let end: () => Promise<void> | void = () => undefined;

	return {
		bootAssets,
		patience: { power: wanted.slow ? 180 : 10 + wanted.machines / 8 },
		netportOf: (name) => (name === bootNetwork.interface ? rack.network.netport : null),
		addressInRack: rack.network.addressInRack,
		addInterface: (real) => ({
			...real,
			async interfaces() {
				const others = await real.interfaces().catch((error: Error) => {
					log.debug('there are no interfaces but the simulated one', { cause: error.message });
					return [];
				});
				return [card, ...others];
			},
			probe: async (name, ...rest) =>
				name === bootNetwork.interface ? { foreignServers: [], addressesInUse: [] } : real.probe(name, ...rest),
		}),
		async begin({ store, actions, interfaces, now }) {
			const byMac = new Map(rack.machines.flatMap((racked) => racked.machine.hardware.macs.map((mac) => [mac, racked])));
			const demo = createDemoRack({
				...{ store, actions, bootNetwork, now, log: log.part('demo'), goal: wanted.to },
				placeOf(mac) {
					const racked = byMac.get(mac);
					return racked ? placeOf(racked) : null;
				},
			});
			await demo.fill();
			const served = (await interfaces.list()).some(
				({ card, state }) => card.name === bootNetwork.interface && state === 'serving',
			);
			if (!served) await interfaces.setMode(bootNetwork.interface, 'full', bootNetwork.pool, null);
			end = demo.stop;
			demo.start();
			const known = new Set(store.machines.all().map((machine) => machine.bootMac));
			rack.introduce(rack.machines.filter(({ machine }) => !machine.hardware.macs.some((mac) => known.has(mac))));
		},
		async stop() {
			await end();
			await rack.stop();
		},
	};
}

const card: NetworkCardState = {
	name: bootNetwork.interface,
	mac: null,
	ipv4: [{ address: bootNetwork.server, prefix: bootNetwork.prefix }],
	...{ up: true, carrier: true, loopback: false, defaultRoute: false, speed: 10_000 },
};

function placeOf({ machine: { hardware } }: RackedMachine): DemoPlace {
	const { row, rack, unit } = hardware.place;
	return { row, rack, unit, kind: hardware.disks.length > 5 ? 'storage' : 'compute' };
}
