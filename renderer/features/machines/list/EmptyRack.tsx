import { Server } from 'lucide-react';
import { useLive } from '../../../api/live.ts';
import { Empty } from '../../../components/Empty.tsx';

/** No machine yet. Says the one thing that is missing. */
export function EmptyRack() {
	const serving = useLive((state) => state.interfaces?.find((each) => each.state === 'serving'));
	const assets = useLive((state) => state.bootAssets?.state);
	if (!serving) {
		return (
			<Empty icon={Server} title="We answer nobody yet">
				<p>
					Machines appear here by themselves when they boot from a network that Metaldesk serves. So far it is silent on every
					interface.
				</p>
				<a className="button primary" href="#/network">
					Choose an interface
				</a>
			</Empty>
		);
	}
	if (assets !== 'ready') {
		return (
			<Empty icon={Server} title="Nothing to boot yet">
				<p>{serving.name} is being served, but the small system that machines boot has not been built.</p>
				<a className="button primary" href="#/settings">
					Build it
				</a>
			</Empty>
		);
	}
	return (
		<Empty icon={Server} title="Power on a machine">
			<p>
				Connect it to {serving.name}, switch it on, and let it boot from the network (often F12, or “PXE” or “Network” first in
				the boot order). It appears here within a minute, with its hardware and its BMC.
			</p>
		</Empty>
	);
}
