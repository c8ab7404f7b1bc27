import { cleanText } from '../domain/clean.ts';
import { Refusal } from '../domain/errors.ts';
import type { Machine } from '../domain/machine.ts';
import type { PowerDriver, PowerField } from '../power/driver.ts';
import { readParameters } from '../power/parameters.ts';
import type { BmcParameters } from '../store/bmcs.ts';
import type { Store } from '../store/store.ts';

/** A machine's BMC, as a person or a client describes it. */
export interface PowerSettings {
	readonly driver: PowerDriver;
	/** by field; what is missing stays as it is, while the driver is the same */
	readonly parameters: BmcParameters;
	/** take it as it is, also where something required is missing */
	readonly skipCheck?: boolean;
	/** what the asker calls them */
	readonly field?: string;
}

/** Where settings of another driver stood, nothing of them stays. Throws Refusal `bad-input` with that field. */
export function setPowerSettings(store: Store, machine: Machine, settings: PowerSettings, by: string | null): void {
	const { driver, skipCheck = false, field = 'power_parameters' } = settings;
	const before = machine.bmcId === null ? undefined : store.bmcs.byId(machine.bmcId);
	const kept = machine.bmcId !== null && before?.driver === driver.name ? store.bmcs.parameters(machine.bmcId) : {};
	const parameters = { ...kept, ...sentTo(driver.fields, settings.parameters) };
	const checked = readParameters(driver.fields, parameters);
	if (!checked.ok && !skipCheck) throw new Refusal('bad-input', checked.text, { field, nextStep: checked.nextStep });
	const address = cleanText(parameters.power_address) ?? null;
	store.transaction(() => {
		if (machine.bmcId === null) store.machines.update(machine.id, { bmcId: store.bmcs.insert(driver.name, address, parameters) });
		else store.bmcs.update(machine.bmcId, driver.name, address, parameters);
		store.machines.touched(machine.id);
		store.events.append({ nodeId: machine.id, kind: 'user', text: `Power settings: ${driver.description}`, by });
	});
}

/** The machine has no BMC any more, and nothing of its password stays. */
export function dropPowerSettings(store: Store, machine: Machine, by: string | null): void {
	const { bmcId } = machine;
	if (bmcId === null) return;
	store.transaction(() => {
		store.machines.update(machine.id, { bmcId: null, power: { state: 'unknown', provenAt: null, problem: null } });
		store.bmcs.deleteUnused(bmcId);
		store.events.append({ nodeId: machine.id, kind: 'user', text: 'Power settings: none', by });
	});
}

/** Secrets are never shown, so a form sends them empty: then the stored one stays. Names that are no field fall out. */
function sentTo(fields: readonly PowerField[], given: BmcParameters): BmcParameters {
	const known = new Map(fields.map((field) => [field.name, field]));
	return Object.fromEntries(
		Object.entries(given).filter(([name, value]) => known.has(name) && !(known.get(name)?.secret && value === '')),
	);
}
