/** Which rows are selected, and the row that a shift-click or shift-arrow extends from. */
export interface Selection {
	ids: ReadonlySet<string>;
	anchor: string | null;
}
export const noneSelected: Selection = { ids: new Set(), anchor: null };

/** A click on a row's box, or Space on the row. */
export function toggled(selection: Selection, id: string): Selection {
	const ids = new Set(selection.ids);
	if (!ids.delete(id)) ids.add(id);
	return { ids, anchor: id };
}

/** With shift: every row between the anchor and this one, in the order on screen, and what was selected before. */
export function extended(selection: Selection, rows: readonly string[], id: string): Selection {
	const from = selection.anchor === null ? -1 : rows.indexOf(selection.anchor);
	const to = rows.indexOf(id);
	if (from < 0 || to < 0) return toggled(selection, id);
	const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
	return { ids: new Set([...selection.ids, ...between]), anchor: selection.anchor };
}

/** Rows that a filter hides, or that are gone, don't count: an action never touches what can't be seen. */
export function visibleOnly(selection: Selection, rows: readonly string[]): Selection {
	const ids = new Set(rows.filter((id) => selection.ids.has(id)));
	return ids.size === selection.ids.size ? selection : { ids, anchor: selection.anchor };
}
