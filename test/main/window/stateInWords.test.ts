import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControllerState, Serving } from '../../../main/ipc/contract.ts';
import { isServing, quitInWords, stateInWords } from '../../../main/window/stateInWords.ts';

const nobody: Serving = { interfaces: [], leases: 0, machinesBusy: 0 };

const states: { state: ControllerState; words: string; serving: boolean }[] = [
	{ state: { state: 'starting' }, words: 'Starting', serving: false },
	{ state: { state: 'running', serving: nobody }, words: 'Answering nobody', serving: false },
	{
		state: { state: 'running', serving: { ...nobody, interfaces: ['eno1'], leases: 1 } },
		words: 'Serving on eno1 · 1 lease',
		serving: true,
	},
	{
		state: { state: 'running', serving: { interfaces: ['eno1', 'eth2'], leases: 12, machinesBusy: 3 } },
		words: 'Serving on eno1, eth2 · 12 leases',
		serving: true,
	},
	{
		state: { state: 'running', serving: { ...nobody, machinesBusy: 1 } },
		words: 'Answering nobody · 1 machine being worked on',
		serving: true,
	},
	{ state: { state: 'waiting', reason: '', againInMs: 200 }, words: 'Starting the controller again', serving: false },
	{ state: { state: 'failed', reason: '' }, words: 'The controller is not running', serving: false },
	{ state: { state: 'stopped' }, words: 'Stopped', serving: false },
];
for (const { state, words, serving } of states) {
	test(`${JSON.stringify(state)} is "${words}"`, () => {
		assert.equal(stateInWords(state), words);
		assert.equal(isServing(state), serving);
	});
}

const quits: { serving: Serving; words: string }[] = [
	{ serving: { ...nobody, interfaces: ['eno1'] }, words: 'Machines that start from the network would get no answer.' },
	{ serving: { ...nobody, machinesBusy: 2 }, words: '2 machines being worked on would be left half-way.' },
	{
		serving: { interfaces: ['eno1'], leases: 3, machinesBusy: 1 },
		words: '1 machine being worked on would be left half-way. Machines that start from the network would get no answer.',
	},
];
for (const { serving, words } of quits) {
	test(`a quit with ${JSON.stringify(serving)}: ${words}`, () => assert.equal(quitInWords(serving), words));
}
