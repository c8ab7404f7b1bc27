import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLive } from '../../api/live.ts';
import { Button } from '../../components/Button.tsx';
import { Glyph } from '../../components/Glyph.tsx';
import { CreateAdmin } from './CreateAdmin.tsx';
import { isDone, nextOpen, reachable, type Step, steps } from './steps.ts';
import './firstRun.css';

const titles: Record<Step, string> = {
	admin: 'Administrator',
	network: 'Network',
	assets: 'Boot assets',
	done: 'First machine',
};

/** Four steps from nothing to a rack that can be powered on. Each can be left and come back to. */
export function FirstRun({
	mark,
	network,
	bootAssets: assetsPanel,
}: {
	mark: ReactNode;
	network: ReactNode;
	bootAssets: ReactNode;
}) {
	const session = useLive((state) => state.session);
	const interfaces = useLive((state) => state.interfaces);
	const bootAssets = useLive((state) => state.bootAssets);
	const facts = { session: session ?? { firstRun: true }, interfaces, bootAssets };
	const [chosen, setChosen] = useState<Step | null>(null);
	// Until the lists have come nobody knows where the first run was left, and a page that jumps is worse than one that waits.
	const known = facts.session.firstRun || (interfaces !== null && bootAssets !== null);
	const [resumed, setResumed] = useState<Step | null>(null);
	if (known && resumed === null) setResumed(nextOpen(facts));
	const step: Step = facts.session.firstRun ? 'admin' : (chosen ?? (resumed === 'admin' ? 'network' : resumed) ?? 'network');
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => {
		document.title = `${titles[step]} · Welcome to Metaldesk`;
		if (step !== 'admin') heading.current?.focus();
	}, [step]);
	const go = (to: Step) => setChosen(to);
	return (
		<main className="welcome">
			<aside className="welcome-side">
				<div className="row welcome-brand">{mark} Metaldesk</div>
				<ol aria-label="Steps">
					{steps.map((each, at) => (
						<li key={each}>
							<button
								type="button"
								className="welcome-step"
								aria-current={each === step ? 'step' : undefined}
								disabled={!reachable(each, facts) || (each === 'admin' && !facts.session.firstRun)}
								onClick={() => go(each)}
							>
								{isDone(each, facts) ? <Glyph tone="good" size={18} /> : <span className="welcome-number num">{at + 1}</span>}
								{titles[each]}
								{isDone(each, facts) && <span className="unseen">, done</span>}
							</button>
						</li>
					))}
				</ol>
			</aside>
			<div className="welcome-body" key={step}>
				<StepOf
					step={step}
					heading={
						<h1 ref={heading} tabIndex={-1}>
							{headings[step]}
						</h1>
					}
					network={network}
					assets={assetsPanel}
				/>
				<StepEnd step={step} done={isDone(step, facts)} go={go} />
			</div>
		</main>
	);
}

const headings: Record<Step, string> = {
	admin: 'Create the administrator',
	network: 'Choose where the machines are',
	assets: 'Build what machines boot',
	done: 'Power on a machine',
};

function StepOf({ step, heading, network, assets }: { step: Step; heading: ReactNode; network: ReactNode; assets: ReactNode }) {
	switch (step) {
		case 'admin':
			return (
				<>
					{heading}
					<p className="lead">One person who may do everything here. The account lives on this computer only.</p>
					<CreateAdmin />
				</>
			);
		case 'network':
			return (
				<>
					{heading}
					<p className="welcome-promise">
						Nothing is sent on any of these until you switch one on. Before that, it is probed for other DHCP servers; if one
						answers, we refuse to serve there and tell you which.
					</p>
					{network}
				</>
			);
		case 'assets':
			return (
				<>
					{heading}
					<p className="lead">
						Machines boot a small Linux of ours to enlist, take their inventory, and install or erase disks. It is put together on
						this computer from signed Debian packages: about a minute, and 100 MB from a Debian mirror.
					</p>
					{assets}
				</>
			);
		case 'done':
			return (
				<>
					{heading}
					<ol className="welcome-todo">
						<li>Connect it to the network that you chose, and its BMC as well if you want its power controlled.</li>
						<li>Let it boot from the network: often F12 at the start, or Network first in the boot order.</li>
						<li>It appears in the list within a minute, takes its inventory, tests itself, and is Ready.</li>
					</ol>
				</>
			);
	}
}

function StepEnd({ step, done, go }: { step: Step; done: boolean; go(step: Step): void }) {
	const next = steps[steps.indexOf(step) + 1];
	if (step === 'admin') return null;
	if (!next) {
		return (
			<a className="button primary large welcome-end" href="#/machines">
				Go to the machines
			</a>
		);
	}
	return (
		<div className="row welcome-end">
			<Button look={done ? 'primary' : 'plain'} size="large" onPress={() => go(next)}>
				{done ? 'Continue' : 'Skip this step'}
			</Button>
			<a className="muted" href="#/machines">
				Leave; I’ll do this later
			</a>
		</div>
	);
}
