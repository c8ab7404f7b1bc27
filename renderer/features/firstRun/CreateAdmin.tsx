import { type FormEvent, useState } from 'react';
import { command } from '../../api/client.ts';
import { takeSession } from '../../api/live.ts';
import { Button } from '../../components/Button.tsx';
import { Field } from '../../components/Field.tsx';
import { Problem } from '../../components/Problem.tsx';
import { wrongField } from '../../components/words.ts';

const leastPassword = 8;

export function CreateAdmin() {
	const [username, setUsername] = useState('admin');
	const [password, setPassword] = useState('');
	const [again, setAgain] = useState('');
	const [tried, setTried] = useState(false);
	const [busy, setBusy] = useState(false);
	const [thrown, setThrown] = useState<unknown>(null);
	const short = password.length < leastPassword ? `At least ${leastPassword} characters.` : null;
	const different = password === again ? null : 'The two are not the same.';
	const submit = async (event: FormEvent) => {
		event.preventDefault();
		setTried(true);
		if (short || different || !username) return;
		setBusy(true);
		setThrown(null);
		try {
			takeSession(await command('setup.createAdmin', { username, password }));
		} catch (problem) {
			setThrown(problem);
		} finally {
			setBusy(false);
		}
	};
	const field = wrongField(thrown);
	const said = thrown instanceof Error ? thrown.message : null;
	return (
		<form className="stack welcome-form" onSubmit={(event) => void submit(event)}>
			<Field
				label="Username"
				value={username}
				onChange={setUsername}
				autoComplete="username"
				autoFocus
				wrong={field === 'username' ? said : tried && !username ? 'A name is needed.' : null}
			/>
			<Field
				label="Password"
				type="password"
				value={password}
				onChange={setPassword}
				autoComplete="new-password"
				hint={`At least ${leastPassword} characters.`}
				wrong={field === 'password' ? said : tried ? short : null}
			/>
			<Field
				label="Password again"
				type="password"
				value={again}
				onChange={setAgain}
				autoComplete="new-password"
				wrong={tried ? different : null}
			/>
			{thrown !== null && field === null && <Problem thrown={thrown} />}
			<div>
				<Button type="submit" look="primary" size="large" isPending={busy}>
					Create and continue
				</Button>
			</div>
		</form>
	);
}
