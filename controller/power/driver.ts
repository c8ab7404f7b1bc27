/** What the rest of the program knows about power: one interface that each kind of BMC, PDU or stand-in implements in its own file. */

/** `unknown`: the kind cannot be asked (manual). `error`: the BMC answered and said that it does not know. */
export type PowerState = 'on' | 'off' | 'unknown' | 'error';

/** One setting of a driver, in MAAS's terms (describe_power_types); the form is drawn from it. `choices` are [value, label] pairs. */
export interface PowerField {
	readonly name: string;
	readonly label: string;
	readonly fieldType: 'string' | 'mac_address' | 'choice' | 'multiple_choice' | 'password';
	readonly required: boolean;
	readonly default: string | readonly string[];
	readonly choices: readonly (readonly [string, string])[];
	/** `bmc` values are shared by all machines behind one BMC, `node` values belong to one machine. */
	readonly scope: 'bmc' | 'node';
	/** Sealed in the store and never shown again. */
	readonly secret: boolean;
}

/** Values by field name, as stored; a field that is missing has its default. */
export type PowerParameters = Readonly<Record<string, string | readonly string[]>>;

export type PowerErrorCode =
	| 'unreachable'
	| 'wrong-credentials'
	| 'cipher-refused'
	| 'session-limit'
	| 'privilege-too-low'
	| 'unsupported'
	| 'bad-parameters'
	| 'bad-reply'
	| 'did-not-act';

export interface PowerFailure {
	readonly ok: false;
	readonly code: PowerErrorCode;
	/** One sentence that names the BMC and the cause. */
	readonly text: string;
	/** One sentence that says what to do about it. */
	readonly nextStep: string;
}

export type PowerResult<T> = { readonly ok: true; readonly value: T } | PowerFailure;

export interface BootDevice {
	readonly device: 'pxe' | 'disk';
	readonly efi: boolean;
}

/**
 * Calls never throw for anything that a BMC, the network or the parameters do; they return a failure.
 * An order (`on`, `off`, …) that succeeds was accepted, not yet carried out: power/prove.ts re-reads the state.
 */
export interface PowerDriver {
	readonly name: string;
	readonly description: string;
	/** False: the state is always `unknown`. */
	readonly queryable: boolean;
	/** True: one address stands for several machines. */
	readonly chassis: boolean;
	readonly fields: readonly PowerField[];
	/** Who the sentences are about, e.g. `The BMC at 192.0.2.7`. */
	subject(parameters: PowerParameters): string;
	query(parameters: PowerParameters): Promise<PowerResult<PowerState>>;
	/** Leaves a machine that is already on alone. */
	on(parameters: PowerParameters): Promise<PowerResult<void>>;
	/** `soft` asks the operating system to shut down; without it the driver's own setting decides, and else it is immediate. */
	off(parameters: PowerParameters, options?: { readonly soft?: boolean }): Promise<PowerResult<void>>;
	/** Off and on again; a machine that is off is only turned on. */
	cycle(parameters: PowerParameters): Promise<PowerResult<void>>;
	/** A hard reset without loss of power. Absent: the kind cannot. */
	reset?(parameters: PowerParameters): Promise<PowerResult<void>>;
	/** For the next boot only. Returns what the BMC holds when asked again. Absent: the kind cannot. */
	setBootDevice?(parameters: PowerParameters, wanted: BootDevice): Promise<PowerResult<BootDevice>>;
	/** Firmware version of the BMC. Absent: the kind has none. */
	firmware?(parameters: PowerParameters): Promise<PowerResult<string>>;
}

export const succeed = <T>(value: T): PowerResult<T> => ({ ok: true, value });
export const fail = (code: PowerErrorCode, text: string, nextStep: string): PowerFailure => ({ ok: false, code, text, nextStep });
