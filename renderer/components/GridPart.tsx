import type { HTMLAttributes, Ref } from 'react';

interface Props extends HTMLAttributes<HTMLDivElement> {
	role: 'grid' | 'row' | 'rowgroup' | 'columnheader' | 'gridcell';
	ref?: Ref<HTMLDivElement>;
	'data-id'?: string;
}

/**
 * One part of an ARIA grid: a table whose rows are walked with the arrow keys and selected. Made of boxes and not of table elements,
 * because rows that are out of sight are not drawn, and a table would measure its columns anew with each that comes.
 */
export function GridPart(props: Props) {
	return <div {...props} />;
}
