import { Pencil } from 'lucide-react';
import { useState } from 'react';
import { command } from '../../../api/client.ts';
import type { MachineView } from '../../../api/views.ts';
import { HintButton } from '../../../components/Button.tsx';
import { Dialog, DialogEnd } from '../../../components/Dialog.tsx';
import { Field } from '../../../components/Field.tsx';

export function Rename({ machine }: { machine: MachineView }) {
	const [hostname, setHostname] = useState<string | null>(null);
	return (
		<>
			<HintButton look="quiet" size="small" icon aria-label="Rename" hint="Rename" onPress={() => setHostname(machine.hostname)}>
				<Pencil size={13} />
			</HintButton>
			{hostname !== null && (
				<Dialog title={`Rename ${machine.hostname}`} onClose={() => setHostname(null)}>
					<Field
						label="Name"
						hint="Letters, digits and hyphens. A deployed system keeps the name it was installed with."
						value={hostname}
						onChange={setHostname}
						autoFocus
					/>
					<DialogEnd
						label="Rename"
						run={() => command('machine.rename', { systemId: machine.systemId, hostname })}
						onClose={() => setHostname(null)}
						why={hostname === '' ? 'A name is needed.' : null}
					/>
				</Dialog>
			)}
		</>
	);
}
