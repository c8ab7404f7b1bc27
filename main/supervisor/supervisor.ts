import { isDeepStrictEqual } from 'node:util';
import type { ControllerState, Serving, StopServingOutcome } from '../ipc/contract.ts';
import { afterDeath, noDeaths } from './backoff.ts';
import { type ControllerCommand, type ControllerProcess, type Ending, spawnController } from './controllerProcess.ts';
import type { LineSource } from './logLine.ts';
import type { ControllerMessage } from './messages.ts';
import type { RuntimeChoice } from './runtime.ts';

export interface SupervisorOptions extends Omit<ControllerCommand, 'runtime'> {
	/** Asked at each start by a person, so that "Try again" sees what has been installed since. */
	readonly findRuntime: () => Promise<RuntimeChoice>;
	/** Every line that the controller prints. */
	readonly onLine: (line: string, source: LineSource) => void;
}

/** Starts the controller, watches it, starts it again when it dies, and knows how it is at any moment. */
export interface Supervisor {
	start(): Promise<void>;
	/** Resolves when the process is gone. */
	stop(): Promise<void>;
	restart(): Promise<void>;
	/** The kill switch: afterwards no interface is answered, by obedience or by ending the process. */
	stopServing(): Promise<StopServingOutcome>;
	state(): ControllerState;
	/** Where the controller answers, without a slash at the end. The same after each restart, so that open pages find it again. */
	origin(): string;
	/** Returns the function that ends the subscription. */
	subscribe(listener: (state: ControllerState) => void): () => void;
}

const answeringNobody: Serving = { interfaces: [], leases: 0, machinesBusy: 0 };
const obeyWithinMs = 2_000;

export function createSupervisor(options: SupervisorOptions): Supervisor {
	const listeners = new Set<(state: ControllerState) => void>();
	let state: ControllerState = { state: 'stopped' };
	let port = options.port;
	let controller: ControllerProcess | undefined;
	let deaths = noDeaths;
	let nextStart: NodeJS.Timeout | undefined;
	/** Counts starts and stops: a start that was overtaken while it looked for a runtime must not launch any more. */
	let order = 0;
	/** Reported, but not yet ready: the first report may come before it. */
	let reported: Serving | undefined;

	function become(next: ControllerState) {
		if (isDeepStrictEqual(state, next)) return;
		state = next;
		for (const listener of [...listeners]) listener(next);
	}

	async function start() {
		if (controller || nextStart) return;
		deaths = noDeaths;
		const mine = ++order;
		become({ state: 'starting' });
		const choice = await options.findRuntime();
		if (mine !== order) return;
		if (choice.outcome === 'none') {
			return become({
				state: 'failed',
				reason: `No Node 22.14 or newer was found for the controller (${choice.tried.join('; ')}).`,
			});
		}
		launch(choice.runtime);
	}

	function launch(runtime: ControllerCommand['runtime']) {
		nextStart = undefined;
		reported = undefined;
		become({ state: 'starting' });
		const started = spawnController({ ...options, runtime, port }, { message: hear, line: options.onLine });
		controller = started;
		started.ending.then((ending) => {
			controller = undefined;
			if (state.state === 'starting' || state.state === 'running') afterEnding(ending, runtime);
		});
	}

	function hear(message: ControllerMessage) {
		if (message.kind === 'ready' && state.state === 'starting') {
			port = message.port;
			become({ state: 'running', serving: reported ?? answeringNobody });
		}
		if (message.kind === 'serving') {
			reported = message.serving;
			if (state.state === 'running') become({ state: 'running', serving: message.serving });
		}
	}

	/** Only for an end that nobody here asked for: those who do have set another state before. */
	function afterEnding(ending: Ending, runtime: ControllerCommand['runtime']) {
		if (ending.kind === 'refused') return become({ state: 'failed', reason: ending.reason });
		const verdict = afterDeath(deaths, ending.ranForMs);
		deaths = verdict.deaths;
		if (verdict.next === 'giveUp') return become({ state: 'failed', reason: ending.reason });
		nextStart = setTimeout(() => launch(runtime), verdict.next.waitMs);
		become({ state: 'waiting', reason: ending.reason, againInMs: verdict.next.waitMs });
	}

	async function stop() {
		noFurtherStart();
		become({ state: 'stopped' });
		await controller?.end();
	}

	function noFurtherStart() {
		order++;
		clearTimeout(nextStart);
		nextStart = undefined;
	}

	async function stopServing(): Promise<StopServingOutcome> {
		if (!controller) {
			if (state.state !== 'waiting' && state.state !== 'starting') return 'notRunning';
			// The next start would serve again what it served before.
			noFurtherStart();
			become({ state: 'failed', reason: 'Serving was stopped while the controller was starting, so it was not started.' });
			return 'ended';
		}
		const told = controller;
		told.tell({ stopServing: true });
		if (await obeyed()) return 'stopped';
		become({ state: 'failed', reason: 'The controller did not stop serving within two seconds, so it was ended.' });
		told.kill();
		await told.ending;
		return 'ended';
	}

	/** A controller that has died meanwhile has obeyed, too: its sockets went with it. */
	function obeyed(): Promise<boolean> {
		const silent = () => !controller || (reported !== undefined && reported.interfaces.length === 0);
		return new Promise((resolve) => {
			const settle = (answer: boolean) => {
				clearTimeout(tooLong);
				unsubscribe();
				resolve(answer);
			};
			const tooLong = setTimeout(() => settle(silent()), obeyWithinMs);
			const unsubscribe = subscribe(() => silent() && settle(true));
			if (silent()) settle(true);
		});
	}

	function subscribe(listener: (state: ControllerState) => void) {
		listeners.add(listener);
		return () => {
			listeners.delete(listener);
		};
	}

	return {
		start,
		stop,
		stopServing,
		subscribe,
		state: () => state,
		origin: () => `http://127.0.0.1:${port}`,
		restart: async () => {
			await stop();
			await start();
		},
	};
}
