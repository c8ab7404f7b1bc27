import { Check, ChevronsUpDown, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import {
	Checkbox as AriaCheckbox,
	Select as AriaSelect,
	Switch as AriaSwitch,
	Button,
	Label,
	ListBox,
	ListBoxItem,
	Popover,
	Radio,
	RadioGroup,
	SelectValue,
} from 'react-aria-components';

export interface Option<T extends string> {
	value: T;
	label: string;
	detail?: string;
}

/** One of a few, all in sight with what each means. */
export function Choices<T extends string>({
	label,
	value,
	options,
	onChange,
}: {
	label: string;
	value: T;
	options: readonly Option<T>[];
	onChange(value: T): void;
}) {
	return (
		<RadioGroup className="field" value={value} onChange={(chosen) => onChange(chosen as T)}>
			<Label className="field-label">{label}</Label>
			<div className="choices">
				{options.map((option) => (
					<Radio key={option.value} value={option.value} className="choice">
						<span className="choice-mark" />
						<span className="choice-text">
							{option.label}
							{option.detail && <small>{option.detail}</small>}
						</span>
					</Radio>
				))}
			</div>
		</RadioGroup>
	);
}

/** One of many, in a list that opens. */
export function Select({
	label,
	value,
	options,
	onChange,
}: {
	label: string;
	value: string | null;
	options: readonly Option<string>[];
	onChange(value: string): void;
}) {
	return (
		<AriaSelect className="field" value={value} onChange={(key) => onChange(String(key))} placeholder="Choose…">
			<Label>{label}</Label>
			<Button className="select-button">
				<SelectValue className="clip">{({ selectedText, defaultChildren }) => selectedText ?? defaultChildren}</SelectValue>
				<ChevronsUpDown size={14} aria-hidden="true" />
			</Button>
			<Popover className="popover">
				<ListBox>
					{options.map((option) => (
						<ListBoxItem key={option.value} id={option.value} textValue={option.label} className="menu-item">
							<span>{option.label}</span>
							{option.detail && <small>{option.detail}</small>}
						</ListBoxItem>
					))}
				</ListBox>
			</Popover>
		</AriaSelect>
	);
}

export function Switch({
	on,
	onChange,
	disabled,
	children,
}: {
	on: boolean;
	onChange(on: boolean): void;
	disabled?: boolean;
	children: ReactNode;
}) {
	return (
		<AriaSwitch className="switch" isSelected={on} onChange={onChange} isDisabled={disabled ?? false}>
			<span className="switch-track" />
			<span>{children}</span>
		</AriaSwitch>
	);
}

export function Checkbox({
	label,
	children,
	on,
	some,
	onChange,
}: {
	/** for a box without text beside it */
	label?: string;
	children?: ReactNode;
	on: boolean;
	/** some of what it stands for, not all */
	some?: boolean;
	onChange(on: boolean): void;
}) {
	return (
		<AriaCheckbox
			className="checkbox"
			{...(label && { 'aria-label': label })}
			isSelected={on}
			isIndeterminate={some ?? false}
			onChange={onChange}
		>
			<span className="check">
				{some ? <Minus size={12} strokeWidth={3} /> : on ? <Check size={12} strokeWidth={3} /> : null}
			</span>
			{children}
		</AriaCheckbox>
	);
}
