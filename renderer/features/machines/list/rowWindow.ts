import { type RefObject, useEffect, useState } from 'react';

export interface RowWindow {
	/** first row drawn, and one behind the last */
	from: number;
	to: number;
	/** heights of what is not drawn, pixels */
	before: number;
	after: number;
}

/** Below this all rows are drawn, so that find-in-page and screen readers have them all. */
const drawAll = 200;
const overscan = 12;
/** Scrolling within so many rows draws nothing anew; the overscan covers them. */
const stride = 4;

/** Which of `count` rows of equal height are in sight. */
export function windowOf(count: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
	if (count <= drawAll) return { from: 0, to: count, before: 0, after: 0 };
	const from = Math.max(0, Math.min(count, Math.floor(scrollTop / rowHeight)) - overscan);
	const to = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + overscan);
	return { from, to, before: from * rowHeight, after: (count - to) * rowHeight };
}

export function useRowWindow(box: RefObject<HTMLElement | null>, count: number, rowHeight: number): RowWindow {
	const [view, setView] = useState({ top: 0, height: 800 });
	useEffect(() => {
		const element = box.current;
		if (!element) return;
		const step = stride * rowHeight;
		const measure = () => {
			const view = { top: Math.floor(element.scrollTop / step) * step, height: element.clientHeight };
			setView((old) => (old.top === view.top && old.height === view.height ? old : view));
		};
		const resized = new ResizeObserver(measure);
		resized.observe(element);
		element.addEventListener('scroll', measure, { passive: true });
		return () => {
			resized.disconnect();
			element.removeEventListener('scroll', measure);
		};
	}, [box, rowHeight]);
	return windowOf(count, rowHeight, view.top, view.height);
}
