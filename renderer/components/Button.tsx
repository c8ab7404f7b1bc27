import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps, OverlayArrow, Tooltip, TooltipTrigger } from 'react-aria-components';

export type ButtonLook = 'plain' | 'primary' | 'quiet' | 'danger' | 'danger-fill';

export interface Props extends Omit<ButtonProps, 'className' | 'style' | 'children'> {
	look?: ButtonLook;
	size?: 'small' | 'normal' | 'large';
	/** an icon alone needs `aria-label` */
	icon?: boolean;
	children?: ReactNode;
}

export function Button({ look = 'plain', size = 'normal', icon, ...rest }: Props) {
	const names = ['button', look !== 'plain' && look, size !== 'normal' && size, icon && 'icon'];
	return <AriaButton {...rest} className={names.filter(Boolean).join(' ')} />;
}

/** With a hint on hover and focus. `why`: can't be pressed, yet can be reached, so that everybody can read the reason. */
export function HintButton({ hint, why, onPress, ...rest }: Props & { hint?: string; why?: string | null }) {
	const text = why ?? hint;
	const button = (
		<Button
			{...rest}
			{...(why ? { 'aria-disabled': true } : onPress && { onPress })}
			{...(why && rest['aria-label'] === undefined && { 'aria-description': why })}
		/>
	);
	if (!text) return button;
	return (
		<TooltipTrigger delay={400} closeDelay={80}>
			{button}
			<Hint>{text}</Hint>
		</TooltipTrigger>
	);
}

export function Hint({ children }: { children: ReactNode }) {
	return (
		<Tooltip className="tooltip" offset={6}>
			<OverlayArrow />
			{children}
		</Tooltip>
	);
}
