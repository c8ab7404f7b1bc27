import { Disc3, Upload } from 'lucide-react';
import { useState } from 'react';
import { DropZone, FileTrigger } from 'react-aria-components';
import { command } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import type { ImageView } from '../../api/views.ts';
import { Ago } from '../../components/Ago.tsx';
import { Button, HintButton } from '../../components/Button.tsx';
import { Copy } from '../../components/Copy.tsx';
import { Dialog, DialogEnd } from '../../components/Dialog.tsx';
import { Empty } from '../../components/Empty.tsx';
import { bytes, count, diskSize } from '../../components/format.ts';
import { Page } from '../../components/Page.tsx';
import { Scroller } from '../../components/Scroller.tsx';
import { UploadRow } from './UploadRow.tsx';
import { startUpload, useUploads } from './uploads.ts';
import './images.css';

const formats = 'Raw disk images, also as .gz, .xz or .zst, and .qcow2';

export function ImagesPage() {
	const images = useLive((state) => state.images);
	const uploads = useUploads((state) => state.uploads);
	const start = (files: Iterable<File>) => {
		for (const file of files) startUpload(file);
	};
	const choose = (
		<FileTrigger allowsMultiple onSelect={(files) => files && start(files)}>
			<Button look="primary">
				<Upload size={14} aria-hidden="true" /> Upload an image
			</Button>
		</FileTrigger>
	);
	return (
		<Page title="Images" wide actions={images && images.length > 0 ? choose : null}>
			<DropZone
				className="drop-zone page-body"
				aria-label="Drop disk images here"
				getDropOperation={() => 'copy'}
				onDrop={(event) => {
					for (const item of event.items) if (item.kind === 'file') void item.getFile().then(startUpload);
				}}
			>
				{({ isDropTarget }) => (
					<>
						{isDropTarget && <div className="drop-veil">Drop to upload</div>}
						<ul className="stack" aria-label="Uploads">
							{uploads.map((upload) => (
								<UploadRow key={upload.id} upload={upload} />
							))}
						</ul>
						{images?.length === 0 && uploads.length === 0 && (
							<Empty icon={Disc3} title="No images yet">
								<p>
									An image is what gets deployed: a disk with an operating system and cloud-init. {formats}. Drop one anywhere on
									this page.
								</p>
								{choose}
							</Empty>
						)}
						{images && images.length > 0 && <ImageTable images={images} />}
					</>
				)}
			</DropZone>
		</Page>
	);
}

function ImageTable({ images }: { images: readonly ImageView[] }) {
	const [doomed, setDoomed] = useState<ImageView | null>(null);
	return (
		<>
			<Scroller className="panel" label="Images">
				<table className="table inset" aria-label="Disk images">
					<thead>
						<tr>
							<th>Name</th>
							<th>Format</th>
							<th className="right">To fetch</th>
							<th className="right">Disk</th>
							<th>SHA-256</th>
							<th>Uploaded</th>
							<th>Used by</th>
							<th>
								<span className="unseen">Actions</span>
							</th>
						</tr>
					</thead>
					<tbody>
						{images.map((image) => (
							<tr key={image.id}>
								<td className="name">{image.name}</td>
								<td>
									<code>{image.format}</code>
								</td>
								<td className="right">{bytes(image.size)}</td>
								<td className="right">{diskSize(image.diskSize)}</td>
								<td>
									<span className="row">
										<code title={image.sha256}>{image.sha256.slice(0, 12)}…</code>
										<Copy text={image.sha256} label={`Copy the hash of ${image.name}`} />
									</span>
								</td>
								<td className="muted">
									<Ago at={image.uploadedAt} />
								</td>
								<td>{image.usedBy === 0 ? <span className="faint">nobody</span> : count(image.usedBy, 'machine')}</td>
								<td className="right">
									<HintButton
										look="quiet"
										size="small"
										aria-label={`Delete ${image.name}`}
										why={image.usedBy > 0 ? `${count(image.usedBy, 'machine')} ${image.usedBy === 1 ? 'runs' : 'run'} it.` : null}
										onPress={() => setDoomed(image)}
									>
										Delete
									</HintButton>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			</Scroller>
			<p className="faint image-note">{formats}. Drop a file anywhere on this page to upload it.</p>
			{doomed && (
				<Dialog title={`Delete ${doomed.name}?`} onClose={() => setDoomed(null)} alert>
					<p className="muted">The file of {bytes(doomed.size)} goes from this computer. Machines that run it are not touched.</p>
					<DialogEnd
						label="Delete"
						look="danger-fill"
						focusCancel
						run={() => command('images.delete', { id: doomed.id })}
						onClose={() => setDoomed(null)}
					/>
				</Dialog>
			)}
		</>
	);
}
