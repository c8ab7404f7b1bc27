import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReservationWatch } from '../../../controller/flows/reservationWatch.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { addMachine } from '../../support/makeStore.ts';

test('the owner of a reservation that has ended is told once, and keeps the machine', async (t) => {
	const { store, clock, advance, allocation, admin } = await makeFlows(t);
	const ann = await admin();
	const { id } = addMachine(store, 1);
	advance(id, 'commission');
	allocation.take(advance(id, 'commissioned'), ann, { note: 'kernel tests', until: '2026-01-02T04:00:00Z' });
	const watch = createReservationWatch(store, clock.now);
	const told = () => store.events.ofMachine(id).filter((event) => event.level === 'warning');

	watch.look();
	assert.deepEqual(told(), []);
	clock.pass(3_600_000);
	assert.deepEqual(store.reservations.ended(clock.now().toISOString()), [
		{
			...{ machineId: id, hostname: 'node-1', ownerId: ann.id, owner: 'ann', note: 'kernel tests' },
			until: '2026-01-02T04:00:00.000Z',
		},
	]);
	watch.look();
	clock.pass(3_600_000);
	watch.look();
	assert.deepEqual(
		told().map(({ text, nextStep }) => [text, nextStep]),
		[['The reservation of node-1 for ann has ended', 'Release the machine, or keep it: it is not taken away.']],
	);
	const { status, ownerId, reservation } = store.machines.byId(id) ?? {};
	assert.deepEqual(
		[status, ownerId, reservation],
		['allocated', ann.id, { note: 'kernel tests', until: '2026-01-02T04:00:00.000Z' }],
	);
});

test('a machine that was released is nobody’s reservation', async (t) => {
	const { store, clock, advance, actions, allocation, admin } = await makeFlows(t);
	const ann = await admin();
	const { id } = addMachine(store, 1);
	advance(id, 'commission');
	actions.release(allocation.take(advance(id, 'commissioned'), ann, { until: '2026-01-02' }), ann, 'none');
	clock.pass(48 * 3_600_000);
	createReservationWatch(store, clock.now).look();
	assert.deepEqual(store.reservations.ended(clock.now().toISOString()), []);
});

test('it looks when it starts, and stops', async (t) => {
	const { store, clock, advance, allocation, admin } = await makeFlows(t);
	const { id } = addMachine(store, 1);
	advance(id, 'commission');
	allocation.take(advance(id, 'commissioned'), await admin(), { until: '2026-01-02T04:00:00Z' });
	clock.pass(3_600_000);
	const watch = createReservationWatch(store, clock.now);
	watch.start();
	watch.stop();
	assert.deepEqual(store.reservations.ended(clock.now().toISOString()), []);
});
