import { ArrowDown, ArrowUp } from 'lucide-react';
import { type Dispatch, type KeyboardEvent, type SetStateAction, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { MachineView } from '../../../api/views.ts';
import { Checkbox } from '../../../components/Choice.tsx';
import { GridPart } from '../../../components/GridPart.tsx';
import { columns } from './columns.tsx';
import { MachineRow } from './MachineRow.tsx';
import { useRowWindow } from './rowWindow.ts';
import { extended, noneSelected, type Selection, toggled } from './selection.ts';
import { clicked, type Sort } from './sort.ts';

/** As `--row` in tokens.css, plus its line. */
const rowHeight = 35;

interface Props {
	rows: readonly MachineView[];
	sort: Sort;
	onSort(sort: Sort): void;
	selection: Selection;
	onSelect: Dispatch<SetStateAction<Selection>>;
}

/**
 * A grid with one tab stop, its current row. Arrows, Home and End move, Space selects, Shift extends, Enter opens, Ctrl+A selects
 * all, Escape none. An own table and not react-aria's: its first row of 5,000 came 1.5 s after the data.
 */
export function MachineTable({ rows, sort, onSort, selection, onSelect }: Props) {
	const box = useRef<HTMLDivElement>(null);
	const [current, setCurrent] = useState<string | null>(null);
	const ids = useMemo(() => rows.map((row) => row.systemId), [rows]);
	const drawn = useRowWindow(box, rows.length, rowHeight);
	const stop = current !== null && ids.includes(current) ? current : ids[0];
	const all = rows.length > 0 && selection.ids.size === rows.length;

	// Rows keep the function that they were given, whatever the order has become since: else each update would draw all of them.
	const order = useRef(ids);
	// Where the keyboard went to a row that was not drawn yet.
	const awaited = useRef<string | null>(null);
	useEffect(() => {
		order.current = ids;
		const element = awaited.current === null ? null : rowElement(box.current, awaited.current);
		if (!element) return;
		awaited.current = null;
		element.focus();
	});
	const press = useCallback(
		(id: string, extend: boolean) => onSelect((old) => (extend ? extended(old, order.current, id) : toggled(old, id))),
		[onSelect],
	);
	const go = (to: number, extend: boolean) => {
		const id = ids[Math.max(0, Math.min(ids.length - 1, to))];
		if (id === undefined) return;
		setCurrent(id);
		if (extend) onSelect(extended(selection.anchor ? selection : toggled(selection, current ?? id), ids, id));
		const element = rowElement(box.current, id);
		if (element) element.focus();
		else {
			awaited.current = id;
			box.current?.scrollTo({ top: to * rowHeight });
		}
	};
	const onKey = (event: KeyboardEvent<HTMLElement>) => {
		const at = ids.indexOf(stop ?? '');
		const onRow = event.target instanceof HTMLElement && event.target.role === 'row';
		const { key } = event;
		if (key === 'ArrowDown') go(at + 1, event.shiftKey);
		else if (key === 'ArrowUp') go(at - 1, event.shiftKey);
		else if (key === 'Home') go(0, event.shiftKey);
		else if (key === 'End') go(ids.length - 1, event.shiftKey);
		else if (key === ' ' && onRow && stop) onSelect(toggled(selection, stop));
		else if (key === 'Enter' && onRow && stop) location.hash = `#/machines/${stop}`;
		else if (key === 'a' && (event.ctrlKey || event.metaKey)) onSelect({ ids: new Set(ids), anchor: null });
		else if (key === 'Escape') onSelect(noneSelected);
		else return;
		event.preventDefault();
	};

	return (
		<div className="table-box" ref={box}>
			<GridPart className="grid" role="grid" aria-label="Machines" aria-multiselectable="true" aria-rowcount={rows.length + 1}>
				<GridPart className="grid-row grid-head" role="row" aria-rowindex={1}>
					<GridPart role="columnheader" className="col-check">
						<Checkbox
							label="Select all"
							on={all}
							some={!all && selection.ids.size > 0}
							onChange={(on) => onSelect(on ? { ids: new Set(ids), anchor: null } : noneSelected)}
						/>
					</GridPart>
					{columns.map((column) => (
						<ColumnHead key={column.key} column={column} sort={sort} onSort={onSort} />
					))}
				</GridPart>
				<GridPart role="rowgroup" onKeyDown={onKey} style={{ paddingTop: drawn.before, paddingBottom: drawn.after }}>
					{rows.slice(drawn.from, drawn.to).map((row, at) => (
						<MachineRow
							key={row.systemId}
							machine={row}
							index={drawn.from + at + 2}
							selected={selection.ids.has(row.systemId)}
							stop={row.systemId === stop}
							onFocus={setCurrent}
							onPress={press}
						/>
					))}
				</GridPart>
			</GridPart>
		</div>
	);
}

const rowElement = (box: HTMLElement | null, id: string) => box?.querySelector<HTMLElement>(`[data-id="${id}"]`) ?? null;

function ColumnHead({ column, sort, onSort }: { column: (typeof columns)[number]; sort: Sort; onSort(sort: Sort): void }) {
	const sorted = sort.by === column.key;
	const Arrow = sorted && sort.down ? ArrowDown : ArrowUp;
	return (
		<GridPart
			role="columnheader"
			className={`col-${column.key}`}
			aria-sort={sorted ? (sort.down ? 'descending' : 'ascending') : 'none'}
		>
			<button
				type="button"
				className="sorter"
				data-sorted={sorted || undefined}
				onClick={() => onSort(clicked(sort, column.key))}
			>
				{column.title}
				{sorted && <Arrow size={12} aria-hidden="true" />}
			</button>
		</GridPart>
	);
}
