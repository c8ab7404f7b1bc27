import { type ReactNode, useState } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Button, type ButtonLook } from './Button.tsx';
import { Problem } from './Problem.tsx';

/** A modal with a title. Escape and the scrim close it; focus goes back to where it was. */
export function Dialog({
	title,
	onClose,
	children,
	wide,
	alert,
}: {
	title: string;
	onClose(): void;
	children: ReactNode;
	wide?: boolean;
	/** interrupts with a question that must be answered */
	alert?: boolean;
}) {
	return (
		<ModalOverlay className="scrim" isOpen isDismissable={!alert} onOpenChange={(open) => !open && onClose()}>
			<Modal className={wide ? 'modal wide' : 'modal'}>
				<AriaDialog className="dialog" role={alert ? 'alertdialog' : 'dialog'}>
					<Heading slot="title" level={2}>
						{title}
					</Heading>
					{children}
				</AriaDialog>
			</Modal>
		</ModalOverlay>
	);
}

/** The two buttons at a dialog's end, what went wrong above them. `run` closes the dialog when it has worked. */
export function DialogEnd({
	label,
	look = 'primary',
	run,
	onClose,
	why,
	focusCancel,
}: {
	label: string;
	look?: ButtonLook;
	run(): Promise<unknown>;
	onClose(): void;
	/** why it can't be done as things are filled in */
	why?: string | null;
	/** for what can't be undone: Enter alone does nothing */
	focusCancel?: boolean;
}) {
	const [busy, setBusy] = useState(false);
	const [thrown, setThrown] = useState<unknown>(null);
	const press = async () => {
		setBusy(true);
		setThrown(null);
		try {
			await run();
			onClose();
		} catch (problem) {
			setThrown(problem);
			setBusy(false);
		}
	};
	return (
		<>
			{thrown !== null && <Problem thrown={thrown} />}
			<div className="dialog-end">
				{why && <span className="muted clip dialog-why">{why}</span>}
				<Button onPress={onClose} autoFocus={focusCancel ?? false}>
					Cancel
				</Button>
				<Button look={look} isDisabled={Boolean(why)} isPending={busy} onPress={() => void press()}>
					{label}
				</Button>
			</div>
		</>
	);
}
