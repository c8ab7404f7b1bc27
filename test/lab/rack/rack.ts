/** Machines with their BMCs on a network of their own: what the lab and the tests plug a controller into. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cleanup } from '../cleanup.ts';
import { chooseAccelerator } from './accelerator.ts';
import { type Bmc, startBmc } from './bmc.ts';
import type { Firmware } from './firmware.ts';
import { identityOf } from './identity.ts';
import { createMachine, type MachineFolder } from './machine.ts';
import { createNetwork, type LabNetwork } from './network.ts';

export interface RackMachine extends MachineFolder {
	bmc: Bmc;
}

export interface Rack {
	network: LabNetwork;
	machines: RackMachine[];
	/** everything that this rack writes: machine folders `m1`, `m2`, … and what others put beside them */
	directory: string;
	accelerator: 'kvm' | 'tcg';
}

interface RackOptions {
	/** one entry a machine */
	machines: readonly Firmware[];
	/** first three parts of the /24 */
	net?: string;
	/** MiB a machine: what the agent environment promises to work with */
	memory?: number;
	cleanup: Cleanup;
}

/** All machines are off. Everything is undone by `cleanup`. */
export async function createRack({ machines, net = '192.168.77', memory = 512, cleanup }: RackOptions): Promise<Rack> {
	const directory = await mkdtemp(join(tmpdir(), 'metaldesk-lab-'));
	cleanup.add("removing the machines' folders", () => rm(directory, { recursive: true, force: true }));
	const accelerator = await chooseAccelerator();
	const network = await createNetwork(net);
	cleanup.add('ending the network with everything in it', () => network.close());
	const password = randomBytes(12).toString('hex').slice(0, 16);

	const standing = machines.map(async (firmware, index): Promise<RackMachine> => {
		const number = index + 1;
		const kcsPort = 9000 + number;
		const machine = await createMachine({
			directory: join(directory, `m${number}`),
			identity: identityOf(number),
			firmware,
			taps: await network.addTaps(number),
			kcsPort,
			accelerator,
			memory,
		});
		const address = network.bmcAddress(number);
		return { ...machine, bmc: await startBmc({ directory: machine.directory, network, number, address, kcsPort, password }) };
	});
	// All of them come to an end before one failure is told: nothing may still be starting when the clean-up begins.
	const settled = await Promise.allSettled(standing);
	const failed = settled.find((result) => result.status === 'rejected');
	if (failed) throw failed.reason;
	return {
		network,
		machines: settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
		directory,
		accelerator,
	};
}
