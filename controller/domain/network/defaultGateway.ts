import { type Family, parseIp, parseNetwork } from './ip.ts';

/** A link to a subnet with a gateway: what a default route may go through. */
export interface GatewayChoice {
	readonly linkId: number;
	readonly mode: string;
	readonly gatewayIp: string;
	readonly cidr: string;
	/** of the card that the machine boots from, or of what is built on it */
	readonly onBootInterface: boolean;
}

/**
 * The link whose subnet's gateway is the default route in this family: the chosen one; else one on the boot interface before others, one
 * with an address of its own before DHCP, the oldest first. `null` when no linked subnet has a gateway.
 */
export function defaultGateway(
	choices: readonly GatewayChoice[],
	family: Family,
	chosenLinkId: number | null,
): { gatewayIp: string; linkId: number } | null {
	const able = choices.filter(
		({ gatewayIp, cidr }) => parseNetwork(cidr)?.family === family && parseIp(gatewayIp)?.family === family,
	);
	const cost = ({ linkId, mode, onBootInterface }: GatewayChoice): number[] => [
		Number(linkId !== chosenLinkId),
		Number(!onBootInterface),
		Number(mode === 'dhcp'),
		linkId,
	];
	const [best] = able.toSorted((one, other) => {
		const [a, b] = [cost(one), cost(other)];
		return a.map((value, at) => value - (b[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
	});
	return best ? { gatewayIp: best.gatewayIp, linkId: best.linkId } : null;
}
