import type { BmcFaults, BmcIdentity, BmcUser } from './bmc.ts';
import type { BmcAnswer, BmcRequest } from './sessions.ts';

/** The machine behind a simulated BMC. */
export interface BmcMachine {
	on: boolean;
	/** Parameter 5 of the system boot options; bit 7 of the first byte says that it is valid. */
	bootFlags: Buffer;
	/** Orders in the order of arrival: `on`, `off`, `cycle`, `reset`, `soft`. */
	readonly log: string[];
}

interface Options {
	readonly machine: BmcMachine;
	readonly users: BmcUser[];
	readonly suites: readonly number[];
	readonly faults: BmcFaults;
	readonly identity: BmcIdentity;
	readonly onPower: (on: boolean) => void;
	readonly onSoftOff: (() => void) | null;
	readonly onOrder: () => void;
}

interface Handler {
	/** 0: also before a session. */
	readonly privilege: number;
	answer(request: BmcRequest): Buffer;
}

const ok = (...data: number[]): Buffer => Buffer.from([0, ...data]);
const code = { busy: 0xc0, unknown: 0xc1, range: 0xc9, field: 0xcc, privilege: 0xd4, state: 0xd5, parameter: 0x80 } as const;
const refuse = (completionCode: number): Buffer => Buffer.from([completionCode]);
const orders = ['off', 'on', 'cycle', 'reset', 'diagnostic', 'soft'] as const;
const SLOTS = 10;
const LOGGED = 1000;

/** The command table, by network function and command number. */
export function createBmcCommands({ machine, users, suites, faults, identity, onPower, onSoftOff, onOrder }: Options): BmcAnswer {
	const power = (on: boolean) => {
		if (machine.on !== on) onPower(on);
		machine.on = on;
	};
	const userOf = (id: number): BmcUser => {
		users[id - 1] ??= { name: '', password: '', privilege: 2, enabled: false };
		return users[id - 1] as BmcUser;
	};
	const withUser = (id: number, work: (user: BmcUser) => Buffer): Buffer =>
		id < 1 || id > SLOTS ? refuse(code.field) : work(userOf(id));
	const text = (bytes: Buffer) => bytes.toString('utf8').replace(/\0.*$/s, '');

	function control(order: number): Buffer {
		const name = orders[order];
		if (!name) return refuse(code.field);
		if (!machine.on && (name === 'cycle' || name === 'reset')) return refuse(code.state);
		machine.log.push(name);
		if (machine.log.length > LOGGED) machine.log.shift();
		if (faults.deaf) return ok();
		if (name === 'soft' && onSoftOff) onSoftOff();
		else if (name === 'off' || name === 'soft') power(false);
		// a reset takes the machine out of what it does as much as a cut of its power
		if (name === 'cycle' || name === 'reset') power(false);
		if (name === 'on' || name === 'cycle' || name === 'reset') power(true);
		return ok();
	}

	function password({ data }: BmcRequest): Buffer {
		return withUser(data.readUInt8(0) & 0x3f, (user) => {
			const operation = data.readUInt8(1) & 3;
			const given = text(data.subarray(2));
			if (operation < 2) user.enabled = operation === 1;
			else if (operation === 2) user.password = given;
			else if (user.password !== given) return refuse(0x80);
			return ok();
		});
	}

	const handlers: Readonly<Record<string, Handler>> = {
		'00 01': { privilege: 2, answer: () => ok(machine.on ? 0x21 : 0x20, 0, 0x40) },
		'00 02': { privilege: 3, answer: ({ data }) => control(data.readUInt8(0) & 15) },
		// its light blinks
		'00 04': { privilege: 3, answer: () => ok() },
		'00 08': {
			privilege: 3,
			answer: ({ data }) => {
				if ((data.readUInt8(0) & 0x7f) === 5) machine.bootFlags = Buffer.from(data.subarray(1, 6));
				return (data.readUInt8(0) & 0x7f) > 5 ? refuse(code.parameter) : ok();
			},
		},
		'00 09': { privilege: 3, answer: ({ data }) => (data[0] === 5 ? ok(1, 5, ...machine.bootFlags) : refuse(code.parameter)) },
		'06 01': { privilege: 2, answer: () => ok(...deviceId(identity)) },
		'06 37': { privilege: 2, answer: () => ok(...identity.guid) },
		// IPMI 2.0 only, with K_g or without, names only.
		'06 38': { privilege: 0, answer: () => ok(1, 0x80, 0x04, 0x02, 0, 0, 0, 0) },
		'06 3b': {
			privilege: 2,
			answer: ({ data, session }) => {
				const wanted = data.readUInt8(0) & 15;
				if (!session || wanted > session.limit) return refuse(0x81);
				if (wanted > 0) session.privilege = wanted;
				return ok(session.privilege);
			},
		},
		'06 3c': {
			privilege: 2,
			answer: ({ session }) => {
				if (session) session.closing = true;
				return ok();
			},
		},
		'06 43': {
			privilege: 4,
			answer: ({ data }) =>
				withUser(data.readUInt8(1) & 0x3f, (user) => {
					user.privilege = data.readUInt8(2) & 15;
					return ok();
				}),
		},
		'06 44': {
			privilege: 3,
			answer: ({ data }) =>
				withUser(data.readUInt8(1) & 0x3f, (user) => {
					const enabled = users.filter((each) => each?.enabled).length;
					return ok(SLOTS, enabled | 0x40, 0, (user.enabled ? 0x30 : 0) | user.privilege);
				}),
		},
		'06 45': {
			privilege: 4,
			answer: ({ data }) =>
				withUser(data.readUInt8(0), (user) => {
					user.name = text(data.subarray(1));
					return ok();
				}),
		},
		'06 46': {
			privilege: 3,
			answer: ({ data }) => withUser(data.readUInt8(0), (user) => ok(...Buffer.alloc(16).fill(pad(user.name)))),
		},
		'06 47': { privilege: 4, answer: password },
		// Records of standard suites: 0xc0, suite, then authentication, integrity and confidentiality with their tags.
		'06 54': {
			privilege: 0,
			answer: ({ data }) =>
				ok(
					1,
					...cipherRecords(suites)
						.subarray((data.readUInt8(2) & 0x3f) * 16)
						.subarray(0, 16),
				),
		},
	};

	return (request) => {
		// what changes the machine, as against what asks
		if (request.netFn === 0 && (request.command === 2 || request.command === 8)) onOrder();
		const key = [request.netFn, request.command].map((number) => number.toString(16).padStart(2, '0')).join(' ');
		const handler = handlers[key];
		if (!handler) return refuse(code.unknown);
		if ((request.session?.privilege ?? 0) < handler.privilege) return refuse(code.privilege);
		if (request.session && faults.busy > 0) {
			faults.busy--;
			return refuse(code.busy);
		}
		return handler.answer(request);
	};
}

/** Get Device ID (IPMI 2.0 section 20.1): the second half of the firmware's version is BCD, the maker its number at IANA. */
function deviceId({ version: [major, minor], maker }: BmcIdentity): number[] {
	const bcd = Math.floor(minor / 10) * 16 + (minor % 10);
	return [0x20, 1, major, bcd, 2, 0x8f, maker & 0xff, (maker >> 8) & 0xff, maker >> 16, 0x34, 0x12, 1, 2, 3, 4];
}

const pad = (name: string): Buffer => Buffer.concat([Buffer.from(name), Buffer.alloc(16)]).subarray(0, 16);

function cipherRecords(suites: readonly number[]): Buffer {
	const algorithms: Readonly<Record<number, readonly number[]>> = { 3: [1, 0x41], 8: [2, 0x42], 12: [2, 0x43], 17: [3, 0x44] };
	return Buffer.from(suites.flatMap((id) => [0xc0, id, ...(algorithms[id] ?? []), 0x81]));
}
