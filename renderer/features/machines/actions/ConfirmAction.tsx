import { useState } from 'react';
import type { MachineAction } from '../../../api/views.ts';
import { Checkbox } from '../../../components/Choice.tsx';
import { Dialog, DialogEnd } from '../../../components/Dialog.tsx';
import { Field } from '../../../components/Field.tsx';
import { count } from '../../../components/format.ts';
import { type Offer, perform } from './perform.ts';
import { Touched } from './Touched.tsx';

const consequences: Partial<Record<MachineAction, string>> = {
	abort: 'What is running on them is stopped and they are powered off. Nothing that was already written to a disk is undone.',
	power_off: 'Whatever runs on them stops.',
	delete:
		'Their records go: hardware, results, history. The machines themselves are not touched, and enlist again when they boot from the network.',
	rescue_mode: 'What runs on them stops; they boot our small system, and wait there to be looked at.',
	exit_rescue_mode: 'They leave our small system and go back to where they were before.',
	mark_broken: 'They are taken out of use until somebody marks them fixed.',
};

/** Asks before anything that can't be undone, and names what it will touch. Cancel has the focus. */
export function ConfirmAction({ offer, onClose }: { offer: Offer; onClose(): void }) {
	const [soft, setSoft] = useState(true);
	const [comment, setComment] = useState('');
	const extra = {
		...(offer.action === 'power_off' && { soft }),
		...(comment && { comment }),
	};
	return (
		<Dialog title={`${offer.verb}: ${count(offer.able.length, 'machine')}?`} onClose={onClose} alert>
			{consequences[offer.action] && <p className="muted">{consequences[offer.action]}</p>}
			<Touched offer={offer} />
			{offer.action === 'power_off' && (
				<Checkbox on={soft} onChange={setSoft}>
					Ask the operating system first
				</Checkbox>
			)}
			{offer.action === 'mark_broken' && <Field label="What is wrong with it?" value={comment} onChange={setComment} />}
			<DialogEnd
				label={offer.verb}
				look="danger-fill"
				run={() => perform(offer.able, offer.action, extra)}
				onClose={onClose}
				focusCancel
			/>
		</Dialog>
	);
}
