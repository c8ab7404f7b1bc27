import { type ReactNode, useState } from 'react';
import type { MachineDetail } from '../../../api/views.ts';
import { Ago } from '../../../components/Ago.tsx';
import { Button } from '../../../components/Button.tsx';
import { bytes, diskSize, linkSpeed } from '../../../components/format.ts';
import { PowerState } from '../PowerState.tsx';
import { PowerDialog } from './PowerDialog.tsx';
import { ranges } from './ranges.ts';
import { Section, Table } from './Section.tsx';

/** Everything that the machine reported about itself. */
export function Hardware({ machine }: { machine: MachineDetail }) {
	return (
		<div className="column">
			<PowerSection machine={machine} />
			<Section title="Network interfaces">
				<Table
					label="Network interfaces"
					head={['Name', 'MAC', 'Link', 'Adapter', 'Driver', 'Firmware', 'PCI', 'NUMA', 'Addresses']}
					rows={machine.interfaces.map((each) => ({
						key: each.name,
						cells: [
							<span key="name" className="row">
								<strong>{each.name}</strong>
								{each.boot && <span className="pill">boot</span>}
							</span>,
							<code key="mac">{each.mac}</code>,
							link(each.linkConnected, each.linkSpeed),
							[each.vendor, each.product].filter(Boolean).join(' '),
							each.driver,
							each.firmwareVersion,
							each.pciAddress && <code>{each.pciAddress}</code>,
							each.numaNode,
							each.addresses.length > 0 && <code>{each.addresses.join(', ')}</code>,
						],
					}))}
				/>
			</Section>
			<Section title="Disks">
				<Table
					label="Disks"
					head={['Name', 'Model', 'Serial', 'Size', 'Kind', 'Block', 'Firmware', 'Tags']}
					rows={machine.blockDevices.map((each) => ({
						key: each.name,
						cells: [
							<strong key="name">{each.name}</strong>,
							each.model,
							each.serial && <code>{each.serial}</code>,
							diskSize(each.size),
							each.rotational ? 'spinning' : 'solid state',
							`${each.blockSize} B`,
							each.firmwareVersion,
							each.tags.join(', '),
						],
					}))}
				/>
			</Section>
			<Section title="Firmware of its parts">
				<Table
					label="Firmware of its parts"
					head={['Part', 'Name', 'Model', 'Serial', 'Version', 'Proven']}
					rows={machine.components.map((each) => ({
						key: `${each.kind} ${each.name} ${each.serial}`,
						cells: [
							each.kind,
							<strong key="name">{each.name}</strong>,
							[each.vendor, each.model].filter(Boolean).join(' '),
							each.serial && <code>{each.serial}</code>,
							each.version && <code>{each.version}</code>,
							<Ago key="at" at={each.provenAt} />,
						],
					}))}
				/>
			</Section>
			<Section title="NUMA nodes">
				<Table
					label="NUMA nodes"
					head={['Node', 'Cores', 'Memory']}
					rows={machine.numaNodes.map((each) => ({
						key: `${each.index}`,
						cells: [each.index, ranges(each.cores), bytes(each.memory)],
					}))}
				/>
			</Section>
			<p className="faint">
				System UUID <code>{machine.uuid ?? 'not known'}</code> · Architecture {machine.architecture ?? 'not known'}
			</p>
		</div>
	);
}

function PowerSection({ machine }: { machine: MachineDetail }) {
	const [open, setOpen] = useState(false);
	return (
		<Section title="Power" actions={<Button onPress={() => setOpen(true)}>Change…</Button>}>
			<div className="row wrap power-facts">
				<PowerState power={machine.power} />
				<span>
					<span className="muted">Driver</span> {machine.power.driver}
				</span>
				{machine.power.address && (
					<span>
						<span className="muted">BMC</span> <code>{machine.power.address}</code>
					</span>
				)}
			</div>
			{open && <PowerDialog machine={machine} onClose={() => setOpen(false)} />}
		</Section>
	);
}

function link(connected: boolean | null, speed: number | null): ReactNode {
	if (connected === null) return null;
	if (!connected) return 'no link';
	return speed === null ? 'up' : linkSpeed(speed);
}
