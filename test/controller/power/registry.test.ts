import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { silentLog } from '../../../controller/log.ts';
import { createPowerDrivers } from '../../../controller/power/registry.ts';
import { testBmc } from '../../support/ipmiClient.ts';

test('drivers are found by name, and all BMCs share one socket that is opened when it is needed', async (t) => {
	let sockets = 0;
	const drivers = createPowerDrivers({
		log: silentLog,
		async udpSocket() {
			sockets++;
			return createSocket('udp4');
		},
	});
	t.after(() => drivers.stop());
	assert.deepEqual(
		drivers.list.map((driver) => driver.name),
		['ipmi', 'manual', 'fake'],
	);
	assert.equal(drivers.find('teapot'), undefined);
	assert.equal(sockets, 0);
	const [one, two] = [await testBmc(t), await testBmc(t)];
	for (const bmc of [one, two]) {
		const parameters = { power_address: `${bmc.address}:${bmc.port}`, power_user: 'admin', power_pass: 'secret' };
		assert.deepEqual(await drivers.find('ipmi')?.query(parameters), { ok: true, value: 'off' });
	}
	assert.equal(sockets, 1);
});
