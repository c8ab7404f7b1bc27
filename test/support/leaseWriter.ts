import type { Ipv4, Mac } from '../../controller/domain/address.ts';
import { createLeaseAddress } from '../../controller/flows/leaseAddress.ts';
import { dataPaths } from '../../controller/store/dataDirectory.ts';
import { openStore } from '../../controller/store/store.ts';
import { served } from './makeFlows.ts';

/** A program that hands out addresses as fast as it can and prints each one after it was answered, until somebody kills it. */
const store = openStore(dataPaths(process.argv[2] ?? ''));
const leases = createLeaseAddress(
	{ ...served, pool: { start: '192.168.77.2' as Ipv4, end: '192.168.77.254' as Ipv4 } },
	store.leases,
	() => new Date(),
);
for (let round = 0; ; round++)
	await Promise.all(
		Array.from({ length: 10 }, async (_, card) => {
			const mac = `52:54:00:4d:00:${((round * 10 + card) % 250).toString(16).padStart(2, '0')}` as Mac;
			const offer = await leases.offer(mac, null);
			if (offer) await leases.confirm(mac, offer.address, null, 600);
			if (offer) process.stdout.write(`${mac} ${offer.address}\n`);
		}),
	);
