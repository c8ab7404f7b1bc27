import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** How this controller was started. Read once, frozen; what the operator changes while it runs is in store/settings.ts. */
export interface Config {
	readonly data: string;
	readonly http: { readonly host: string; readonly port: number };
	/** interfaces that are switched on or off at the start */
	readonly interfaces: readonly { readonly name: string; readonly mode: 'off' | 'full' }[];
	readonly ports: { readonly tftp: number; readonly http: number };
	/** the command that opens machine-facing sockets; `null`: an installed or freshly compiled netport */
	readonly netport: readonly string[] | null;
	/** where finished boot assets lie; `null`: in the data folder */
	readonly bootAssets: string | null;
	readonly mirror: string | null;
	readonly uiFolder: string;
	/** of the desktop window that started this controller */
	readonly launchToken: string | null;
	readonly logLevel: string;
	/** a demo rack of simulated machines; `null`: none */
	readonly simulate: Simulation | null;
}

export interface Simulation {
	readonly machines: number;
	/** how far they are brought by themselves */
	readonly to: 'new' | 'ready' | 'deployed';
	/** per cent of them that have a fault */
	readonly failures: number;
	/** at the pace of real machines */
	readonly slow: boolean;
}

/** More would not fit into the demo rack's network. */
const MOST_SIMULATED = 4000;

/** A bad option: the program prints the message and ends with exit code 2. */
export class UsageError extends Error {}

export const usage = `metaldesk serve [options]
  --data DIR               where everything is kept (default: ${defaultData({})})
  --http HOST:PORT         web page and API (default 127.0.0.1:5240)
  --interface NAME=MODE    off or full; may be repeated (default: as it was left, off at first)
  --tftp-port N            default 69
  --boot-port N            HTTP for booting machines, default 5248
  --boot-assets DIR        kernel, initramfs and loaders that are already built
  --mirror URL             Debian archive for building them
  --netport COMMAND        program that opens the ports of machine-facing services
  --log-level LEVEL        trace, debug, info, warn, error (default info)
  --simulate N             a demo rack of N simulated machines, each with a BMC, on loopback
  --simulate-to STATUS     bring them to new, ready (default) or deployed
  --simulate-bmc-failures PERCENT  of them have a fault: a dead BMC, a wrong password, no DHCP, a script that hangs, a bad disk
  --simulate-slow          they take their time, as real machines do`;

/** The only reader of arguments and environment. Throws UsageError with one sentence. */
export function readConfig(args: readonly string[], environment: NodeJS.ProcessEnv): Config {
	const values = parse(args);
	const data = path.resolve(values.data ?? defaultData(environment));
	return Object.freeze({
		data,
		http: hostPort(values.http ?? '127.0.0.1:5240'),
		interfaces: (values.interface ?? []).map(interfaceMode),
		ports: { tftp: port('--tftp-port', values['tftp-port'] ?? '69'), http: port('--boot-port', values['boot-port'] ?? '5248') },
		netport: values.netport === undefined ? null : words('--netport', values.netport),
		bootAssets: values['boot-assets'] === undefined ? null : path.resolve(values['boot-assets']),
		mirror: values.mirror ?? null,
		uiFolder: path.resolve(environment.METALDESK_UI ?? path.join(import.meta.dirname, uiBeside())),
		launchToken: environment.METALDESK_LAUNCH_TOKEN || null,
		logLevel: level(values['log-level'] ?? 'info'),
		simulate: simulation(values),
	});
}

/** The platform's usual folder. */
export function defaultData(environment: NodeJS.ProcessEnv): string {
	if (environment.METALDESK_DATA) return environment.METALDESK_DATA;
	if (process.platform === 'win32')
		return path.join(environment.APPDATA ?? path.join(homedir(), 'AppData', 'Roaming'), 'metaldesk');
	if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'metaldesk');
	return path.join(environment.XDG_DATA_HOME ?? path.join(homedir(), '.local', 'share'), 'metaldesk');
}

/** From `controller/` in development, from `out/controller/` in a package. */
function uiBeside(): string {
	return path.basename(path.dirname(import.meta.dirname)) === 'out' ? '../renderer' : '../out/renderer';
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			strict: true,
			options: {
				data: { type: 'string' },
				http: { type: 'string' },
				interface: { type: 'string', multiple: true },
				'tftp-port': { type: 'string' },
				'boot-port': { type: 'string' },
				'boot-assets': { type: 'string' },
				mirror: { type: 'string' },
				netport: { type: 'string' },
				'log-level': { type: 'string' },
				simulate: { type: 'string' },
				'simulate-to': { type: 'string' },
				'simulate-bmc-failures': { type: 'string' },
				'simulate-slow': { type: 'boolean' },
			},
		}).values;
	} catch (error) {
		throw new UsageError(error instanceof Error ? error.message : String(error));
	}
}

function port(option: string, text: string): number {
	const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
	if (!(number >= 0 && number <= 65535)) throw new UsageError(`${option}: “${text}” is no port number`);
	return number;
}

function simulation(values: ReturnType<typeof parse>): Simulation | null {
	const {
		simulate,
		'simulate-to': to = 'ready',
		'simulate-bmc-failures': failures = '0',
		'simulate-slow': slow = false,
	} = values;
	const more = ['simulate-to', 'simulate-bmc-failures', 'simulate-slow'] as const;
	const lonely = more.find((name) => values[name] !== undefined);
	if (simulate === undefined) {
		if (lonely) throw new UsageError(`--${lonely} is of use with --simulate N only`);
		return null;
	}
	if (to !== 'new' && to !== 'ready' && to !== 'deployed')
		throw new UsageError(`--simulate-to: machines are brought to new, ready or deployed, not “${to}”`);
	return {
		machines: number('--simulate', simulate, 1, MOST_SIMULATED),
		...{ to, failures: number('--simulate-bmc-failures', failures.replace(/%$/, ''), 0, 100), slow },
	};
}

function number(option: string, text: string, least: number, most: number): number {
	const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
	if (!(value >= least && value <= most)) throw new UsageError(`${option}: “${text}” is no number from ${least} to ${most}`);
	return value;
}

function hostPort(text: string): { host: string; port: number } {
	const match = /^(\[[0-9a-f:.]+\]|[^:]+):(\d+)$/i.exec(text);
	if (!match?.[1] || !match[2]) throw new UsageError(`--http: “${text}” is not HOST:PORT`);
	return { host: match[1].replace(/^\[|\]$/g, ''), port: port('--http', match[2]) };
}

function interfaceMode(text: string): { name: string; mode: 'off' | 'full' } {
	const [name = '', mode = ''] = text.split('=');
	if (!/^[A-Za-z0-9_.:-]{1,15}$/.test(name)) throw new UsageError(`--interface: “${name}” is no interface name`);
	if (mode !== 'off' && mode !== 'full') throw new UsageError(`--interface ${name}: the mode is “off” or “full”, not “${mode}”`);
	return { name, mode };
}

/** Words between blanks, or a JSON list of them for paths that have blanks. */
function words(option: string, text: string): string[] {
	const all = text.startsWith('[') ? jsonWords(text) : text.split(/\s+/).filter(Boolean);
	if (!all || all.length === 0) throw new UsageError(`${option}: no command, and no JSON list of its words`);
	return all;
}

function jsonWords(text: string): string[] | null {
	try {
		const list: unknown = JSON.parse(text);
		return Array.isArray(list) && list.every((word): word is string => typeof word === 'string' && word !== '') ? list : null;
	} catch {
		return null;
	}
}

function level(text: string): string {
	if (!['trace', 'debug', 'info', 'warn', 'error'].includes(text))
		throw new UsageError(`--log-level: there is no level “${text}”`);
	return text;
}
