import type { Socket } from 'node:dgram';
import { createIpmiClient } from '../ipmi-js/client.ts';
import type { Log } from '../log.ts';
import type { PowerDriver } from './driver.ts';
import { createFakeDriver } from './fake.ts';
import { createIpmiDriver } from './ipmi.ts';
import { manualDriver } from './manual.ts';

export interface PowerDrivers {
	/** In the order of the UI's list. */
	readonly list: readonly PowerDriver[];
	find(name: string): PowerDriver | undefined;
	/** Closes the sessions with BMCs and the socket. */
	stop(): Promise<void>;
}

/** `udpSocket` opens the one socket that all BMCs are spoken to from; it may lie on another interface or in another namespace. */
export function createPowerDrivers({ udpSocket, log }: { udpSocket: () => Promise<Socket>; log: Log }): PowerDrivers {
	const ipmi = createIpmiClient({
		async socket() {
			const socket = await udpSocket();
			log.debug('opened the socket for BMCs');
			return socket;
		},
	});
	const list = [createIpmiDriver(ipmi), manualDriver, createFakeDriver()];
	return { list, find: (name) => list.find((driver) => driver.name === name), stop: () => ipmi.close() };
}
