import { parseIpv4 } from '../domain/address.ts';
import type { Bmc } from '../ipmi-js/client.ts';
import type { Privilege, Workaround } from '../ipmi-js/session/session.ts';
import type { PowerField, PowerParameters, PowerResult } from './driver.ts';
import { badParameter, readParameters, type Values } from './parameters.ts';

const field = (name: string, label: string, more: Partial<PowerField> = {}): PowerField => ({
	...{ name, label, fieldType: 'string', required: false, default: '', choices: [], scope: 'bmc', secret: false },
	...more,
});
const secret = { fieldType: 'password', secret: true } as const;
const same = (...values: string[]): [string, string][] => values.map((value) => [value, value]);

/** Names, defaults and choices are MAAS's, so that its clients and exported settings fit. */
export const ipmiFields: readonly PowerField[] = [
	field('power_driver', 'Power driver', {
		fieldType: 'choice',
		default: 'LAN_2_0',
		choices: [
			['LAN', 'LAN [IPMI 1.5]'],
			['LAN_2_0', 'LAN_2_0 [IPMI 2.0]'],
		],
	}),
	field('power_boot_type', 'Power boot type', {
		fieldType: 'choice',
		default: 'auto',
		choices: [
			['auto', 'Automatic'],
			['legacy', 'Legacy boot'],
			['efi', 'EFI boot'],
		],
	}),
	field('power_address', 'IP address', { required: true }),
	field('power_user', 'Power user'),
	field('power_pass', 'Power password', secret),
	field('k_g', 'K_g BMC key', secret),
	field('cipher_suite_id', 'Cipher Suite ID', {
		fieldType: 'choice',
		default: '3',
		choices: [
			['17', '17 - HMAC-SHA256, HMAC-SHA256-128, AES-CBC-128'],
			['3', '3 - HMAC-SHA1, HMAC-SHA1-96, AES-CBC-128'],
			['', 'Automatic: 17, else 3'],
			['8', '8 - HMAC-MD5, HMAC-MD5-128, AES-CBC-128'],
			['12', '12 - HMAC-MD5, MD5-128, AES-CBC-128'],
		],
	}),
	field('privilege_level', 'Privilege Level', {
		fieldType: 'choice',
		default: 'OPERATOR',
		choices: [
			['USER', 'User'],
			['OPERATOR', 'Operator'],
			['ADMIN', 'Administrator'],
		],
	}),
	field('workaround_flags', 'Workaround Flags', {
		fieldType: 'multiple_choice',
		default: ['opensesspriv'],
		choices: [
			...same('opensesspriv', 'authcap', 'idzero', 'unexpectedauth', 'forcepermsg', 'endianseq', 'intel20', 'supermicro20'),
			...same('sun20', 'nochecksumcheck', 'integritycheckvalue', 'ipmiping'),
			['', 'None'],
		],
	}),
	field('mac_address', 'Power MAC', { fieldType: 'mac_address', scope: 'node' }),
	field('power_off_mode', 'Power off mode', {
		fieldType: 'choice',
		default: 'hard',
		choices: [
			['hard', 'Power off'],
			['soft', 'Soft power off'],
		],
	}),
];

export interface BmcSettings {
	readonly bmc: Bmc;
	/** What power_boot_type insists on; null leaves it to the caller. */
	readonly efi: boolean | null;
	readonly softOff: boolean;
}

export function readBmc(parameters: PowerParameters): PowerResult<BmcSettings> {
	const values = readParameters(ipmiFields, parameters);
	if (!values.ok) return values;
	const { text, list } = values.value;
	const place = parseAddress(text('power_address'));
	if (!place) return problem('power_address', 'is no host name or IPv4 address with or without :port');
	const kg = parseKg(text('k_g'));
	if (kg === 'invalid') return problem('k_g', 'is longer than 20 characters, or no hex number after 0x');
	const suite = text('cipher_suite_id');
	const bmc: Bmc = {
		...place,
		userName: text('power_user'),
		password: text('power_pass'),
		kg,
		cipherSuite: suite === '' ? 'auto' : (Number(suite) as 3 | 8 | 12 | 17),
		privilege: privileges[text('privilege_level')] ?? 'operator',
		version: text('power_driver') === 'LAN' ? '1.5' : '2.0',
		workarounds: new Set(list('workaround_flags').filter(isWorkaround)),
	};
	return { ok: true, value: { bmc, efi: bootType(values.value), softOff: text('power_off_mode') === 'soft' } };
}

const privileges: Readonly<Record<string, Privilege>> = { USER: 'user', OPERATOR: 'operator', ADMIN: 'administrator' };
/** The other flags of the list make FreeIPMI overlook something that our client never looks at. */
const workarounds: readonly string[] = ['opensesspriv', 'nochecksumcheck', 'intel20', 'supermicro20'] satisfies Workaround[];
const isWorkaround = (flag: string): flag is Workaround => workarounds.includes(flag);

function bootType({ text }: Values): boolean | null {
	return { efi: true, legacy: false }[text('power_boot_type')] ?? null;
}

/** `192.0.2.7`, `bmc7.example.org:6230`; null for anything else. */
export function parseAddress(text: string): { host: string; port: number } | null {
	const match = /^([a-z0-9]([a-z0-9_.-]{0,252}[a-z0-9])?)(?::([1-9]\d{0,4}))?$/i.exec(text.trim());
	const host = match?.[1];
	const port = Number(match?.[3] ?? 623);
	if (!host || port > 65535) return null;
	// What looks like an address must be one: a resolver would take 192.0.2 for 192.0.0.2.
	if (/^[\d.]+$/.test(host) && !parseIpv4(host)) return null;
	return { host, port };
}

/** MAAS's two ways to write K_g: up to 20 characters, or `0x` and up to 40 hex digits. */
function parseKg(text: string): Buffer | null | 'invalid' {
	if (text === '') return null;
	if (text.startsWith('0x')) return /^0x([0-9a-f]{2}){1,20}$/i.test(text) ? Buffer.from(text.slice(2), 'hex') : 'invalid';
	const bytes = Buffer.from(text, 'utf8');
	return bytes.length <= 20 ? bytes : 'invalid';
}

function problem(name: string, text: string) {
	return badParameter(ipmiFields.find((each) => each.name === name) as PowerField, text);
}
