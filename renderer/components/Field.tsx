import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';

export interface FieldProps {
	label: string;
	value: string;
	onChange(value: string): void;
	hint?: string;
	/** what is wrong with it, as the server or the page says */
	wrong?: string | null | undefined;
	type?: 'text' | 'password' | 'date';
	autoComplete?: string;
	autoFocus?: boolean;
	required?: boolean;
	placeholder?: string;
	/** lines of text instead of one */
	rows?: number;
	disabled?: boolean;
}

export function Field({
	label,
	hint,
	wrong,
	rows,
	placeholder,
	required,
	disabled,
	autoFocus,
	autoComplete,
	...rest
}: FieldProps) {
	return (
		<TextField
			className="field"
			isInvalid={Boolean(wrong)}
			isRequired={required ?? false}
			isDisabled={disabled ?? false}
			autoFocus={autoFocus ?? false}
			autoComplete={autoComplete ?? 'off'}
			validationBehavior="aria"
			spellCheck="false"
			{...rest}
		>
			<Label>{label}</Label>
			{rows ? (
				<TextArea className="textarea" rows={rows} placeholder={placeholder ?? ''} />
			) : (
				<Input className="input" placeholder={placeholder ?? ''} />
			)}
			{hint && (
				<Text slot="description" className="hint">
					{hint}
				</Text>
			)}
			<FieldError className="wrong">{wrong}</FieldError>
		</TextField>
	);
}
