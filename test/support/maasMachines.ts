import type { startMaas } from './maasClient.ts';
import { makeHardware } from './plainHardware.ts';

type Maas = Awaited<ReturnType<typeof startMaas>>;

/** Machines of the shipped fake BMC, as an administrator and the agent bring them up over the API. */
export function maasMachines(maas: Maas) {
	/** A new machine with the cards of this hardware. */
	const add = async (number: number, form: Record<string, string | boolean> = {}) => {
		const answer = await maas.ann.post('machines/', null, {
			...{ architecture: 'amd64', mac_addresses: makeHardware(number).macs.join(',') },
			...{ power_type: 'fake', power_parameters_power_id: `bmc-${number}`, hostname: `node-${number}`, ...form },
		});
		if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
		return answer.json<{ system_id: string }>().system_id;
	};
	/** Plays the agent through the boot that is due, and waits until the machine’s power is settled. */
	const boot = async (number: number) => {
		const agent = maas.bootAgent(makeHardware(number));
		const manifest = await agent.report();
		// the machine obeys its closing word, power off; here its BMC shows it before
		await maas.controller.parts.power.off(agent.machine().id);
		await agent.run(manifest.body);
		await settled();
	};
	const settled = () => maas.controller.parts.perMachine.idle();
	/** Commissioned by the agent: Ready. */
	const ready = async (number: number) => {
		const systemId = await add(number);
		await settled();
		await boot(number);
		return systemId;
	};
	return { add, boot, settled, ready };
}

/** The smallest disk that can be booted. */
export async function* emptyDisk() {
	const disk = Buffer.alloc(1024 * 1024);
	disk.writeUInt16LE(0xaa55, 510);
	yield disk;
}
