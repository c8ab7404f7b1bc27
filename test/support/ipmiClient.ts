import { createSocket } from 'node:dgram';
import type { TestContext } from 'node:test';
import { type Bmc, createIpmiClient, type IpmiClient, type IpmiClientOptions } from '../../controller/ipmi-js/client.ts';
import type { IpmiErrorCode } from '../../controller/ipmi-js/errors.ts';
import { type BmcOptions, type SimulatedBmc, startBmc } from '../../controller/simulation/bmc/bmc.ts';
import { type IpmiSim, type IpmiSimOptions, startIpmiSim } from './ipmiSim.ts';

/** Gives up after 0.4 s, where the real patience is 7.5 s. */
export const shortPatience = [50, 100, 250];

/** A client that is closed at the end of the test. */
export function testClient(t: TestContext, options: Partial<IpmiClientOptions> = {}): IpmiClient {
	const client = createIpmiClient({ socket: async () => createSocket('udp4'), ...options });
	t.after(() => client.close());
	return client;
}

export async function testBmc(t: TestContext, options: BmcOptions = {}): Promise<SimulatedBmc> {
	const bmc = await startBmc(options);
	t.after(() => bmc.stop());
	return bmc;
}

export async function testIpmiSim(t: TestContext, options: IpmiSimOptions = {}): Promise<IpmiSim> {
	const sim = await startIpmiSim(options);
	t.after(() => sim.stop());
	return sim;
}

/** How to log in to a simulated BMC of either kind. */
export const loginTo = (bmc: { address: string; port: number }, more: Partial<Bmc> = {}): Bmc => ({
	...{ host: bmc.address, port: bmc.port, userName: 'admin', password: 'secret', cipherSuite: 3, privilege: 'administrator' },
	workarounds: new Set(['opensesspriv'] as const),
	...more,
});

/** For `assert.rejects`. */
export const ipmiError = (code: IpmiErrorCode): { name: string; code: IpmiErrorCode } => ({ name: 'IpmiError', code });
