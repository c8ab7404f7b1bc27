import type { BootAssetsView, InterfaceView, SessionView } from '../../api/views.ts';

export const steps = ['admin', 'network', 'assets', 'done'] as const;
export type Step = (typeof steps)[number];

interface Facts {
	session: Pick<SessionView, 'firstRun'>;
	interfaces: readonly Pick<InterfaceView, 'mode'>[] | null;
	bootAssets: Pick<BootAssetsView, 'state'> | null;
}

/** Is this step's work done? Read from the controller and kept nowhere, so the first run goes on where it was left, on any browser. */
export function isDone(step: Step, { session, interfaces, bootAssets }: Facts): boolean {
	switch (step) {
		case 'admin':
			return !session.firstRun;
		case 'network':
			return interfaces?.some((each) => each.mode !== 'off') ?? false;
		case 'assets':
			return bootAssets?.state === 'ready';
		case 'done':
			return false;
	}
}

/** Where to go on: the first step that is not done. */
export const nextOpen = (facts: Facts): Step => steps.find((step) => !isDone(step, facts)) ?? 'done';

/** Without an administrator nothing else can be asked of the controller, so only that step can't be skipped. */
export const reachable = (step: Step, facts: Facts): boolean => step === 'admin' || isDone('admin', facts);
