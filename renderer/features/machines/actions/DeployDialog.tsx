import { useState } from 'react';
import { useLive } from '../../../api/live.ts';
import { useQuery } from '../../../api/useQuery.ts';
import type { ImageView, MachineView } from '../../../api/views.ts';
import { Choices, Select } from '../../../components/Choice.tsx';
import { Dialog, DialogEnd } from '../../../components/Dialog.tsx';
import { Field } from '../../../components/Field.tsx';
import { bytes, count, diskSize } from '../../../components/format.ts';
import { Problem } from '../../../components/Problem.tsx';
import { type Offer, perform } from './perform.ts';
import { Touched } from './Touched.tsx';

/** More images than this are a list that opens. */
const inSight = 4;

/** What to install, who may log in afterwards, and what cloud-init is told. */
export function DeployDialog({ offer, onClose }: { offer: Offer; onClose(): void }) {
	const images = useLive((state) => state.images);
	const keys = useQuery('sshKeys.list', {});
	const [chosen, setChosen] = useState<string | null>(null);
	const [userData, setUserData] = useState('');
	const image = images?.find((each) => String(each.id) === chosen) ?? images?.[0];
	const options = (images ?? []).map((each) => ({ value: String(each.id), label: each.name, detail: imageDetail(each) }));
	const Chooser = options.length > inSight ? Select : Choices;
	const small = image ? tooSmall(offer.able, image) : [];
	return (
		<Dialog title={`Deploy ${count(offer.able.length, 'machine')}`} onClose={onClose} wide>
			<Touched offer={offer} />
			{image ? (
				<Chooser label="Image" value={String(image.id)} options={options} onChange={setChosen} />
			) : (
				<Problem tone="attention" text="There is no image to deploy." nextStep="Upload a disk image on the Images page first." />
			)}
			{small.length > 0 && (
				<Problem
					tone="attention"
					text={`The image needs a disk of ${diskSize(image?.diskSize ?? 0)}; ${small.join(', ')} may have none that big.`}
				/>
			)}
			<section className="stack tight" aria-labelledby="deploy-keys">
				<h3 id="deploy-keys">SSH keys that will be installed</h3>
				{keys.problem !== null && <Problem thrown={keys.problem} />}
				{keys.data?.length === 0 && (
					<Problem
						tone="attention"
						text="You have no SSH key: nobody will be able to log in."
						nextStep="Add one on the SSH keys page, or set a password with cloud-init user-data below."
					/>
				)}
				<ul className="key-list">
					{keys.data?.map((key) => (
						<li key={key.id} className="row">
							<span className="clip">{key.comment || 'no comment'}</span>
							<code className="faint clip">
								{key.type} {key.fingerprint}
							</code>
						</li>
					))}
				</ul>
			</section>
			<Field
				label="Cloud-init user-data"
				hint="Optional. Handed to the machine as it is, on its first boot."
				value={userData}
				onChange={setUserData}
				rows={5}
				placeholder="#cloud-config"
			/>
			<DialogEnd
				label="Deploy"
				run={() => perform(offer.able, 'deploy', { ...(image && { imageId: image.id }), ...(userData && { userData }) })}
				onClose={onClose}
				why={image ? null : 'An image is needed.'}
			/>
		</Dialog>
	);
}

const imageDetail = (image: ImageView): string =>
	`${image.format} · ${bytes(image.size)} to fetch · needs a disk of ${diskSize(image.diskSize)}`;

/** Storage is known as a sum only, so this can warn of the certain cases; the controller checks the disk itself. */
const tooSmall = (machines: readonly MachineView[], image: ImageView): string[] =>
	machines.filter((machine) => machine.storage < image.diskSize).map((machine) => machine.hostname);
