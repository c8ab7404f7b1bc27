/** One line a machine on a terminal, redrawn in place; elsewhere one line for each thing that happens. Always on standard error. */
import type { MachineView } from '../../../controller/api/views.ts';
import type { RackMachine } from '../rack/rack.ts';

export interface Progress {
	/** the controller's newest list */
	show(views: readonly MachineView[]): void;
	/** what the lab does with a machine */
	note(machine: RackMachine, text: string): void;
}

export function createProgress(machines: readonly RackMachine[], terminal: NodeJS.WriteStream): Progress {
	const started = Date.now();
	const notes = new Map<string, string>();
	let drawn = 0;

	function draw(views: readonly MachineView[]): void {
		const width = Math.max(40, terminal.columns - 1);
		const lines = machines.map(({ identity, firmware }) => {
			const view = views.find(({ macs }) => macs.includes(identity.mac));
			const now = view ? `${view.statusName.padEnd(14)} ${view.activity?.text ?? ''}` : (notes.get(identity.name) ?? 'off');
			return `${identity.name.padEnd(4)} ${(view?.hostname ?? '').padEnd(16)} ${firmware.padEnd(10)} ${now}`.slice(0, width);
		});
		terminal.write(`${drawn > 0 ? `\u001b[${drawn}A` : ''}${lines.map((line) => `\u001b[2K${line}\n`).join('')}`);
		drawn = lines.length;
	}

	return {
		show(views) {
			if (terminal.isTTY) draw(views);
		},
		note({ identity }, text) {
			notes.set(identity.name, text);
			if (!terminal.isTTY)
				terminal.write(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${identity.name}  ${text}\n`);
		},
	};
}
