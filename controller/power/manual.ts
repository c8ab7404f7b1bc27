import { fail, type PowerDriver, succeed } from './driver.ts';

/** Machines without a BMC: a person presses the button. Orders are accepted, since refusing them would stop every flow that waits for the person. */
export const manualDriver: PowerDriver = {
	name: 'manual',
	description: 'Manual',
	queryable: false,
	chassis: false,
	fields: [],
	subject: () => 'The machine',
	query: async () => succeed('unknown'),
	on: async () => succeed(undefined),
	off: async () => succeed(undefined),
	cycle: async () => succeed(undefined),
	reset: async () => fail('unsupported', 'The machine has no BMC that could reset it.', 'Press its reset button.'),
};
