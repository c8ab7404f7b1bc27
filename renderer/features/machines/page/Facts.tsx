import type { ReactNode } from 'react';
import type { MachineDetail, MachineView } from '../../../api/views.ts';
import { Ago, Day, Until } from '../../../components/Ago.tsx';
import { bytes, count, diskSize } from '../../../components/format.ts';
import { Glyph } from '../../../components/Glyph.tsx';
import { PowerState } from '../PowerState.tsx';

/** The machine's state in one line: status and since when, power and how old that is, whose it is. */
export function StatusLine({ machine }: { machine: MachineView }) {
	return (
		<div className="row wrap status-line">
			<span className="row">
				<Glyph tone={machine.tone} />
				<strong>{machine.statusName}</strong>
				<span className="faint">
					since <Ago at={machine.statusAt} />
				</span>
			</span>
			{machine.deadlineAt && (
				<span className="muted">
					gives up <Until at={machine.deadlineAt} />
				</span>
			)}
			<span className="row">
				<span className="muted">Power</span>
				<PowerState power={machine.power} />
			</span>
			{machine.owner && (
				<span>
					<span className="muted">Owner</span> {machine.owner}
					{machine.reservation?.note && <span className="muted"> for {machine.reservation.note}</span>}
					{machine.reservation?.until && (
						<span className="muted">
							{' '}
							until <Day at={machine.reservation.until} />
						</span>
					)}
				</span>
			)}
			{machine.image && (
				<span>
					<span className="muted">Image</span> {machine.image.name}
				</span>
			)}
			{machine.locked && <span className="pill attention">Locked</span>}
			{machine.activity && machine.tone === 'working' && <span className="tone-working">{machine.activity.text}</span>}
			{machine.statusText && machine.tone !== 'bad' && <span className="muted">{machine.statusText}</span>}
		</div>
	);
}

/** What it is, at a glance. `detail` comes a moment later. */
export function Facts({ machine, detail }: { machine: MachineView; detail: MachineDetail | null }) {
	const firmware = machine.firmware?.toUpperCase();
	const secure = detail?.secureBoot === null || detail === null ? null : `Secure Boot ${detail.secureBoot ? 'on' : 'off'}`;
	return (
		<dl className="facts">
			<Fact name="System" value={machine.product ?? machine.vendor} more={systemMore(machine)} />
			<Fact name="Processor" value={machine.cores === null ? null : count(machine.cores, 'core')} more={machine.cpuModel} />
			<Fact
				name="Memory"
				value={machine.memory === null ? null : bytes(machine.memory)}
				more={detail && detail.numaNodes.length > 0 && count(detail.numaNodes.length, 'NUMA node')}
			/>
			<Fact
				name="Storage"
				value={machine.disks === 0 ? null : diskSize(machine.storage)}
				more={machine.disks > 0 && count(machine.disks, 'disk')}
			/>
			<Fact name="Firmware" value={firmware ?? null} more={secure} />
			<Fact
				name="Address"
				value={machine.addresses[0] ? <code>{machine.addresses[0]}</code> : null}
				more={<code>{machine.macs[0]}</code>}
			/>
			<Fact name="Inventory" value={detail?.inventoryAt ? <Ago at={detail.inventoryAt} /> : null} more={machine.architecture} />
			<Fact name="Zone" value={machine.zone} more={`pool ${machine.pool}`} />
		</dl>
	);
}

function systemMore({ vendor, product, serial }: MachineView): ReactNode {
	if (!serial) return product && vendor;
	return (
		<>
			{product && vendor} <code>{serial}</code>
		</>
	);
}

function Fact({ name, value, more }: { name: string; value: ReactNode; more: ReactNode }) {
	return (
		<div className="fact">
			<dt>{name}</dt>
			<dd className="clip">{value ?? <span className="faint">not known yet</span>}</dd>
			{more && (
				<dd className="faint clip" title={typeof more === 'string' ? more : undefined}>
					{more}
				</dd>
			)}
		</div>
	);
}
