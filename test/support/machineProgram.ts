import { execFileSync } from 'node:child_process';
import { startBmc } from '../../controller/simulation/bmc/bmc.ts';
import { createSimulatedMachine } from '../../controller/simulation/machine.ts';
import { http } from '../../controller/simulation/network/http.ts';
import { createNetworkBoot } from '../../controller/simulation/network/networkBoot.ts';
import { makeHardware } from './plainHardware.ts';
import { openPxeClient } from './pxeClient.ts';

/**
 * A program for tests in namespaces: `machineProgram.ts DEVICE BMC-ADDRESS` is one simulated machine with its BMC behind a network
 * interface. Told what to do, and asked to call the controller's API from the rack, over its IPC channel.
 */
export type ToMachine =
	| { do: 'power'; on: boolean }
	| { do: 'boot from'; card: number }
	| { do: 'run'; script: string; stdout?: string; exit?: number; result?: string }
	| { do: 'fetch'; id: number; method: string; url: string; headers: Record<string, string> /** base64 */; body: string };
export type FromMachine =
	| { says: 'ready' }
	| { says: 'step'; step: string }
	| { says: 'answer'; id: number; status: number; body: string; cookie: string | null };

const [device = '', bmcAddress = ''] = process.argv.slice(2);
const say = (message: FromMachine) => process.send?.(message);
const hardware = makeHardware(1);
const wire = await openPxeClient(device);
const bmc = await startBmc({
	address: bmcAddress,
	port: 623,
	onPower: (on) => (on ? machine.powerOn() : machine.powerOff()),
});
const machine = createSimulatedMachine({
	hardware,
	wire,
	network: createNetworkBoot(wire),
	tempo: 10,
	onStep: (step) => say({ says: 'step', step }),
	onPower(on) {
		bmc.machine.on = on;
		// a machine that is off answers to no address
		if (!on)
			for (const [address] of execFileSync('ip', ['-o', '-4', 'addr', 'show', 'dev', device], { encoding: 'utf8' }).matchAll(
				/[\d.]+\/\d+/g,
			))
				if (!address.startsWith(bmcAddress)) execFileSync('ip', ['addr', 'del', address, 'dev', device]);
	},
});
const never = new AbortController().signal;

process.on('message', (message: ToMachine) => {
	switch (message.do) {
		case 'power':
			return message.on ? machine.powerOn() : machine.powerOff();
		case 'boot from':
			return machine.bootFrom(message.card);
		case 'run': {
			const { do: _, script, ...run } = message;
			return machine.setRun(script, run);
		}
		case 'fetch':
			return void http(message.method, message.url, {
				headers: message.headers,
				body: Buffer.from(message.body, 'base64'),
				signal: never,
			}).then(({ status, body, cookie }) =>
				say({ says: 'answer', id: message.id, status, body: body.toString(), cookie: cookie ?? null }),
			);
	}
});
process.on('disconnect', () => process.exit());
say({ says: 'ready' });
