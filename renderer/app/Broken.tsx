import { Component, type ReactNode } from 'react';
import { Button } from '../components/Button.tsx';
import { Problem } from '../components/Problem.tsx';

/** Catches a bug of the page itself, so that the window never goes white and the machines' controller is not suspected. */
export class Broken extends Component<{ children: ReactNode }, { thrown: unknown }> {
	override state: { thrown: unknown } = { thrown: null };

	static getDerivedStateFromError(thrown: unknown) {
		return { thrown };
	}

	override render() {
		if (this.state.thrown === null) return this.props.children;
		return (
			<main className="alone">
				<div className="alone-card">
					<h1>This page broke</h1>
					<p className="muted">The controller and the machines are not affected. Loading the page again usually helps.</p>
					<Problem thrown={this.state.thrown} />
					<Button look="primary" onPress={() => location.reload()}>
						Load again
					</Button>
				</div>
			</main>
		);
	}
}
