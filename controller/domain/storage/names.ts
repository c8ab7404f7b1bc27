import { unfit } from './refuse.ts';
import { type Fresh, raidLevels, type Storage } from './storage.ts';

/** Of devices, groups and cache sets: it becomes part of paths below `/dev`. */
export function checkName(name: string): string {
	if (!/^[A-Za-z0-9][A-Za-z0-9+_.:-]{0,126}$/.test(name))
		throw unfit('name', 'Enter letters, digits and + _ . : - (up to 127, the first a letter or digit).');
	return name;
}

/** No other device of the machine, no other group or cache set has it. `but`: the thing that is being renamed. */
export function checkNameFree(storage: Storage, name: string, but?: object): string {
	checkName(name);
	const named = [...storage.devices.filter((device) => device.groupId === null), ...storage.groups, ...storage.cacheSets];
	if (named.some((each) => each.name === name && each !== but))
		throw unfit('name', `Something else on this machine is called ${name} already.`);
	return name;
}

/** `md0`, `bcache1`: the first number that is free. */
export function nextName(storage: Storage, stem: string): string {
	const taken = new Set([...storage.devices, ...storage.groups, ...storage.cacheSets].map((each) => each.name));
	for (let number = 0; ; number++) if (!taken.has(`${stem}${number}`)) return `${stem}${number}`;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The given UUID when it is one and nothing of the machine has it, else a new one. */
export function chooseUuid(storage: Storage, given: string | undefined, fresh: Fresh): string {
	if (given === undefined || given === '') return fresh.uuid();
	if (!UUID.test(given)) throw unfit('uuid', 'Enter a UUID, as 12345678-9abc-def0-1234-56789abcdef0.');
	const uuid = given.toLowerCase();
	const all = [...storage.devices, ...storage.partitions, ...storage.filesystems, ...storage.groups];
	if (all.some((each) => each.uuid === uuid)) throw unfit('uuid', 'Something else on this machine has this UUID already.');
	return uuid;
}

/** As sent: the number alone is taken too. */
export function readLevel(level: string): (typeof raidLevels)[number] {
	const found = raidLevels.find((each) => each === level || each === `raid-${level}`);
	if (!found) throw unfit('level', `Select a valid choice: ${raidLevels.join(', ')}.`);
	return found;
}
