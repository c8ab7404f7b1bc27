import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultGateway, type GatewayChoice } from '../../../../controller/domain/network/defaultGateway.ts';

const choice = (linkId: number, change: Partial<GatewayChoice> = {}): GatewayChoice => ({
	...{ linkId, mode: 'static', gatewayIp: `192.0.2.${linkId}`, cidr: '192.0.2.0/24', onBootInterface: false },
	...change,
});
const six = choice(9, { gatewayIp: '2001:db8::1', cidr: '2001:db8::/64' });

test('the chosen link, else one on the boot interface, else one with an address of its own, else the oldest', () => {
	const boot = choice(5, { onBootInterface: true });
	for (const [what, choices, chosen, link] of [
		['none', [], null, undefined],
		['the oldest', [choice(4), choice(3)], null, 3],
		['its own address before DHCP', [choice(3, { mode: 'dhcp' }), choice(4)], null, 4],
		['the boot interface, by DHCP too', [choice(3), { ...boot, mode: 'dhcp' }], null, 5],
		['the chosen one', [choice(3), boot], 3, 3],
		['a choice that is gone', [choice(3), boot], 77, 5],
		['the other family only', [six], null, undefined],
	] as const)
		assert.equal(defaultGateway(choices, 4, chosen)?.linkId, link, what);
	assert.deepEqual(defaultGateway([choice(3), six], 6, null), { gatewayIp: '2001:db8::1', linkId: 9 });
});
