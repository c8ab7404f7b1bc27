import { Power, PowerOff, TriangleAlert, Unplug } from 'lucide-react';
import type { MachineView } from '../../api/views.ts';
import { Ago } from '../../components/Ago.tsx';

const looks = {
	on: { icon: Power, tone: 'good', word: 'on' },
	off: { icon: PowerOff, tone: 'neutral', word: 'off' },
	unknown: { icon: Unplug, tone: 'neutral', word: 'unknown' },
	error: { icon: TriangleAlert, tone: 'bad', word: 'error' },
} as const;

/** The power state, and when the BMC last said so: a state without its age may be a day old. */
export function PowerState({ power, short }: { power: MachineView['power']; short?: boolean }) {
	const { icon: Icon, tone, word } = looks[power.state];
	return (
		<span className="row power" title={power.problem ? `${power.problem.text} ${power.problem.nextStep}` : undefined}>
			<Icon size={14} strokeWidth={2} className={`tone-${tone}`} aria-hidden="true" />
			{word}
			<span className="faint clip">
				{power.provenAt ? (
					<>
						{short ? '' : 'proven '}
						<Ago at={power.provenAt} />
					</>
				) : short ? (
					'never'
				) : (
					'never proven'
				)}
			</span>
		</span>
	);
}
