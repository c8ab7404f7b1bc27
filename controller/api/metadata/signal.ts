import type { FastifyInstance, FastifyRequest } from 'fastify';
import { cleanInteger, cleanText } from '../../domain/clean.ts';
import { Refusal } from '../../domain/errors.ts';
import { readSignalStatus, type Signal } from '../../flows/signal.ts';
import type { BmcParameters } from '../../store/bmcs.ts';
import { readSent, type Sent } from '../maas/sent.ts';
import type { Parts } from '../parts.ts';
import { checkVersion, machineThatSigns, sendText, type Version, withBytes } from './nodeKeys.ts';

/** A signal carries what a script has printed. */
const SIGNAL_LIMIT = 32 << 20;

/** What MAAS's helpers on a machine post with its keys: signals of their work, and that its disk can be booted. */
export function registerSignal(app: FastifyInstance, { cloudInit, takeSignal, store }: Parts): void {
	withBytes(app, SIGNAL_LIMIT, (posts) => {
		for (const url of ['/MAAS/metadata/:version/', '/MAAS/metadata/:version', '/MAAS/metadata/curtin/:version/'])
			posts.post<Version>(url, async (request, reply) => {
				checkVersion(request);
				const sent = await readSent(request as FastifyRequest, undefined, false);
				const machine = machineThatSigns(store, request);
				if (sent.op === 'netboot_off' || sent.op === 'netboot_on') cloudInit.setNetboot(machine, sent.op === 'netboot_on');
				else if (sent.op === 'signal') takeSignal(machine, readSignal(sent));
				else throw unknownOperation(sent);
				return sendText(reply, 'OK');
			});
	});
}

export const unknownOperation = ({ op }: Sent) =>
	new Refusal('bad-input', `Unrecognised signature: method=POST op=${cleanText(op, 60) ?? 'None'}`, { field: 'op' });

/** MAAS's form fields (facts §6.4). Throws Refusal `bad-input`. */
function readSignal({ values, files }: Sent): Signal {
	const field = (...names: string[]) => names.map((name) => values.get(name)?.at(-1)).find((value) => value !== undefined);
	const number = (...names: string[]): number | null => {
		const text = field(...names);
		if (text === undefined || text === '') return null;
		const value = cleanInteger(text, -1000, Number.MAX_SAFE_INTEGER);
		if (value === null) throw new Refusal('bad-input', `${names[0]} is a whole number.`, { field: names[0] as string });
		return value;
	};
	const status = field('status');
	if (status === undefined) throw new Refusal('bad-input', 'No provided status!');
	const type = field('power_type');
	return {
		status: readSignalStatus(status),
		error: cleanText(field('error') ?? '', 500),
		resultId: number('script_result_id'),
		exitStatus: number('exit_status', 'script_result', 'result'),
		power: type ? { type, parameters: parametersIn(field('power_parameters') ?? '{}') } : null,
		files: new Map([...files].map(([name, { bytes }]) => [name, bytes])),
	};
}

function parametersIn(text: string): BmcParameters {
	const refused = () =>
		new Refusal('bad-input', 'The power parameters are not a JSON object of texts.', { field: 'power_parameters' });
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw refused();
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused();
	const texts = Object.entries(value).filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= 500,
	);
	return Object.fromEntries(texts);
}
