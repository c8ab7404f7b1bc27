import pLimit from 'p-limit';
import type { Log } from '../log.ts';
import { faultOf } from './faults.ts';
import { openRackMemory } from './memory.ts';
import { type LoopbackNetwork, openLoopbackNetwork } from './network/loopback.ts';
import { createNetworkBoot } from './network/networkBoot.ts';
import { BLOCKS, bmcPlace, bootNetwork } from './places.ts';
import { type RackedMachine, rackMachine } from './rackedMachine.ts';

export interface RackOptions {
	readonly machines: number;
	/** of the machines that have a fault, each kind in its turn */
	readonly faultPercent: number;
	/** Everything takes the time that it takes on real machines. */
	readonly slow: boolean;
	/** where the controller answers TFTP; 69 when it isn't said */
	readonly tftpPort?: number;
	/** the file with what it keeps between two runs */
	readonly memory: string;
	readonly log: Log;
}

/** N machines with a BMC each, in this process, that speak to a controller over loopback. */
export interface SimulatedRack {
	/** By number, from 1. */
	readonly machines: readonly RackedMachine[];
	readonly network: LoopbackNetwork;
	/** Presses the power buttons of these machines, a few at a time: each boots from the network, introduces itself, and goes off. */
	introduce(machines: readonly RackedMachine[]): void;
	stop(): Promise<void>;
}

/** More at once would only wait for each other: one boot keeps a core busy for about 100 ms. */
const AT_ONCE = 12;
const FAST_TEMPO = 4;
const REAL_TEMPO = 1000;

export async function openSimulatedRack(options: RackOptions): Promise<SimulatedRack> {
	const { log } = options;
	const memory = openRackMemory(options.memory);
	const network = await openLoopbackNetwork(bootNetwork, options.tftpPort);
	const boot = createNetworkBoot(network.wire);

	const rackAll = async (block: number): Promise<RackedMachine[]> => {
		const machines: RackedMachine[] = [];
		try {
			for (let number = 1; number <= options.machines; number++)
				machines.push(
					await rackMachine({
						...{ number, memory, wire: network.wire, network: boot, place: bmcPlace(number, block) },
						fault: faultOf(number, options.machines, options.faultPercent),
						tempo: options.slow ? REAL_TEMPO : FAST_TEMPO,
					}),
				);
			return machines;
		} catch (error) {
			await Promise.all(machines.map((machine) => machine.stop()));
			throw error;
		}
	};

	/** Where its BMCs were, which controllers have written down; a new rack takes the first place that nobody has. */
	const findPlace = async (): Promise<RackedMachine[]> => {
		for (let block = memory.block ?? 0; ; block++)
			try {
				const machines = await rackAll(block);
				if (memory.block !== block) memory.changed();
				memory.block = block;
				return machines;
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
				const { address, port } = bmcPlace(1, block);
				if (memory.block !== null)
					throw new Error(
						`The BMCs of this simulated rack are at ${address} port ${port} and up, which another program has taken.`,
					);
				if (block === BLOCKS - 1) throw new Error(`${BLOCKS} racks are simulated on this computer already.`);
			}
	};

	const machines = await findPlace().catch((error: unknown) => {
		network.stop();
		throw error;
	});
	const first = bmcPlace(1, memory.block ?? 0);
	log.info('a rack is simulated', { machines: machines.length, firstBmc: `${first.address}:${first.port}` });
	const introducing = pLimit(AT_ONCE);

	return {
		machines,
		network,
		introduce(chosen) {
			for (const racked of chosen)
				void introducing(() => {
					racked.machine.powerOn();
					return racked.off();
				});
		},
		async stop() {
			introducing.clearQueue();
			memory.save();
			await Promise.all(machines.map((machine) => machine.stop()));
			network.stop();
		},
	};
}
