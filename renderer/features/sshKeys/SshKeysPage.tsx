import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { command } from '../../api/client.ts';
import { useQuery } from '../../api/useQuery.ts';
import type { SshKeyView } from '../../api/views.ts';
import { Button } from '../../components/Button.tsx';
import { Copy } from '../../components/Copy.tsx';
import { Dialog, DialogEnd } from '../../components/Dialog.tsx';
import { Empty } from '../../components/Empty.tsx';
import { Field } from '../../components/Field.tsx';
import { Page } from '../../components/Page.tsx';
import { Problem } from '../../components/Problem.tsx';
import './sshKeys.css';

/** The signed-in user's keys. They are put on machines when those are deployed. */
export function SshKeysPage() {
	const { data: keys, problem, again } = useQuery('sshKeys.list', {});
	const [adding, setAdding] = useState(false);
	const [doomed, setDoomed] = useState<SshKeyView | null>(null);
	const add = (
		<Button look="primary" onPress={() => setAdding(true)}>
			<Plus size={14} aria-hidden="true" /> Add a key
		</Button>
	);
	return (
		<Page title="SSH keys" actions={keys && keys.length > 0 ? add : null}>
			{problem !== null && <Problem thrown={problem} />}
			{keys?.length === 0 && (
				<Empty icon={KeyRound} title="No keys yet">
					<p>Your public keys are installed on every machine that you deploy. Without one you can’t log in to it.</p>
					{add}
				</Empty>
			)}
			{keys && keys.length > 0 && (
				<>
					<p className="lead">
						Installed on every machine that you deploy from now on. Machines that already run keep what they have.
					</p>
					<section className="panel">
						<table className="table inset fixed keys" aria-label="SSH keys">
							<thead>
								<tr>
									<th className="key-comment">Comment</th>
									<th className="key-type">Type</th>
									<th>Fingerprint</th>
									<th className="key-actions">
										<span className="unseen">Actions</span>
									</th>
								</tr>
							</thead>
							<tbody>
								{keys.map((key) => (
									<tr key={key.id}>
										<td className="name">{key.comment || <span className="faint">none</span>}</td>
										<td>
											<code>{key.type}</code>
										</td>
										<td title={key.fingerprint}>
											<code>{key.fingerprint}</code>
										</td>
										<td>
											<div className="row end">
												<Copy text={key.key} label={`Copy the key ${key.comment}`} words="Copy" />
												<Button
													look="quiet"
													size="small"
													aria-label={`Delete the key ${key.comment}`}
													onPress={() => setDoomed(key)}
												>
													Delete
												</Button>
											</div>
										</td>
									</tr>
								))}
							</tbody>
						</table>
					</section>
				</>
			)}
			{adding && <AddKey onClose={() => setAdding(false)} onAdded={again} />}
			{doomed && (
				<Dialog title={`Delete the key ${doomed.comment || doomed.fingerprint}?`} onClose={() => setDoomed(null)} alert>
					<p className="muted">Machines that already run keep it in their authorized_keys.</p>
					<code className="clip">{doomed.fingerprint}</code>
					<DialogEnd
						label="Delete"
						look="danger-fill"
						focusCancel
						run={async () => {
							await command('sshKeys.delete', { id: doomed.id });
							again();
						}}
						onClose={() => setDoomed(null)}
					/>
				</Dialog>
			)}
		</Page>
	);
}

function AddKey({ onClose, onAdded }: { onClose(): void; onAdded(): void }) {
	const [key, setKey] = useState('');
	return (
		<Dialog title="Add an SSH key" onClose={onClose} wide>
			<Field
				label="Public key"
				hint="One line, as in ~/.ssh/id_ed25519.pub. Never the private key."
				placeholder="ssh-ed25519 AAAA… you@example.org"
				value={key}
				onChange={setKey}
				rows={5}
				autoFocus
				wrong={/PRIVATE KEY/.test(key) ? 'This is a private key. Paste the .pub file, and keep this one to yourself.' : null}
			/>
			<DialogEnd
				label="Add"
				run={async () => {
					await command('sshKeys.add', { key: key.trim() });
					onAdded();
				}}
				onClose={onClose}
				why={key.trim() === '' ? 'A key is needed.' : /PRIVATE KEY/.test(key) ? 'That is a private key.' : null}
			/>
		</Dialog>
	);
}
