import { useState } from 'react';
import { Choices, type Option } from '../../../components/Choice.tsx';
import { Dialog, DialogEnd } from '../../../components/Dialog.tsx';
import { count } from '../../../components/format.ts';
import { type Offer, perform } from './perform.ts';
import { Touched } from './Touched.tsx';

type Erase = 'none' | 'quick' | 'full';
const erasures: readonly Option<Erase>[] = [
	{
		value: 'none',
		label: 'Erase nothing',
		detail: 'The data stays on the disks until the next deployment overwrites some of it.',
	},
	{
		value: 'quick',
		label: 'Quick erase',
		detail: 'Partition tables and file system headers, seconds. Whoever looks for the data can still find it.',
	},
	{
		value: 'full',
		label: 'Full erase',
		detail: 'Every block, by the disk’s own erase where it has one, then samples are read back. Can take hours.',
	},
];

/** Gives machines back. What is on them is lost sooner or later, so Cancel has the focus. */
export function ReleaseDialog({ offer, onClose }: { offer: Offer; onClose(): void }) {
	const [erase, setErase] = useState<Erase>('quick');
	return (
		<Dialog title={`Release ${count(offer.able.length, 'machine')}?`} onClose={onClose} alert>
			<p className="muted">They are powered off and become Ready for the next user.</p>
			<Touched offer={offer} />
			<Choices<Erase> label="Disks" value={erase} options={erasures} onChange={setErase} />
			<DialogEnd
				label={erase === 'none' ? 'Release' : 'Erase and release'}
				look="danger-fill"
				run={() => perform(offer.able, 'release', { erase })}
				onClose={onClose}
				focusCancel
			/>
		</Dialog>
	);
}
