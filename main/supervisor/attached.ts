import type { ControllerState, StopServingOutcome } from '../ipc/contract.ts';
import type { Supervisor } from './supervisor.ts';

/** A controller that somebody else has started, and the token by which its starter lets this window in. */
export interface Attachment {
	/** without a slash at the end */
	readonly origin: string;
	readonly launchToken: string;
}

const lookEveryMs = 2_000;

/** Stands in for the supervisor where the controller is somebody else's (the lab's): it is watched, and neither started nor ended. */
export function attachTo({ origin, launchToken }: Attachment): Supervisor {
	const listeners = new Set<(state: ControllerState) => void>();
	let state: ControllerState = { state: 'starting' };
	let timer: NodeJS.Timeout | undefined;

	const become = (next: ControllerState) => {
		if (next.state === state.state) return;
		state = next;
		for (const listener of [...listeners]) listener(next);
	};
	const look = async () => {
		const answers = await fetch(`${origin}/healthz`, { signal: AbortSignal.timeout(lookEveryMs) }).then(
			(response) => response.ok,
			() => false,
		);
		if (answers) become({ state: 'running', serving: { interfaces: [], leases: 0, machinesBusy: 0 } });
		else if (state.state === 'running') become({ state: 'failed', reason: `The controller at ${origin} has ended.` });
	};

	return {
		async start() {
			await look();
			timer ??= setInterval(() => void look(), lookEveryMs);
		},
		async stop() {
			clearInterval(timer);
		},
		restart: look,
		stopServing: () => stopServing(origin, launchToken),
		state: () => state,
		origin: () => origin,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}

/** By the same door as the window: the token is worth a session. */
async function stopServing(origin: string, launchToken: string): Promise<StopServingOutcome> {
	try {
		const entered = await fetch(`${origin}/MAAS/enter?t=${launchToken}`, { redirect: 'manual' });
		const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
		const headers = { cookie, 'x-metaldesk': '1', 'content-type': 'application/json' };
		const answer = await fetch(`${origin}/MAAS/app/services.stopServing`, { method: 'POST', headers, body: '{}' });
		return answer.ok ? 'stopped' : 'notRunning';
	} catch {
		return 'notRunning';
	}
}
