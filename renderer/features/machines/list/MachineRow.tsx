import { memo } from 'react';
import type { MachineView } from '../../../api/views.ts';
import { GridPart } from '../../../components/GridPart.tsx';
import { columns } from './columns.tsx';

interface Props {
	machine: MachineView;
	/** the row's number in the whole table, its head being 1 */
	index: number;
	selected: boolean;
	/** the grid's tab stop */
	stop: boolean;
	onFocus(systemId: string): void;
	/** with `extend`, everything from the row touched last */
	onPress(systemId: string, extend: boolean): void;
}

/** Drawn anew only when its machine or its own state has changed: a rack of thousands is scrolled and updated every second. */
export const MachineRow = memo(function MachineRow({ machine, index, selected, stop, onFocus, onPress }: Props) {
	const { systemId, hostname } = machine;
	return (
		<GridPart
			className="grid-row"
			role="row"
			data-id={systemId}
			aria-rowindex={index}
			aria-selected={selected}
			tabIndex={stop ? 0 : -1}
			onFocus={() => onFocus(systemId)}
			// Shift-click would select the text between as well.
			onMouseDown={(event) => event.shiftKey && event.preventDefault()}
			onClick={(event) => {
				if (event.shiftKey || event.ctrlKey || event.metaKey) onPress(systemId, event.shiftKey);
			}}
			onDoubleClick={() => {
				location.hash = `#/machines/${systemId}`;
			}}
		>
			<GridPart role="gridcell" className="col-check">
				<input
					type="checkbox"
					className="row-check"
					tabIndex={-1}
					aria-label={`Select ${hostname}`}
					checked={selected}
					readOnly
					onClick={(event) => {
						event.stopPropagation();
						onPress(systemId, event.shiftKey);
					}}
				/>
			</GridPart>
			{columns.map((column) => (
				<GridPart key={column.key} role="gridcell" className={`col-${column.key}`}>
					{column.cell(machine, stop)}
				</GridPart>
			))}
		</GridPart>
	);
});
