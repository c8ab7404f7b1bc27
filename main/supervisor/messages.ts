import type { Serving } from '../ipc/contract.ts';

/** What the controller tells its parent over the IPC channel. */
export type ControllerMessage =
	| { readonly kind: 'ready'; readonly port: number }
	| { readonly kind: 'serving'; readonly serving: Serving }
	/** Its last words, a sentence for people, before it ends on its own. */
	| { readonly kind: 'exit'; readonly sentence: string };

/** What the parent tells the controller. */
export interface ParentMessage {
	readonly stopServing: true;
}

/** Reads one message; `undefined` when it is none of ours, which an older or newer controller may send. */
export function readMessage(message: unknown): ControllerMessage | undefined {
	if (!isRecord(message)) return undefined;
	if (message.ready === true && isPort(message.port)) return { kind: 'ready', port: message.port };
	if (typeof message.exit === 'string') return { kind: 'exit', sentence: message.exit };
	const serving = readServing(message.serving);
	return serving && { kind: 'serving', serving };
}

function readServing(value: unknown): Serving | undefined {
	if (!isRecord(value)) return undefined;
	const { interfaces, leases, machinesBusy } = value;
	if (!Array.isArray(interfaces) || !interfaces.every((name) => typeof name === 'string')) return undefined;
	if (!isCount(leases) || !isCount(machinesBusy)) return undefined;
	return { interfaces, leases, machinesBusy };
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isPort(value: unknown): value is number {
	return isCount(value) && value >= 1 && value <= 65535;
}
