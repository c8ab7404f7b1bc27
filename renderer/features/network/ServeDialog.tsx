import { useEffect, useState } from 'react';
import { command } from '../../api/client.ts';
import type { InterfaceView, ProbeView } from '../../api/views.ts';
import { Dialog, DialogEnd } from '../../components/Dialog.tsx';
import { Field } from '../../components/Field.tsx';
import { Glyph } from '../../components/Glyph.tsx';
import { Problem } from '../../components/Problem.tsx';
import { ProbeResult } from './ProbeResult.tsx';

/** Probes first, shows what was heard, and only then offers to serve. */
export function ServeDialog({ face, onClose }: { face: InterfaceView; onClose(): void }) {
	const [probe, setProbe] = useState<ProbeView | null>(null);
	const [thrown, setThrown] = useState<unknown>(null);
	const [pool, setPool] = useState<ProbeView['pool'] | null>(null);
	const { name } = face;
	useEffect(() => {
		let gone = false;
		command('network.probe', { name }).then(
			(result) => gone || setProbe(result),
			(problem: unknown) => gone || setThrown(problem),
		);
		return () => {
			gone = true;
		};
	}, [name]);
	const range = pool ?? probe?.pool;
	const serve = () => command('network.setMode', { name, mode: 'full', ...(pool && { pool }) });
	return (
		<Dialog title={`Serve machines on ${name}`} onClose={onClose} wide>
			<WhatIsSent name={name} />
			{face.internet && (
				<Problem
					tone="attention"
					text={`${name} carries this computer’s own way to the internet.`}
					nextStep="Usually another network is on it, with its own DHCP server. Machines are best put on a port of their own."
				/>
			)}
			{thrown !== null && <Problem thrown={thrown} />}
			{!probe && thrown === null && (
				<p className="row muted" role="status">
					<Glyph tone="working" /> Listening on {name} for other DHCP servers and used addresses…
				</p>
			)}
			{probe && <ProbeResult probe={probe} name={name} />}
			{probe?.clean && range && (
				<div className="pool-fields">
					<Field label="First address to hand out" value={range.start} onChange={(start) => setPool({ ...range, start })} />
					<Field label="Last address" value={range.end} onChange={(end) => setPool({ ...range, end })} />
				</div>
			)}
			<DialogEnd label={`Serve on ${name}`} run={serve} onClose={onClose} why={whyNot(probe, name)} />
		</Dialog>
	);
}

function whyNot(probe: ProbeView | null, name: string): string | null {
	if (!probe) return 'The probe comes first.';
	return probe.clean ? null : `${name} already has a server.`;
}

/** The promise, before anything is switched on. */
export function WhatIsSent({ name }: { name: string }) {
	return (
		<div className="promise">
			<p>
				<strong>Will be sent on {name}:</strong> DHCP answers to machines that ask, boot files, and router advertisements. Every
				minute a DHCP probe, to notice other servers.
			</p>
			<p>
				<strong>Will not be sent:</strong> anything on any other interface; a gateway to the internet; changes to machines that
				don’t boot from the network.
			</p>
		</div>
	);
}
