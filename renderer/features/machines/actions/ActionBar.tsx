import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover, Toolbar } from 'react-aria-components';
import type { MachineAction, MachineView } from '../../../api/views.ts';
import { Button, HintButton } from '../../../components/Button.tsx';
import { attempt } from '../../../components/Toasts.tsx';
import { AllocateDialog } from './AllocateDialog.tsx';
import { ConfirmAction } from './ConfirmAction.tsx';
import { DeployDialog } from './DeployDialog.tsx';
import { namesOf, type Offer, offersFor, perform } from './perform.ts';
import { ReleaseDialog } from './ReleaseDialog.tsx';

/** In this order; whatever is missing here is in the menu. */
const inSight: readonly MachineAction[] = ['commission', 'allocate', 'deploy', 'release', 'abort', 'power_on', 'power_off'];

/** Everything that can be done with these machines: the usual as buttons, the rest in a menu, dialogs where one is needed. */
export function ActionBar({ machines }: { machines: readonly MachineView[] }) {
	const [open, setOpen] = useState<Offer | null>(null);
	const offers = offersFor(machines);
	const start = (offer: Offer) => {
		const asks = offer.destructive || offer.label.endsWith('…');
		if (asks) setOpen(offer);
		else void attempt(() => perform(offer.able, offer.action), `${offer.verb}: ${namesOf(offer.able)}`);
	};
	const buttons = inSight.flatMap((action) => offers.filter((offer) => offer.action === action));
	// Abort is of interest only while there is something to abort.
	const shown = buttons.filter((offer) => offer.action !== 'abort' || !offer.why);
	const first = ['deploy', 'commission'].find((action) => shown.some((offer) => offer.action === action && !offer.why));
	const rest = offers.filter((offer) => !inSight.includes(offer.action));
	return (
		<Toolbar className="row actions" aria-label="Actions">
			{shown.map((offer) => (
				<HintButton
					key={offer.action}
					look={offer.action === first ? 'primary' : 'plain'}
					why={offer.why}
					onPress={() => start(offer)}
				>
					{offer.label}
				</HintButton>
			))}
			{rest.length > 0 && (
				<MenuTrigger>
					<Button>
						More
						<ChevronDown size={14} aria-hidden="true" />
					</Button>
					<Popover className="popover" placement="bottom end">
						<Menu
							aria-label="More actions"
							onAction={(key) => {
								const offer = rest.find((each) => each.action === key);
								if (offer) start(offer);
							}}
							disabledKeys={rest.filter((offer) => offer.why).map((offer) => offer.action)}
						>
							{rest.map((offer) => (
								<MenuItem
									key={offer.action}
									id={offer.action}
									textValue={offer.label}
									className={offer.destructive && !offer.why ? 'menu-item danger' : 'menu-item'}
								>
									<span>{offer.label}</span>
									{offer.why && <small>{offer.why}</small>}
								</MenuItem>
							))}
						</Menu>
					</Popover>
				</MenuTrigger>
			)}
			{open && <DialogFor offer={open} onClose={() => setOpen(null)} />}
		</Toolbar>
	);
}

function DialogFor({ offer, onClose }: { offer: Offer; onClose(): void }) {
	switch (offer.action) {
		case 'allocate':
			return <AllocateDialog offer={offer} onClose={onClose} />;
		case 'deploy':
			return <DeployDialog offer={offer} onClose={onClose} />;
		case 'release':
			return <ReleaseDialog offer={offer} onClose={onClose} />;
		default:
			return <ConfirmAction offer={offer} onClose={onClose} />;
	}
}
