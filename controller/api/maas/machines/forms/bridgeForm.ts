import { type BridgeSettings, defaultBridges } from '../../../../flows/acquiredBridges.ts';
import { boolean, choice, integer, type Values } from '../../parameters.ts';

/** What allocate takes, and deploy where it allocates: a bridge on every interface. */
export const bridgeFields = {
	bridge_all: boolean('Make a bridge of each interface.'),
	bridge_type: choice('Kind of these bridges.', ['standard', 'ovs']),
	bridge_stp: boolean('Spanning tree on these bridges.'),
	bridge_fd: integer('Seconds before their new ports forward.', { max: 255 }),
};

/** `null`: none are asked for. */
export const readBridges = (input: Values<typeof bridgeFields>): BridgeSettings | null =>
	input.bridge_all
		? {
				type: input.bridge_type ?? defaultBridges.type,
				stp: input.bridge_stp ?? defaultBridges.stp,
				fd: input.bridge_fd ?? defaultBridges.fd,
			}
		: null;
