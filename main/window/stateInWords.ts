import type { ControllerState, Serving } from '../ipc/contract.ts';

/** The state in a few words, the same in the window's title and in the tray. */
export function stateInWords(state: ControllerState): string {
	switch (state.state) {
		case 'starting':
			return 'Starting';
		case 'running':
			return servingInWords(state.serving);
		case 'waiting':
			return 'Starting the controller again';
		case 'failed':
			return 'The controller is not running';
		case 'stopped':
			return 'Stopped';
	}
}

/** Whether a quit now would leave machines without an answer, or in the middle of something. */
export function isServing(state: ControllerState): boolean {
	return state.state === 'running' && (state.serving.interfaces.length > 0 || state.serving.machinesBusy > 0);
}

/** What a quit now would do to machines, for the question on closing. */
export function quitInWords(serving: Serving): string {
	const sentences = [];
	if (serving.machinesBusy > 0) sentences.push(`${machines(serving.machinesBusy)} being worked on would be left half-way.`);
	if (serving.interfaces.length > 0) sentences.push('Machines that start from the network would get no answer.');
	return sentences.join(' ');
}

function servingInWords({ interfaces, leases, machinesBusy }: Serving): string {
	if (interfaces.length > 0) return `Serving on ${interfaces.join(', ')} · ${leases} ${leases === 1 ? 'lease' : 'leases'}`;
	return machinesBusy > 0 ? `Answering nobody · ${machines(machinesBusy)} being worked on` : 'Answering nobody';
}

function machines(count: number): string {
	return count === 1 ? '1 machine' : `${count} machines`;
}
