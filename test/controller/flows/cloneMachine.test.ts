import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import type { Machine } from '../../../controller/domain/machine.ts';
import { cloneMachine } from '../../../controller/flows/cloneMachine.ts';
import { setStorageLayout } from '../../../controller/flows/storageLayout.ts';
import type { Node } from '../../../controller/store/nodes.ts';
import type { Store } from '../../../controller/store/store.ts';
import { addDiskMachine, foundDisk, GIB, setStatus } from '../../support/diskMachine.ts';
import { makeStore } from '../../support/makeStore.ts';

const groupsOf = (store: Store, { id }: Machine) =>
	store.storage
		.of([id])
		.get(id)
		?.groups.map(({ name }) => name);

function machines(store: Store, sizes: readonly number[]): Machine[] {
	return sizes.map((size, at) => addDiskMachine(store, [foundDisk(`sd${at}`, size)], { systemId: `abc00${at}` }));
}

test('the layout of one machine on several others, each of which is told', (t) => {
	const { store } = makeStore(t);
	const [source, ...others] = machines(store, [60 * GIB, 60 * GIB, 80 * GIB]) as [Machine, Machine, Machine];
	setStorageLayout(store, store.nodes.byId(source.id) as Node, 'lvm', { vgName: 'mine' });
	cloneMachine(store, source, others, { interfaces: true, storage: true }, 'ann');
	assert.deepEqual(
		others.map((each) => groupsOf(store, each)),
		[['mine'], ['mine']],
	);
	const [event] = store.events.ofMachine(others[0]?.id ?? 0);
	assert.deepEqual([event?.text, event?.by], [`Configured as ${source.hostname}`, 'ann']);
});

test('where it doesn’t fit one of them, none is changed', (t) => {
	const { store } = makeStore(t);
	const [source, fits, small, busy] = machines(store, [60 * GIB, 60 * GIB, 20 * GIB, 60 * GIB]) as [
		Machine,
		Machine,
		Machine,
		Machine,
	];
	setStorageLayout(store, store.nodes.byId(source.id) as Node, 'lvm', { vgName: 'mine' });
	setStatus(store, busy.id, 'deployed');
	for (const [bad, text] of [
		[small, /^host-abc002: The disk sd2 has \d+ bytes; the source’s sd0 has \d+\.$/],
		[busy, /^host-abc003: The machine is Deployed; only one that is Ready or Failed testing can be changed\.$/],
		[source, /^host-abc000: It is the source itself\.$/],
	] as const)
		assert.throws(
			() =>
				cloneMachine(store, source, [fits, store.machines.byId(bad.id) as Machine], { interfaces: false, storage: true }, 'ann'),
			(error) => error instanceof Refusal && error.field === 'destinations' && text.test(error.message),
		);
	assert.deepEqual(groupsOf(store, fits), []);
});
