import { ShieldCheck } from 'lucide-react';
import { useLive } from '../../api/live.ts';
import type { ServiceView } from '../../api/views.ts';
import { Glyph } from '../../components/Glyph.tsx';
import { Page } from '../../components/Page.tsx';
import { InterfaceList } from './InterfaceList.tsx';

export function NetworkPage() {
	const services = useLive((state) => state.services);
	return (
		<Page title="Network">
			<WhoIsAnswered />
			<section>
				<div className="section-title">
					<h2>Interfaces</h2>
					<span className="muted">Off until you switch one on. A probe always comes first.</span>
				</div>
				<InterfaceList />
			</section>
			<section>
				<div className="section-title">
					<h2>Services</h2>
				</div>
				<ul className="panel services" aria-label="Services">
					{services?.map((service) => (
						<Service key={`${service.name} ${service.where}`} service={service} />
					))}
				</ul>
			</section>
		</Page>
	);
}

/** The answer to the question that keeps people awake, in one sentence. */
function WhoIsAnswered() {
	const interfaces = useLive((state) => state.interfaces);
	if (!interfaces) return null;
	const on = interfaces.filter((face) => face.mode !== 'off');
	if (on.length === 0) {
		return (
			<div className="answer silent">
				<ShieldCheck size={28} strokeWidth={1.6} aria-hidden="true" />
				<div>
					<h2>We answer nobody</h2>
					<p>Every interface is off. No DHCP, TFTP or boot packet leaves this computer.</p>
				</div>
			</div>
		);
	}
	const names = on.map((face) => face.name).join(' and ');
	return (
		<div className="answer">
			<Glyph tone={on.every((face) => face.state === 'serving') ? 'good' : 'attention'} size={28} />
			<div>
				<h2>We answer machines on {names}</h2>
				<p>And nowhere else: each socket is bound to its interface.</p>
			</div>
		</div>
	);
}

const names: Record<ServiceView['name'], { name: string; what: string }> = {
	api: { name: 'API and web page', what: 'for people and clients' },
	dhcp: { name: 'DHCP', what: 'addresses and boot information' },
	tftp: { name: 'TFTP', what: 'boot loaders' },
	'http-boot': { name: 'HTTP boot', what: 'kernels, images' },
	power: { name: 'Power', what: 'BMCs' },
};
const tones = { off: 'neutral', running: 'good', failed: 'bad' } as const;

function Service({ service }: { service: ServiceView }) {
	const { name, what } = names[service.name];
	return (
		<li className="service">
			<Glyph tone={tones[service.state]} />
			<strong>{name}</strong>
			<span className="muted">{what}</span>
			<code className="faint">{service.where ?? ''}</code>
			<span className="muted service-state">{service.state}</span>
			{service.problem && (
				<p className="service-problem">
					<span className="tone-bad">{service.problem.text}</span> <span className="muted">{service.problem.nextStep}</span>
				</p>
			)}
		</li>
	);
}
