import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeHostname, freeSystemId } from '../../../controller/flows/freeNames.ts';
import { addMachine, makeStore } from '../../support/makeStore.ts';

test('names that are taken get a number, made-up ones are two words', (t) => {
	const { store } = makeStore(t);
	assert.equal(freeHostname(store, 'node-1'), 'node-1');
	addMachine(store, 1);
	assert.equal(freeHostname(store, 'node-1'), 'node-1-2');
	store.nodes.insert({ kind: 'device', systemId: 'dev001', hostname: 'node-1-2', at: '2026-01-02T03:04:05.000Z' });
	assert.equal(freeHostname(store, 'node-1'), 'node-1-3');
	assert.match(freeHostname(store), /^[a-z]+-[a-z]+$/);
	assert.match(freeSystemId(store), /^[3468abcdefghkmnpqrstwxy7]{6}$/);
});
