import type { ReactNode } from 'react';
import { Scroller } from '../../../components/Scroller.tsx';

export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
	return (
		<section className="panel">
			<div className="panel-head">
				<h2>{title}</h2>
				<span className="push" />
				{actions}
			</div>
			{children}
		</section>
	);
}

/** One row; `key` is what tells it from the others: a name, an address. */
export interface Row {
	key: string;
	cells: readonly ReactNode[];
}

/** Rows as the machine told them. Cells without a value get a dash; a table without rows says so. */
export function Table({ label, head, rows }: { label: string; head: readonly string[]; rows: readonly Row[] }) {
	if (rows.length === 0)
		return <p className="faint panel-body">Not known yet: the machine reports this when it is commissioned.</p>;
	return (
		<Scroller className="table-scroll" label={label}>
			<table className="table inset">
				<thead>
					<tr>
						{head.map((title) => (
							<th key={title}>{title}</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map(({ key, cells }) => (
						<tr key={key}>
							{cells.map((cell, at) => (
								<td key={head[at]}>{empty(cell) ? <span className="faint">–</span> : cell}</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</Scroller>
	);
}

const empty = (cell: ReactNode): boolean => cell === null || cell === undefined || cell === '' || cell === false;
