import { cleanLine } from '../../../../domain/clean.ts';
import type { Machine } from '../../../../domain/machine.ts';
import { isHostname } from '../../../../domain/machine.ts';
import type { PowerSettings } from '../../../../flows/powerSettings.ts';
import type { BmcParameters } from '../../../../store/bmcs.ts';
import type { MachineChange } from '../../../../store/machines.ts';
import type { Store } from '../../../../store/store.ts';
import type { Parts } from '../../../parts.ts';
import { unfit } from '../../failures.ts';
import { boolean, integer, json, text, type Values } from '../../parameters.ts';
import type { Call } from '../../resource.ts';

/** What MAAS's forms take for a new machine and for changes. */
export const machineFields = {
	hostname: text('Host name; with a domain behind it the machine moves there. Empty: two words of chance.', { max: 255 }),
	description: text('What the machine is.', { max: 8192 }),
	domain: text('Domain, by name or id.', { max: 255 }),
	architecture: text('For instance amd64 or amd64/generic.', { max: 64 }),
	min_hwe_kernel: text('Oldest kernel that it runs with: ga-22.04, hwe-22.04, …', { max: 64 }),
	power_type: text('Power driver, as describe_power_types lists them; empty: none.', { max: 64 }),
	power_parameters: json('Settings of the power driver, as one JSON object.'),
	power_parameters_skip_check: boolean('Take the power settings also where something required is missing.'),
	pool: text('Resource pool, by name or id.', { max: 256 }),
	zone: text('Zone, by name or id.', { max: 256 }),
	swap_size: text('Bytes of swap, with K, M, G or T for powers of 1000; empty: by the installer’s rule.', { max: 32 }),
	disable_ipv4: boolean('Give its systems no IPv4.'),
	cpu_count: integer('Processors, until its inventory counts them.', { min: 1, max: 8192 }),
	memory: integer('MiB, until its inventory counts them.', { min: 1, max: 2 ** 30 }),
};
export const POWER_REST = 'power_parameters_NAME: one setting of the power driver';

export interface MachineForm {
	readonly hostname: string | undefined;
	readonly facts: MachineChange;
	/** `null`: the machine has no BMC any more */
	readonly power: PowerSettings | null | undefined;
}

/** Reads the form for a new machine, or for `own`. Throws Invalid with MAAS's sentences. */
export function readMachineForm(
	{ store, powerDrivers }: Pick<Parts, 'store' | 'powerDrivers'>,
	input: Values<typeof machineFields>,
	rest: Call['rest'],
	own: Machine | null,
): MachineForm {
	const { hostname, domain } = readName(store, input.hostname, own);
	const domainText = input.domain || domain;
	return {
		hostname,
		facts: {
			...given('description', input.description),
			...given('domainId', choose('domain', domainText, store.domains.byName, store.domains.byId)),
			...given('zoneId', choose('zone', input.zone, store.zones.byName, store.zones.byId)),
			...given('poolId', choose('pool', input.pool, store.pools.byName, store.pools.byId)),
			...given('architecture', input.architecture ? readArchitecture(store, input.architecture) : undefined),
			...given(
				'minHweKernel',
				input.min_hwe_kernel === undefined ? undefined : readKernel('min_hwe_kernel', input.min_hwe_kernel),
			),
			...given('swapSize', input.swap_size === undefined ? undefined : readSwap(input.swap_size)),
			...given('disableIpv4', input.disable_ipv4),
			...given('cpuCount', input.cpu_count),
			...given('memory', input.memory === undefined ? undefined : input.memory * 2 ** 20),
		},
		power: readPower({ store, powerDrivers }, input, rest, own),
	};
}

const given = <Name extends string, Value>(name: Name, value: Value | undefined) =>
	(value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;

function choose<Place extends { id: number }>(
	field: string,
	word: string | undefined,
	byName: (name: string) => Place | undefined,
	byId: (id: number) => Place | undefined,
): number | undefined {
	if (!word) return undefined;
	const found = byName(word) ?? (/^\d{1,15}$/.test(word) ? byId(Number(word)) : undefined);
	if (!found) throw unfit(field, 'Select a valid choice. That choice is not one of the available choices.');
	return found.id;
}

/** MAAS takes a full name, too. */
function readName(store: Store, sent: string | undefined, own: Machine | null) {
	const word = sent?.trim().toLowerCase();
	if (!word) return { hostname: undefined, domain: undefined };
	const [hostname = '', ...domain] = word.split('.');
	if (!isHostname(hostname)) throw unfit('hostname', 'A host name has 1 to 63 letters, digits and inner dashes.');
	if (hostname !== own?.hostname && store.machines.hostnameTaken(hostname))
		throw unfit('hostname', `Node with hostname '${hostname}' already exists.`);
	return { hostname, domain: domain.join('.') || undefined };
}

/** Without its subarchitecture, which says nothing here. */
export function readArchitecture(store: Store, sent: string): string {
	const { architectures } = store.candidates.known();
	const full = sent.includes('/') ? sent : `${sent}/generic`;
	const base = full.split('/')[0] as string;
	if (architectures.has(full) || architectures.has(`${base}/generic`)) return base;
	const choices = [...architectures].map((each) => `'${each}'`).join(', ');
	throw unfit('architecture', `'${cleanLine(sent)}' is not a valid architecture.  It should be one of: ${choices}.`);
}

/** A kernel's name in MAAS's words; '' for none. */
export function readKernel(field: string, sent: string): string {
	if (sent === '' || /^(ga|hwe)-[a-z0-9.-]{1,50}$/.test(sent)) return sent;
	throw unfit(field, `'${cleanLine(sent)}' is no kernel: it should begin with ga- or hwe-.`);
}

const POWERS: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function readSwap(sent: string): number | null {
	if (sent.trim() === '') return null;
	const [, digits = '', suffix = ''] = /^(\d{1,15})\s*([KMGT]?)$/.exec(sent.trim().toUpperCase()) ?? [];
	const bytes = digits === '' ? Number.NaN : Number(digits) * (POWERS[suffix] ?? Number.NaN);
	if (!Number.isSafeInteger(bytes)) throw unfit('swap_size', 'Invalid size for swap.');
	return bytes;
}

function readPower(
	{ store, powerDrivers }: Pick<Parts, 'store' | 'powerDrivers'>,
	input: Values<typeof machineFields>,
	rest: Call['rest'],
	own: Machine | null,
): PowerSettings | null | undefined {
	const parameters = { ...fromJson(input.power_parameters ?? {}), ...fromRest(rest) };
	const before = own?.bmcId == null ? '' : (store.bmcs.byId(own.bmcId)?.driver ?? '');
	const name = input.power_type ?? before;
	if (input.power_type === undefined && Object.keys(parameters).length === 0) return undefined;
	if (name === '') return input.power_type === undefined ? undefined : null;
	const driver = powerDrivers.find((each) => each.name === name);
	if (!driver) throw unfit('power_type', `Select a valid choice. ${cleanLine(name)} is not one of the available choices.`);
	return { driver, parameters, skipCheck: input.power_parameters_skip_check ?? false };
}

function fromRest(rest: Call['rest']): BmcParameters {
	const named = [...rest].filter(([name]) => name.startsWith('power_parameters_'));
	return Object.fromEntries(
		named.map(([name, values]) => [
			name.slice('power_parameters_'.length),
			checked(values.length > 1 ? [...values] : (values[0] ?? '')),
		]),
	);
}

const fromJson = (sent: Record<string, unknown>): BmcParameters =>
	Object.fromEntries(
		Object.entries(sent).map(([name, value]) => [
			name,
			checked(Array.isArray(value) ? value.map(String) : value === null ? '' : String(value)),
		]),
	);

const MAX_PARAMETER = 4096;

function checked(value: string | string[]): string | string[] {
	if ([value].flat().some((each) => each.length > MAX_PARAMETER || each.includes('\0')))
		throw unfit('power_parameters', `A power setting has at most ${MAX_PARAMETER} characters, and no null characters.`);
	return value;
}
