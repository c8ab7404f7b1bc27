import { type FormEvent, type ReactNode, useState } from 'react';
import { command } from '../../api/client.ts';
import { takeSession } from '../../api/live.ts';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';

export function SignIn({ mark }: { mark: ReactNode }) {
	const [username, setUsername] = useState('');
	const [password, setPassword] = useState('');
	const [busy, setBusy] = useState(false);
	const [thrown, setThrown] = useState<unknown>(null);
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setBusy(true);
		setThrown(null);
		try {
			takeSession(await command('session.login', { username, password }));
		} catch (problem) {
			setThrown(problem);
			setPassword('');
		} finally {
			setBusy(false);
		}
	};
	return (
		<main className="alone">
			<form className="alone-card" onSubmit={(event) => void submit(event)}>
				<div className="row">
					{mark}
					<h1>Metaldesk</h1>
				</div>
				<Field label="Username" value={username} onChange={setUsername} autoComplete="username" autoFocus />
				<Field label="Password" type="password" value={password} onChange={setPassword} autoComplete="current-password" />
				{thrown !== null && <Problem thrown={thrown} />}
				<Button type="submit" look="primary" size="large" isPending={busy}>
					Sign in
				</Button>
			</form>
		</main>
	);
}
