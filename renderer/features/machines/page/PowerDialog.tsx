import { useState } from 'react';
import { command } from '../../../api/client.ts';
import { useQuery } from '../../../api/useQuery.ts';
import type { MachineView, PowerTypeView } from '../../../api/views.ts';
import { Checkbox, Select } from '../../../components/Choice.tsx';
import { Dialog, DialogEnd } from '../../../components/Dialog.tsx';
import { Field } from '../../../components/Field.tsx';
import { Problem } from '../../../components/Problem.tsx';

type Value = string | string[];
type PowerField = PowerTypeView['fields'][number];

/** How the machine is switched. The form is drawn from what each driver says about itself. */
export function PowerDialog({ machine, onClose }: { machine: MachineView; onClose(): void }) {
	const types = useQuery('power.types', {});
	const [driver, setDriver] = useState(machine.power.driver);
	const [filled, setFilled] = useState<Record<string, Value>>({});
	const type = types.data?.find((each) => each.name === driver);
	const valueIn = (field: PowerField): Value => filled[field.name] ?? initial(field, machine);
	const missing = type?.fields.find((field) => field.required && !field.secret && valueIn(field).length === 0);
	const save = () => {
		// A secret that was left empty stays as it is: it never comes to this page.
		const given = (type?.fields ?? []).filter((field) => !(field.secret && valueIn(field).length === 0));
		const parameters = Object.fromEntries(given.map((field) => [field.name, valueIn(field)]));
		return command('machine.setPower', { systemId: machine.systemId, driver, parameters });
	};
	return (
		<Dialog title={`Power of ${machine.hostname}`} onClose={onClose}>
			{types.problem !== null && <Problem thrown={types.problem} />}
			{types.data && (
				<Select
					label="Driver"
					value={driver}
					options={types.data.map((each) => ({ value: each.name, label: each.description }))}
					onChange={(chosen) => {
						setDriver(chosen);
						setFilled({});
					}}
				/>
			)}
			{type?.fields.map((field) => (
				<PowerInput
					key={`${driver}.${field.name}`}
					field={field}
					value={valueIn(field)}
					onChange={(value) => setFilled((old) => ({ ...old, [field.name]: value }))}
				/>
			))}
			{type && !type.queryable && (
				<p className="muted">With this driver the power state can’t be asked, so it is never proven.</p>
			)}
			<DialogEnd label="Save and check" run={save} onClose={onClose} why={missing ? `${missing.label} is needed.` : null} />
		</Dialog>
	);
}

const initial = (field: PowerField, machine: MachineView): Value =>
	field.name === 'power_address' && machine.power.address ? machine.power.address : field.default;

function PowerInput({ field, value, onChange }: { field: PowerField; value: Value; onChange(value: Value): void }) {
	const { label, choices } = field;
	switch (field.fieldType) {
		case 'choice':
			return (
				<Select
					label={label}
					value={String(value)}
					options={choices.map(([choice, name]) => ({ value: choice, label: name }))}
					onChange={onChange}
				/>
			);
		case 'multiple_choice': {
			const chosen = Array.isArray(value) ? value : [value];
			return (
				<fieldset className="stack tight">
					<legend className="field-label">{label}</legend>
					{choices.map(([choice, name]) => (
						<Checkbox
							key={choice}
							on={chosen.includes(choice)}
							onChange={(on) => onChange(on ? [...chosen, choice] : chosen.filter((each) => each !== choice))}
						>
							{name}
						</Checkbox>
					))}
				</fieldset>
			);
		}
		default:
			return (
				<Field
					label={label}
					value={String(value)}
					onChange={onChange}
					type={field.secret ? 'password' : 'text'}
					required={field.required && !field.secret}
					autoComplete={field.secret ? 'new-password' : 'off'}
					{...(field.secret && { hint: 'Leave empty to keep the one that is stored.' })}
				/>
			);
	}
}
