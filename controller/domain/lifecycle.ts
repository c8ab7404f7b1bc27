/**
 * The life of a machine in one table, with MAAS's statuses, numbers and display texts (reference: MAAS 3.x node_status).
 *
 *   New ─commission─► Commissioning ─commissioned─► Ready ─allocate─► Allocated ─deploy─► Deploying ─deployed─► Deployed
 *                                                     ▲                                                           │
 *                                                     └──released── Releasing ◄──erased── Disk erasing ◄──release─┘
 *
 * A row says what the status means, what a machine in it boots, how long it may go without a sign of life, and where each
 * event leads. Only `flows/advance.ts` writes a status, and only along an edge of this table.
 */

/** In the order of MAAS's numbers: `statuses[6]` is `deployed`. */
export const statuses = [
	'new',
	'commissioning',
	'failed_commissioning',
	'missing',
	'ready',
	'reserved',
	'deployed',
	'retired',
	'broken',
	'deploying',
	'allocated',
	'failed_deployment',
	'releasing',
	'failed_releasing',
	'disk_erasing',
	'failed_disk_erasing',
	'rescue_mode',
	'entering_rescue_mode',
	'failed_entering_rescue_mode',
	'exiting_rescue_mode',
	'failed_exiting_rescue_mode',
	'testing',
	'failed_testing',
] as const;
export type Status = (typeof statuses)[number];
export const statusCode = (status: Status): number => statuses.indexOf(status);

/** What a machine that boots from the network is served. */
export type BootPurpose = 'enlist' | 'commission' | 'test' | 'deploy' | 'erase' | 'rescue' | 'local' | 'power-off';

export type Tone = 'neutral' | 'working' | 'good' | 'bad' | 'attention';

export type LifecycleEvent =
	// what people and clients ask for
	| 'commission'
	| 'test'
	| 'allocate'
	| 'deploy'
	| 'release'
	| 'erase'
	| 'abort'
	| 'mark_broken'
	| 'mark_fixed'
	| 'override_tests'
	| 'override_tests_in_use'
	| 'enter_rescue'
	| 'exit_rescue'
	| 'reserve'
	| 'retire'
	| 'lose'
	| 'find'
	// what the machine or its BMC has proven
	| 'commissioned'
	| 'tests_started'
	| 'tests_passed'
	| 'deployed'
	| 'erased'
	| 'released'
	| 'released_unknown'
	| 'rescue_ready'
	| 'rescue_left'
	| 'fail';

/**
 * `previous`: back to the status that the machine came from (kept in its row).
 * `before-tests`: the same, but Ready when that was a failure or part of a commissioning: passing the tests clears it.
 */
type Target = Status | 'previous' | 'before-tests';

interface Row {
	/** MAAS's display text */
	readonly name: string;
	readonly meaning: string;
	readonly tone: Tone;
	readonly boot: BootPurpose;
	/** minutes without a sign of life until `fail`; null: may stay for ever */
	readonly patience: number | null;
	readonly moves: Partial<Record<LifecycleEvent, Target>>;
}

/** May be taken out of service from nearly everywhere. */
const outOfService = { mark_broken: 'broken', lose: 'missing', retire: 'retired' } as const;

export const lifecycle: Readonly<Record<Status, Row>> = {
	new: row('New', 'Has reported itself and waits to be commissioned.', 'attention', 'enlist', null, {
		...outOfService,
		commission: 'commissioning',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	commissioning: row('Commissioning', 'Takes its own inventory and tests itself.', 'working', 'commission', 30, {
		...outOfService,
		commissioned: 'ready',
		tests_started: 'testing',
		abort: 'new',
		fail: 'failed_commissioning',
	}),
	failed_commissioning: row('Failed commissioning', 'The inventory did not come in.', 'bad', 'power-off', null, {
		...outOfService,
		commission: 'commissioning',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	missing: row('Missing', 'Has not been seen where it should be.', 'attention', 'power-off', null, {
		mark_broken: 'broken',
		commission: 'commissioning',
		find: 'new',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	ready: row('Ready', 'Known, tested, and free to be allocated.', 'good', 'power-off', null, {
		...outOfService,
		commission: 'commissioning',
		test: 'testing',
		allocate: 'allocated',
		reserve: 'reserved',
		enter_rescue: 'entering_rescue_mode',
	}),
	reserved: row('Reserved', 'Kept for somebody.', 'neutral', 'power-off', null, {
		...outOfService,
		allocate: 'allocated',
		release: 'releasing',
		erase: 'disk_erasing',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	deployed: row('Deployed', 'Runs the operating system that was installed on it.', 'good', 'local', null, {
		mark_broken: 'broken',
		lose: 'missing',
		release: 'releasing',
		erase: 'disk_erasing',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	retired: row('Retired', 'Out of use, kept for the record.', 'neutral', 'power-off', null, {
		mark_broken: 'broken',
		lose: 'missing',
		find: 'new',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	broken: row('Broken', 'Somebody has found a fault in it.', 'bad', 'power-off', null, {
		commission: 'commissioning',
		mark_fixed: 'ready',
		release: 'releasing',
		erase: 'disk_erasing',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	deploying: row('Deploying', 'An operating system is being written to its disk.', 'working', 'deploy', 30, {
		mark_broken: 'broken',
		lose: 'missing',
		deployed: 'deployed',
		abort: 'allocated',
		release: 'releasing',
		erase: 'disk_erasing',
		fail: 'failed_deployment',
	}),
	allocated: row('Allocated', 'Belongs to a user and waits to be deployed.', 'neutral', 'power-off', null, {
		...outOfService,
		deploy: 'deploying',
		release: 'releasing',
		erase: 'disk_erasing',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	failed_deployment: row('Failed deployment', 'The operating system did not come up.', 'bad', 'power-off', null, {
		mark_broken: 'broken',
		lose: 'missing',
		allocate: 'allocated',
		release: 'releasing',
		erase: 'disk_erasing',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	releasing: row('Releasing', 'Is being powered off and handed back.', 'working', 'power-off', 5, {
		mark_broken: 'broken',
		lose: 'missing',
		released: 'ready',
		// one that was never commissioned, or failed it: nobody knows what is in it
		released_unknown: 'new',
		abort: 'failed_releasing',
		fail: 'failed_releasing',
	}),
	failed_releasing: row('Releasing failed', 'Could not be handed back.', 'bad', 'power-off', null, {
		mark_broken: 'broken',
		release: 'releasing',
		erase: 'disk_erasing',
		test: 'testing',
	}),
	disk_erasing: row('Disk erasing', 'Its disks are being erased and the erasure is checked.', 'working', 'erase', 30, {
		mark_broken: 'broken',
		erased: 'releasing',
		abort: 'failed_disk_erasing',
		fail: 'failed_disk_erasing',
	}),
	failed_disk_erasing: row('Failed disk erasing', 'Data may still be on its disks.', 'bad', 'power-off', null, {
		mark_broken: 'broken',
		release: 'releasing',
		erase: 'disk_erasing',
		test: 'testing',
		enter_rescue: 'entering_rescue_mode',
	}),
	rescue_mode: row('Rescue mode', 'Runs a small system in memory for repairs.', 'attention', 'rescue', null, {
		mark_broken: 'broken',
		exit_rescue: 'exiting_rescue_mode',
	}),
	entering_rescue_mode: row('Entering rescue mode', 'Is booting the rescue system.', 'working', 'rescue', 30, {
		mark_broken: 'broken',
		rescue_ready: 'rescue_mode',
		exit_rescue: 'exiting_rescue_mode',
		abort: 'failed_entering_rescue_mode',
		fail: 'failed_entering_rescue_mode',
	}),
	failed_entering_rescue_mode: row(
		'Failed to enter rescue mode',
		'The rescue system did not come up.',
		'bad',
		'power-off',
		null,
		{
			mark_broken: 'broken',
			enter_rescue: 'entering_rescue_mode',
			exit_rescue: 'exiting_rescue_mode',
		},
	),
	exiting_rescue_mode: row('Exiting rescue mode', 'Goes back to what it was before.', 'working', 'local', 5, {
		mark_broken: 'broken',
		rescue_left: 'previous',
		abort: 'failed_exiting_rescue_mode',
		fail: 'failed_exiting_rescue_mode',
	}),
	failed_exiting_rescue_mode: row(
		'Failed to exit rescue mode',
		'Did not go back to what it was before.',
		'bad',
		'power-off',
		null,
		{
			mark_broken: 'broken',
			exit_rescue: 'exiting_rescue_mode',
		},
	),
	testing: row('Testing', 'Runs hardware tests.', 'working', 'test', 30, {
		mark_broken: 'broken',
		tests_passed: 'before-tests',
		abort: 'before-tests',
		fail: 'failed_testing',
	}),
	failed_testing: row('Failed testing', 'A hardware test failed.', 'bad', 'power-off', null, {
		mark_broken: 'broken',
		lose: 'missing',
		commission: 'commissioning',
		test: 'testing',
		override_tests: 'ready',
		override_tests_in_use: 'deployed',
		enter_rescue: 'entering_rescue_mode',
	}),
};

/** Statuses that end by themselves: each has a deadline, a failure and an abort. */
export const workingStatuses = statuses.filter((status) => lifecycle[status].patience !== null);

/** MAAS's node_timeout until somebody sets it: the patience with every status in which a machine itself works. */
const WORKING_PATIENCE = 30;

/** Minutes without a sign of life until `fail`, where the operator gives working machines `nodeTimeout` minutes; `null`: for ever. */
export function patienceOf(status: Status, nodeTimeout: number): number | null {
	const { patience } = lifecycle[status];
	return patience === WORKING_PATIENCE ? nodeTimeout : patience;
}

/** Where `event` leads from `status`; `null` when the table has no such edge. `previous` is the status kept in the machine's row. */
export function nextStatus(status: Status, event: LifecycleEvent, previous: Status | null): Status | null {
	const target = lifecycle[status].moves[event];
	if (target === 'before-tests') return previous !== null && keptByTests.includes(previous) ? previous : 'ready';
	if (target === 'previous') return previous ?? 'ready';
	return target ?? null;
}

const keptByTests: readonly Status[] = ['new', 'ready', 'reserved', 'allocated', 'deployed', 'broken'];

/** On these errands the status to go back to is remembered; going from one of them to another keeps it. */
export const remembersPrevious = (status: Status): boolean => errands.includes(status);

const errands: readonly Status[] = [
	'testing',
	'entering_rescue_mode',
	'rescue_mode',
	'exiting_rescue_mode',
	'failed_entering_rescue_mode',
	'failed_exiting_rescue_mode',
];

function row(
	name: string,
	meaning: string,
	tone: Tone,
	boot: BootPurpose,
	patience: number | null,
	moves: Partial<Record<LifecycleEvent, Target>>,
): Row {
	return { name, meaning, tone, boot, patience, moves };
}
