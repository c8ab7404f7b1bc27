/** `npm run lab -- …`: what can be asked for. */
import { parseArgs } from 'node:util';
import { type Firmware, firmwareKinds, mixed } from './rack/firmware.ts';
import { maxMachines } from './rack/network.ts';

export const goals = ['ready', 'deployed', 'released'] as const;
export type Goal = (typeof goals)[number];

export interface LabOptions {
	/** one entry a machine */
	machines: Firmware[];
	/** null: serve until Ctrl-C, let people do the rest */
	through: Goal | null;
	json: boolean;
	/** stay up after `through` */
	keep: boolean;
	/** first three parts of the lab's /24 */
	net: string;
	/** folder with boot assets that are already built; null: the lab's own cache */
	bootAssets: string | null;
	/** port of the web page and the API on this computer's loopback; 0: any free one */
	port: number;
}

export const usage = `Usage: npm run lab -- [--machines N] [--firmware ${firmwareKinds.join('|')}|mixed] [--through ${goals.join('|')}] [--json] [--keep]
                     [--net 192.168.77] [--port N] [--boot-assets FOLDER]

N real machines of QEMU with a simulated BMC each, on a network of their own, and a controller that serves them.
  --through  runs unattended until every machine is there; exit status 0 only then. Without it the lab serves until Ctrl-C.
  --json     the last line of standard output is one JSON object
  --keep     keeps serving after --through
`;

/** Options, or one sentence that says which one is wrong and why. */
export function parseOptions(argv: readonly string[]): { options: LabOptions } | { help: true } | { problem: string } {
	let values: ReturnType<typeof readArguments>;
	try {
		values = readArguments(argv);
	} catch (error) {
		return { problem: error instanceof Error ? error.message : String(error) };
	}
	if (values.help) return { help: true };
	const count = wholeNumber(values.machines, 1, maxMachines);
	if (count === null) return { problem: `--machines ${values.machines}: a whole number from 1 to ${maxMachines}` };
	const port = wholeNumber(values.port, 0, 65535);
	if (port === null) return { problem: `--port ${values.port}: a whole number from 0 to 65535` };
	const kinds = values.firmware === 'mixed' ? mixed : firmwareKinds.filter((kind) => kind === values.firmware);
	if (kinds.length === 0) return { problem: `--firmware ${values.firmware}: one of ${firmwareKinds.join(', ')}, mixed` };
	const through = goals.find((goal) => goal === values.through) ?? null;
	if (values.through !== undefined && !through) return { problem: `--through ${values.through}: one of ${goals.join(', ')}` };
	const net = /^(10|172|192)(\.(0|[1-9]\d{0,2})){2}$/.exec(values.net)?.[0];
	if (!net?.split('.').every((part) => Number(part) < 256))
		return { problem: `--net ${values.net}: the first three parts of a private /24, like 192.168.77` };
	return {
		options: {
			machines: Array.from({ length: count }, (_, index) => kinds[index % kinds.length] as Firmware),
			through,
			json: values.json,
			keep: values.keep,
			net,
			bootAssets: values['boot-assets'] ?? null,
			port,
		},
	};
}

function readArguments(argv: readonly string[]) {
	return parseArgs({
		args: [...argv],
		allowPositionals: false,
		options: {
			machines: { type: 'string', default: '1' },
			firmware: { type: 'string', default: 'bios' },
			through: { type: 'string' },
			net: { type: 'string', default: '192.168.77' },
			port: { type: 'string', default: '0' },
			'boot-assets': { type: 'string' },
			json: { type: 'boolean', default: false },
			keep: { type: 'boolean', default: false },
			help: { type: 'boolean', short: 'h', default: false },
		},
	}).values;
}

function wholeNumber(text: string, low: number, high: number): number | null {
	const value = Number(text);
	return /^\d+$/.test(text) && value >= low && value <= high ? value : null;
}
