import { useEffect } from 'react';
import { useController } from '../api/desktop.ts';
import { refreshSession, useLive } from '../api/live.ts';
import { Button } from '../components/Button.tsx';
import { Problem } from '../components/Problem.tsx';
import { Toasts } from '../components/Toasts.tsx';
import { SignIn } from '../features/signIn/SignIn.tsx';
import { Broken } from './Broken.tsx';
import { Mark } from './Mark.tsx';
import { RestartController } from './RestartController.tsx';
import { useRoute } from './route.ts';
import { Shell } from './Shell.tsx';
import { Welcome } from './Welcome.tsx';

/** Decides which of four things is on the window: nothing yet, the first run, the sign-in form, or the app. */
export function App() {
	const session = useLive((state) => state.session);
	const problem = useLive((state) => state.sessionProblem);
	const route = useRoute();
	const firstRun = session?.firstRun ?? false;
	useEffect(() => {
		if (firstRun) location.hash = '#/welcome';
	}, [firstRun]);
	return (
		<Broken>
			{!session ? (
				<Starting problem={problem} />
			) : firstRun || (session.user && route.page === 'welcome') ? (
				<Welcome />
			) : session.user ? (
				<Shell route={route} user={session.user} />
			) : (
				<SignIn mark={<Mark size={30} />} />
			)}
			<Toasts />
		</Broken>
	);
}

function Starting({ problem }: { problem: unknown }) {
	const controller = useController((state) => state.controller);
	if (!problem) return <main className="alone" aria-busy="true" aria-label="Starting" />;
	return (
		<main className="alone">
			<div className="alone-card">
				<Mark size={30} />
				<h1>No connection</h1>
				<Problem thrown={problem} />
				{controller?.state === 'failed' ? (
					<RestartController reason={controller.reason} />
				) : (
					<Button onPress={() => void refreshSession()}>Try now</Button>
				)}
			</div>
		</main>
	);
}
