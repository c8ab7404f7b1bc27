import { useState } from 'react';
import { command } from '../../api/client.ts';
import { Button } from '../../components/Button.tsx';
import { Copy } from '../../components/Copy.tsx';
import { Field } from '../../components/Field.tsx';
import { attempt } from '../../components/Toasts.tsx';

/** Makes a key for clients of MAAS's API. It is shown here once and stored only as what is needed to check it. */
export function ApiKey() {
	const [name, setName] = useState('');
	const [key, setKey] = useState<string | null>(null);
	const create = () =>
		attempt(async () => {
			const made = await command('apiKeys.create', name ? { name } : {});
			setKey(made.key);
			setName('');
		});
	return (
		<section>
			<div className="section-title">
				<h2>API keys</h2>
				<span className="muted">For Juju, Terraform, the maas command and other clients of MAAS’s API.</span>
			</div>
			<div className="panel stack api-key">
				<div className="row api-key-form">
					<Field label="What the key is for" value={name} onChange={setName} placeholder="Juju on the build server" />
					<Button size="large" onPress={() => void create()}>
						Create a key
					</Button>
				</div>
				{key && (
					<div className="problem good" role="status">
						<strong className="api-key-note">Copy it now: it is shown only this once.</strong>
						<code className="api-key-value">{key}</code>
						<Copy text={key} label="Copy the API key" words="Copy" />
					</div>
				)}
			</div>
		</section>
	);
}
