import { useState } from 'react';
import { Dialog, DialogEnd } from '../../../components/Dialog.tsx';
import { Field } from '../../../components/Field.tsx';
import { count } from '../../../components/format.ts';
import { type Offer, perform } from './perform.ts';
import { Touched } from './Touched.tsx';

/** Reserves machines for the person who is signed in. The note and the day are for the others: they see who has it, what for, until when. */
export function AllocateDialog({ offer, onClose }: { offer: Offer; onClose(): void }) {
	const [note, setNote] = useState('');
	const [until, setUntil] = useState('');
	return (
		<Dialog title={`Allocate ${count(offer.able.length, 'machine')} to yourself`} onClose={onClose}>
			<Touched offer={offer} />
			<Field label="Note" hint="Optional. What you need it for." value={note} onChange={setNote} autoFocus />
			<Field
				label="Until"
				hint="Optional. Nothing is taken away on that day: you and the administrators are reminded."
				type="date"
				value={until}
				onChange={setUntil}
			/>
			<DialogEnd
				label="Allocate"
				run={() => perform(offer.able, 'allocate', { ...(note.trim() && { note: note.trim() }), ...(until && { until }) })}
				onClose={onClose}
			/>
		</Dialog>
	);
}
