/** A bar on a terminal for what takes longer than two seconds; nothing where nobody looks. */
export function progressBar(title: string): { at(done: number, total: number): void; end(): void } {
	const began = Date.now();
	let shown = false;
	return {
		at(done, total) {
			if (!process.stderr.isTTY || Date.now() - began < 2000) return;
			const part = total === 0 ? 1 : done / total;
			const wide = 30;
			const bar = '━'.repeat(Math.round(part * wide)).padEnd(wide, '─');
			process.stderr.write(`\r${title} ${bar} ${Math.floor(part * 100)} %`);
			shown = true;
		},
		end() {
			if (shown) process.stderr.write('\n');
			shown = false;
		},
	};
}
