import { Search } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useLive } from '../../../api/live.ts';
import { Button } from '../../../components/Button.tsx';
import { count } from '../../../components/format.ts';
import { Glyph, type Tone } from '../../../components/Glyph.tsx';
import { Page } from '../../../components/Page.tsx';
import { ActionBar } from '../actions/ActionBar.tsx';
import { EmptyRack } from './EmptyRack.tsx';
import { filterMachines, type Group, groupOf, groupSizes, groups } from './filter.ts';
import { MachineTable } from './MachineTable.tsx';
import { noneSelected, type Selection, visibleOnly } from './selection.ts';
import { type Sort, sortMachines } from './sort.ts';
import '../machines.css';

export function MachineList() {
	const machines = useLive((state) => state.machines);
	const [typed, setTyped] = useState('');
	const [group, setGroup] = useState<Group | null>(null);
	const [sort, setSort] = useState<Sort>({ by: 'name', down: false });
	const [selected, setSelected] = useState<Selection>(noneSelected);
	const wanted = useDeferredValue(typed);
	const rows = useMemo(() => {
		const inGroup = (machines ?? []).filter((machine) => group === null || groupOf(machine) === group);
		return sortMachines(filterMachines(inGroup, wanted), sort);
	}, [machines, group, wanted, sort]);
	const selection = useMemo(
		() =>
			visibleOnly(
				selected,
				rows.map((row) => row.systemId),
			),
		[selected, rows],
	);
	const chosen = rows.filter((row) => selection.ids.has(row.systemId));

	if (machines?.length === 0) {
		return (
			<Page title="Machines">
				<EmptyRack />
			</Page>
		);
	}
	return (
		<Page title="Machines" wide actions={<FilterBox typed={typed} onType={setTyped} />}>
			<div className="list-bar">
				{chosen.length > 0 ? (
					<>
						<strong className="num">{count(chosen.length, 'machine')} selected</strong>
						<ActionBar machines={chosen} />
						<Button look="quiet" onPress={() => setSelected(noneSelected)}>
							Clear
						</Button>
					</>
				) : (
					machines && <Summary sizes={groupSizes(machines)} all={machines.length} group={group} onGroup={setGroup} />
				)}
			</div>
			<MachineTable rows={rows} sort={sort} onSort={setSort} selection={selection} onSelect={setSelected} />
			{machines && rows.length === 0 && (
				<p className="nothing-found muted" role="status">
					No machine matches.{' '}
					<Button
						size="small"
						onPress={() => {
							setTyped('');
							setGroup(null);
						}}
					>
						Show all {machines.length}
					</Button>
				</p>
			)}
		</Page>
	);
}

const groupNames: Record<Group, string> = {
	working: 'Working',
	trouble: 'In trouble',
	waiting: 'Waiting',
	ready: 'Ready',
	'in use': 'In use',
};

const groupTones: Record<Group, Tone> = {
	working: 'working',
	trouble: 'bad',
	waiting: 'attention',
	ready: 'good',
	'in use': 'neutral',
};

function Summary({
	sizes,
	all,
	group,
	onGroup,
}: {
	sizes: Record<Group, number>;
	all: number;
	group: Group | null;
	onGroup(group: Group | null): void;
}) {
	return (
		<fieldset className="segments">
			<legend className="unseen">Show</legend>
			<button type="button" aria-pressed={group === null} onClick={() => onGroup(null)}>
				All <span className="num">{all}</span>
			</button>
			{groups.map((each) => (
				<button
					key={each}
					type="button"
					aria-pressed={group === each}
					data-empty={sizes[each] === 0 || undefined}
					onClick={() => onGroup(group === each ? null : each)}
				>
					{sizes[each] > 0 && <Glyph tone={groupTones[each]} size={12} />}
					{groupNames[each]} <span className="num">{sizes[each]}</span>
				</button>
			))}
		</fieldset>
	);
}

/** `/` goes here from anywhere on the page, Escape empties it and goes back. */
function FilterBox({ typed, onType }: { typed: string; onType(typed: string): void }) {
	const box = useRef<HTMLInputElement>(null);
	useEffect(() => {
		const onKey = (event: KeyboardEvent) => {
			const typing = event.target instanceof Element && event.target.closest('input, textarea, [role="dialog"]');
			if (event.key !== '/' || typing || event.ctrlKey || event.metaKey) return;
			event.preventDefault();
			box.current?.focus();
		};
		document.addEventListener('keydown', onKey);
		return () => document.removeEventListener('keydown', onKey);
	}, []);
	return (
		<div className="search filter">
			<Search size={14} aria-hidden="true" />
			<input
				ref={box}
				className="input"
				type="text"
				aria-label="Filter machines"
				aria-keyshortcuts="/"
				placeholder="Filter by name, MAC, serial, status:ready…"
				value={typed}
				onChange={(event) => onType(event.target.value)}
				onKeyDown={(event) => {
					if (event.key !== 'Escape') return;
					onType('');
					box.current?.blur();
				}}
			/>
			{!typed && (
				<span className="key" aria-hidden="true">
					/
				</span>
			)}
		</div>
	);
}
