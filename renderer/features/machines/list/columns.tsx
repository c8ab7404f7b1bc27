import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MachineView } from '../../../api/views.ts';
import { Ago } from '../../../components/Ago.tsx';
import { bytes, diskSize } from '../../../components/format.ts';
import { Glyph } from '../../../components/Glyph.tsx';
import { PowerState } from '../PowerState.tsx';
import type { SortKey } from './sort.ts';

interface Column {
	key: SortKey;
	title: string;
	/** `reachable`: the row is the grid's tab stop, so what can be pressed in it is one too */
	cell(machine: MachineView, reachable: boolean): ReactNode;
}

const unknown = <span className="faint">–</span>;

export const columns: readonly Column[] = [
	{
		key: 'name',
		title: 'Name',
		cell: (machine, reachable) => (
			<span className="row">
				<a className="name clip" href={`#/machines/${machine.systemId}`} tabIndex={reachable ? 0 : -1}>
					{machine.hostname}
				</a>
				{machine.locked && <Lock size={12} className="faint" aria-label="Locked" />}
				<span className="faint clip model">{machine.product ?? machine.macs[0]}</span>
			</span>
		),
	},
	{
		key: 'status',
		title: 'Status',
		cell: (machine) => (
			<span className="row" title={machine.statusText ?? undefined}>
				<Glyph tone={machine.tone} />
				<span className="clip">{machine.statusName}</span>
			</span>
		),
	},
	{ key: 'power', title: 'Power', cell: (machine) => <PowerState power={machine.power} short /> },
	{ key: 'zone', title: 'Zone', cell: (machine) => <span className="muted">{machine.zone}</span> },
	{ key: 'owner', title: 'Owner', cell: (machine) => machine.owner ?? unknown },
	{ key: 'cores', title: 'Cores', cell: (machine) => machine.cores ?? unknown },
	{
		key: 'memory',
		title: 'RAM',
		cell: (machine) => (machine.memory === null ? unknown : bytes(machine.memory)),
	},
	{
		key: 'storage',
		title: 'Disks',
		cell: (machine) => (machine.disks === 0 ? unknown : `${machine.disks} · ${diskSize(machine.storage)}`),
	},
	{ key: 'activity', title: 'Activity', cell: (machine) => <Activity machine={machine} /> },
];

/** What it is doing now, else why it is as it is. */
function Activity({ machine }: { machine: MachineView }) {
	if (machine.activity) {
		return (
			<span className="row">
				<span className={`clip ${machine.tone === 'working' ? 'tone-working' : 'muted'}`}>{machine.activity.text}</span>
				<span className="faint">
					<Ago at={machine.activity.at} />
				</span>
			</span>
		);
	}
	const why = machine.power.problem?.text ?? machine.statusText ?? machine.image?.name;
	return why ? <span className="muted">{why}</span> : unknown;
}
