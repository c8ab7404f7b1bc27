import { useNow } from '../../components/Ago.tsx';
import { Button } from '../../components/Button.tsx';
import { bytes, duration } from '../../components/format.ts';
import { Problem } from '../../components/Problem.tsx';
import { Progress } from '../../components/Progress.tsx';
import { dismiss, type Uploading } from './uploads.ts';

export function UploadRow({ upload }: { upload: Uploading }) {
	const now = useNow();
	if (upload.thrown !== null) {
		return (
			<li className="upload">
				<Problem thrown={upload.thrown}>
					<p>
						{upload.filename}{' '}
						<Button size="small" onPress={() => dismiss(upload.id)}>
							Dismiss
						</Button>
					</p>
				</Problem>
			</li>
		);
	}
	const sentAll = upload.sent >= upload.size;
	return (
		<li className="panel upload">
			<Progress
				label={sentAll ? `Checking ${upload.name}` : `Uploading ${upload.name}`}
				done={upload.sent}
				total={upload.size}
				right={`${bytes(upload.sent)} of ${bytes(upload.size)}${remaining(upload, now)}`}
			/>
			<Button size="small" onPress={upload.cancel}>
				Cancel
			</Button>
		</li>
	);
}

/** ` · 12 s left`, once there is a rate to go by. */
function remaining(upload: Uploading, now: number): string {
	const elapsed = now - upload.startedAt;
	if (elapsed < 2000 || upload.sent === 0 || upload.sent >= upload.size) return '';
	return ` · ${duration((elapsed / upload.sent) * (upload.size - upload.sent))} left`;
}
