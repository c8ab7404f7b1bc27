import { desktop } from '../api/desktop.ts';
import { Button } from '../components/Button.tsx';
import { Problem } from '../components/Problem.tsx';
import { attempt } from '../components/Toasts.tsx';

/** For a controller that the window's supervisor has given up: its last words, and another try. */
export function RestartController({ reason }: { reason: string }) {
	return (
		<Problem text={reason} nextStep="Nothing is served while it is down.">
			<Button onPress={() => void attempt(async () => desktop?.restartController())}>Start the controller again</Button>
		</Problem>
	);
}
