import type { BootAssetsView, EventView, ImageView, InterfaceView, LiveMessage, MachineView, ServiceView } from './views.ts';

/** Everything that the controller keeps us told about. Filled by the socket's messages and by nothing else. */
export interface LiveState {
	version: string;
	/** null until the first list has come */
	machines: readonly MachineView[] | null;
	interfaces: readonly InterfaceView[] | null;
	services: readonly ServiceView[] | null;
	bootAssets: BootAssetsView | null;
	images: readonly ImageView[] | null;
	/** newest first, of all machines; a page that needs the past asks for it */
	events: readonly EventView[];
	/** by system id: counts up when the machine's results, boots or inventory must be fetched again */
	revisions: Readonly<Record<string, number>>;
	/** by result id: what a running script has printed since this page was opened */
	outputs: Readonly<Record<number, OutputTail>>;
}

/** `text` is what was printed from `offset` on. `torn` after a gap: the whole output must be fetched. */
export interface OutputTail {
	offset: number;
	text: string;
	torn: boolean;
}

export const nothingYet: LiveState = {
	version: '',
	machines: null,
	interfaces: null,
	services: null,
	bootAssets: null,
	images: null,
	events: [],
	revisions: {},
	outputs: {},
};

const eventsKept = 300;
/** One screenful of scripts; a script that prints more than this is read from the server. */
const outputKept = 1 << 20;

/** The state after a message. Messages of a type that this page doesn't know leave it as it is: the controller may be newer. */
export function applyLive(state: LiveState, message: LiveMessage): LiveState {
	switch (message.type) {
		case 'hello':
			// A new connection may have missed anything, so every open page fetches again and no tail can be continued.
			return { ...state, version: message.version, revisions: allRaised(state.revisions), outputs: {} };
		case 'machines':
			return { ...state, machines: message.machines };
		case 'machine':
			return { ...state, machines: withMachine(state.machines ?? [], message.machine) };
		case 'machine-gone':
			return { ...state, machines: (state.machines ?? []).filter((m) => m.systemId !== message.systemId) };
		case 'machine-detail':
			return {
				...state,
				revisions: { ...state.revisions, [message.systemId]: (state.revisions[message.systemId] ?? 0) + 1 },
			};
		case 'event':
			return { ...state, events: [message.event, ...state.events].slice(0, eventsKept) };
		case 'output':
			return { ...state, outputs: { ...state.outputs, [message.resultId]: appended(state.outputs[message.resultId], message) } };
		case 'services':
			return { ...state, services: message.services };
		case 'interfaces':
			return { ...state, interfaces: message.interfaces };
		case 'boot-assets':
			return { ...state, bootAssets: message.bootAssets };
		case 'images':
			return { ...state, images: message.images };
		default:
			return state;
	}
}

function withMachine(machines: readonly MachineView[], machine: MachineView): MachineView[] {
	const at = machines.findIndex((m) => m.systemId === machine.systemId);
	return at < 0 ? [...machines, machine] : machines.with(at, machine);
}

function allRaised(revisions: LiveState['revisions']): Record<string, number> {
	return Object.fromEntries(Object.entries(revisions).map(([id, revision]) => [id, revision + 1]));
}

function appended(tail: OutputTail | undefined, piece: { offset: number; text: string }): OutputTail {
	if (!tail) return { offset: piece.offset, text: piece.text, torn: false };
	const end = tail.offset + byteLength(tail.text);
	if (piece.offset !== end || tail.text.length + piece.text.length > outputKept) {
		return { offset: piece.offset, text: piece.text, torn: true };
	}
	return { ...tail, text: tail.text + piece.text };
}

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).length;
