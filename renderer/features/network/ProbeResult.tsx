import type { ProbeView } from '../../api/views.ts';
import { Ago } from '../../components/Ago.tsx';
import { Problem } from '../../components/Problem.tsx';

/** What was heard on an interface. Foreign servers are named by address and MAC, so that they can be found. */
export function ProbeResult({ probe, name }: { probe: ProbeView; name: string }) {
	return (
		<Problem tone={probe.clean ? 'good' : 'bad'} text={probe.text} nextStep={probe.nextStep}>
			{probe.foreignServers.length > 0 && (
				<table className="table inset found" aria-label={`Other DHCP servers on ${name}`}>
					<thead>
						<tr>
							<th>Server</th>
							<th>MAC</th>
							<th>Offered</th>
						</tr>
					</thead>
					<tbody>
						{probe.foreignServers.map((server) => (
							<tr key={`${server.address} ${server.mac}`}>
								<td className="mono">{server.address}</td>
								<td className="mono">{server.mac ?? 'not seen'}</td>
								<td className="mono">{server.offered ?? '–'}</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
			{probe.addressesInUse.length > 0 && (
				<p>
					Already used, and left out:{' '}
					{probe.addressesInUse.map((each) => (
						<code key={each.address}>
							{each.address} ({each.mac}){' '}
						</code>
					))}
				</p>
			)}
			<span className="faint">
				Probed <Ago at={probe.at} />
			</span>
		</Problem>
	);
}
