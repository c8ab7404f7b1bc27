import { cleanLine } from '../../../domain/clean.ts';
import type { Domain } from '../../../store/names/domains.ts';
import type { Place } from '../../../store/places.ts';
import type { Store } from '../../../store/store.ts';
import { unfit } from '../failures.ts';

/** The zone that a parameter names. Throws a field error for none. */
export function zoneNamed(store: Store, name: string): Place {
	const zone = store.zones.byName(name);
	if (!zone) throw noChoice('zone', name);
	return zone;
}

/** The domain that a parameter names, by its name or its id. */
export function domainNamed(store: Store, text: string): Domain {
	const domain = store.domains.byName(text) ?? (/^\d{1,15}$/.test(text) ? store.domains.byId(Number(text)) : undefined);
	if (!domain) throw noChoice('domain', text);
	return domain;
}

export const noChoice = (field: string, given: string) =>
	unfit(field, `Select a valid choice. ${cleanLine(given)} is not one of the available choices.`);
