import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ControllerMessage, readMessage } from '../../../main/supervisor/messages.ts';

const serving = { interfaces: ['eno1'], leases: 12, machinesBusy: 0 };

const messages: { sent: unknown; read: ControllerMessage | undefined }[] = [
	{ sent: { ready: true, port: 5240, url: 'http://127.0.0.1:5240/MAAS' }, read: { kind: 'ready', port: 5240 } },
	{ sent: { serving }, read: { kind: 'serving', serving } },
	{ sent: { exit: 'The disk is full.' }, read: { kind: 'exit', sentence: 'The disk is full.' } },
	{ sent: { ready: true, port: 70_000 }, read: undefined },
	{ sent: { ready: true, port: '5240' }, read: undefined },
	{ sent: { serving: { ...serving, leases: -1 } }, read: undefined },
	{ sent: { serving: { ...serving, interfaces: [1] } }, read: undefined },
	{ sent: { exit: 3 }, read: undefined },
	{ sent: 'ready', read: undefined },
	{ sent: null, read: undefined },
];
for (const { sent, read } of messages) {
	test(`${JSON.stringify(sent)} is ${read ? read.kind : 'not a message'}`, () => assert.deepEqual(readMessage(sent), read));
}
