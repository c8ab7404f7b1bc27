import { ServerOff } from 'lucide-react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useLive } from '../../../api/live.ts';
import { useQuery } from '../../../api/useQuery.ts';
import { Empty } from '../../../components/Empty.tsx';
import { Page } from '../../../components/Page.tsx';
import { Problem } from '../../../components/Problem.tsx';
import { ActionBar } from '../actions/ActionBar.tsx';
import { Timeline } from '../timeline/Timeline.tsx';
import { Events } from './Events.tsx';
import { Facts, StatusLine } from './Facts.tsx';
import { Hardware } from './Hardware.tsx';
import { Rename } from './Rename.tsx';
import { Results } from './Results.tsx';
import '../machines.css';
import './page.css';

const tabs = [
	{ id: 'timeline', label: 'Timeline' },
	{ id: 'hardware', label: 'Hardware' },
	{ id: 'results', label: 'Results' },
	{ id: 'events', label: 'Events' },
];

export function MachinePage({ systemId, tab }: { systemId: string; tab: string }) {
	const machine = useLive((state) => state.machines?.find((each) => each.systemId === systemId));
	const known = useLive((state) => state.machines !== null);
	const revision = useLive((state) => state.revisions[systemId] ?? 0);
	const detail = useQuery('machine.get', { systemId }, revision);
	const timeline = useQuery('machine.timeline', { systemId }, revision);
	if (!machine) {
		if (!known) return <Page title="Machine">{null}</Page>;
		return (
			<Page title="Machine">
				<Empty icon={ServerOff} title="No such machine">
					<p>It may have been deleted. If it boots from the network again it will enlist under a new identity.</p>
					<a href="#/machines">All machines</a>
				</Empty>
			</Page>
		);
	}
	const verdict = timeline.data?.boots[0]?.verdict;
	const latest = timeline.data?.boots[0]?.id;
	return (
		<Page
			title={machine.hostname}
			detail={<Rename machine={machine} />}
			actions={<ActionBar machines={[machine]} />}
			wide
			back={{ href: '#/machines', label: 'Machines' }}
		>
			<div className="machine-top">
				<StatusLine machine={machine} />
				{machine.statusText && machine.tone === 'bad' && !(tab === 'timeline' && verdict) && (
					<Problem text={machine.statusText} nextStep={verdict?.nextStep ?? null} />
				)}
				{machine.power.problem && <Problem text={machine.power.problem.text} nextStep={machine.power.problem.nextStep} />}
				<Facts machine={machine} detail={detail.data} />
			</div>
			<Tabs
				className="machine-tabs"
				selectedKey={tab}
				onSelectionChange={(key) => {
					location.hash = `#/machines/${systemId}/${String(key)}`;
				}}
			>
				<TabList className="tabs" aria-label="About this machine">
					{tabs.map(({ id, label }) => (
						<Tab key={id} id={id} className="tab">
							{label}
						</Tab>
					))}
				</TabList>
				<TabPanel id="timeline" className="tab-panel">
					{timeline.problem !== null && <Problem thrown={timeline.problem} />}
					{timeline.data && <Timeline key={latest} timeline={timeline.data} systemId={systemId} />}
				</TabPanel>
				<TabPanel id="hardware" className="tab-panel">
					{detail.problem !== null && <Problem thrown={detail.problem} />}
					{detail.data && <Hardware machine={{ ...detail.data, power: machine.power }} />}
				</TabPanel>
				<TabPanel id="results" className="tab-panel">
					{detail.data && <Results results={detail.data.results} systemId={systemId} />}
				</TabPanel>
				<TabPanel id="events" className="tab-panel">
					<Events systemId={systemId} />
				</TabPanel>
			</Tabs>
		</Page>
	);
}
