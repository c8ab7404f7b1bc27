import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Mac } from '../../controller/domain/address.ts';
import type { Machine } from '../../controller/domain/machine.ts';
import { dataPaths } from '../../controller/store/dataDirectory.ts';
import { openStore, type Store } from '../../controller/store/store.ts';

/** A real store on disk, gone with the test, and a clock that stands still until it is told. */
export function makeStore(test: TestContext): { store: Store; clock: Clock; folder: string } {
	// in memory where there is a file system for that: each commit waits for its fsync
	const folder = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'metaldesk-store-'));
	const clock = makeClock();
	const store = openStore(dataPaths(folder), clock.now);
	test.after(() => {
		store.close();
		rmSync(folder, { recursive: true, force: true });
	});
	return { store, clock, folder };
}

export interface Clock {
	now(): Date;
	/** moves on by this many milliseconds */
	pass(ms: number): void;
}

export function makeClock(start = '2026-01-02T03:04:05.000Z'): Clock {
	let at = Date.parse(start);
	return {
		now: () => new Date(at),
		pass(ms) {
			at += ms;
		},
	};
}

export const mac = (last: number): Mac => `52:54:00:4c:00:${last.toString(16).padStart(2, '0')}` as Mac;

/** A machine in status New with one network card. */
export function addMachine(store: Store, number = 1): Machine {
	const machine = store.machines.insert({
		systemId: `abc${String(number).padStart(3, '0')}`,
		hostname: `node-${number}`,
		at: '2026-01-02T03:04:05.000Z',
	});
	store.inventory.addMacs(machine.id, [mac(number)]);
	store.machines.update(machine.id, { bootMac: mac(number) });
	return store.machines.byId(machine.id) as Machine;
}
