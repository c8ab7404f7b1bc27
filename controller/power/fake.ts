import { setTimeout as sleep } from 'node:timers/promises';
import {
	type BootDevice,
	fail,
	type PowerDriver,
	type PowerErrorCode,
	type PowerFailure,
	type PowerParameters,
	type PowerResult,
} from './driver.ts';
import { readParameters } from './parameters.ts';

/** Simulated power, to try the program out and to see what each failure looks like. Its machines live as long as the driver. */
export function createFakeDriver(): PowerDriver {
	const machines = new Map<string, { on: boolean; boot: BootDevice | null }>();
	const subject = (parameters: PowerParameters) => `The simulated BMC ${parameters.power_id ?? ''}`.trimEnd();

	async function act<T>(
		parameters: PowerParameters,
		work: (machine: { on: boolean; boot: BootDevice | null }, deaf: boolean) => T,
	): Promise<PowerResult<T>> {
		const values = readParameters(fields, parameters);
		if (!values.ok) return values;
		const { text } = values.value;
		const delay = Number(text('delay'));
		if (!Number.isInteger(delay) || delay < 0 || delay > 60_000)
			return fail(
				'bad-parameters',
				'Delay (delay) is no number of milliseconds from 0 to 60000.',
				"Correct Delay in the machine's power settings.",
			);
		await sleep(delay);
		const failure = text('failure') as PowerErrorCode | '';
		if (failure !== '' && failure !== 'did-not-act') return simulated(subject(parameters), failure);
		const machine = machines.get(text('power_id')) ?? { on: false, boot: null };
		machines.set(text('power_id'), machine);
		return { ok: true, value: work(machine, failure === 'did-not-act') };
	}

	const turn = (parameters: PowerParameters, on: boolean) =>
		act(parameters, (machine, deaf) => {
			if (!deaf) machine.on = on;
		});

	return {
		name: 'fake',
		description: 'Simulated (for trying out)',
		queryable: true,
		chassis: true,
		fields,
		subject,
		query: (parameters) => act(parameters, (machine) => (machine.on ? 'on' : 'off')),
		on: (parameters) => turn(parameters, true),
		off: (parameters) => turn(parameters, false),
		cycle: (parameters) => turn(parameters, true),
		reset: (parameters) => act(parameters, () => undefined),
		setBootDevice: (parameters, wanted) =>
			act(parameters, (machine) => {
				machine.boot = wanted;
				return wanted;
			}),
		firmware: (parameters) => act(parameters, () => '1.0'),
	};
}

const failures: readonly PowerErrorCode[] = [
	'unreachable',
	'wrong-credentials',
	'cipher-refused',
	'session-limit',
	'privilege-too-low',
	'unsupported',
	'bad-reply',
	'did-not-act',
];

const fields: PowerDriver['fields'] = [
	{
		name: 'power_id',
		label: 'Machine',
		fieldType: 'string',
		required: true,
		default: '',
		choices: [],
		scope: 'node',
		secret: false,
	},
	{ name: 'delay', label: 'Delay', fieldType: 'string', required: false, default: '0', choices: [], scope: 'bmc', secret: false },
	{
		...{ name: 'failure', label: 'Failure', fieldType: 'choice', required: false, default: '', scope: 'node', secret: false },
		choices: [['', 'None'], ...failures.map((code): [string, string] => [code, code])],
	},
];

function simulated(subject: string, code: PowerErrorCode): PowerFailure {
	return fail(code, `${subject} was told to fail with "${code}".`, "Clear Failure in the machine's power settings.");
}
