import { cleanText } from '../domain/clean.ts';
import { vendorData } from '../domain/cloudConfig.ts';
import { hostFqdn } from '../domain/dnsName.ts';
import { Refusal } from '../domain/errors.ts';
import type { Machine } from '../domain/machine.ts';
import type { Store } from '../store/store.ts';
import { type Advance, pushDeadline } from './advance.ts';
import { isInMemory, siteServices } from './preseed.ts';
import { keepReportedFile, readReportedFiles } from './reportedFiles.ts';

/**
 * What an installed system's cloud-init asks of MAAS's metadata service (facts §6), by its own keys. Fetching the user data while
 * Deploying is the proof that the installed system runs: it makes the machine Deployed, before the reply is built, as in MAAS.
 */
export interface CloudInit {
	/** Items that there are none of are `null`: cloud-init is told 404. */
	metaData(machine: Machine): Readonly<Record<MetaDataItem, string | null>>;
	userData(machine: Machine): Uint8Array | null;
	/** One line of cloud-init's webhook reporter. Throws Refusal for what is not one. */
	status(machine: Machine, body: unknown): void;
	/** `false`: the disk holds a system, the next network boot is handed to it. */
	setNetboot(machine: Machine, netboot: boolean): void;
}

export type MetaDataItem = 'instance-id' | 'local-hostname' | 'public-keys' | 'vendor-data' | 'x509';

export function createCloudInit(store: Store, advance: Advance, now: () => Date): CloudInit {
	const stage = (machine: Machine, text: string, failure: string | null, ms: number | null, startedOnly: boolean) => {
		const boot = store.boots.latest(machine.id, 1)[0];
		store.events.append({
			nodeId: machine.id,
			bootId: boot?.id ?? null,
			kind: startedOnly ? 'stage-start' : 'stage',
			stage: 'cloud-init',
			level: failure ? 'error' : 'info',
			text,
			ms,
			cause: failure,
			nextStep: failure ? 'Read /var/log/cloud-init.log on the machine.' : null,
		});
		store.machines.touched(machine.id);
	};
	/** How long the installed system took from the local disk to its first word. */
	const sinceHandOver = (machine: Machine): number | null => {
		const handedOver = store.boots.latest(machine.id, 1)[0]?.endedAt;
		return handedOver ? now().getTime() - Date.parse(handedOver) : null;
	};
	/** Nobody logs in to a system in memory, unless that was asked for with the order. */
	const sshKeysFor = (machine: Machine): string[] => {
		const mayLogIn = !isInMemory(machine) || store.results.openJob(machine.id)?.options.stayOn === true;
		return machine.ownerId === null || !mayLogIn ? [] : store.users.sshKeys(machine.ownerId).map(({ key }) => key);
	};
	/** Windows lets people in by certificates. */
	const certificatesFor = ({ ownerId, imageId }: Machine): string[] =>
		ownerId !== null && imageId !== null && store.bootResources.systemsOfImages().get(imageId)?.osystem === 'windows'
			? store.users.sslKeys(ownerId).map(({ key }) => key)
			: [];
	const lines = (all: readonly string[]) => (all.length > 0 ? `${all.join('\n')}\n` : null);

	return {
		metaData(machine) {
			const domain = store.domains.byId(machine.domainId) ?? store.domains.default();
			return {
				'instance-id': machine.systemId,
				'local-hostname': hostFqdn(machine.hostname, domain.name),
				'public-keys': lines(sshKeysFor(machine)),
				'vendor-data': vendorData(siteServices(store), isInMemory(machine)),
				x509: lines(certificatesFor(machine)),
			};
		},
		userData(machine) {
			if (machine.status === 'deploying') {
				stage(machine, 'cloud-init of the installed system asked for its user data', null, sinceHandOver(machine), false);
				advance(machine.id, 'deployed', { text: 'The installed system runs: its cloud-init has reported.' });
			}
			return store.machines.userData(machine.id);
		},
		status(machine, body) {
			const line = readStatus(body);
			for (const file of readReportedFiles(body, line.result)) keepReportedFile(store, machine, file, now());
			pushDeadline(store, machine, now());
			const failure = /^FAIL/.test(line.result) ? `cloud-init: ${line.name}: ${line.description}` : null;
			const topLevel = !line.name.includes('/');
			if (!topLevel && !failure) return;
			if (line.eventType === 'start') stage(machine, `${line.name} began`, null, null, true);
			if (line.eventType === 'finish') stage(machine, line.name, failure, line.duration, false);
			// MAAS: only a top-level stage that fails fails the deployment
			const fails = machine.status === 'deploying' || machine.status === 'commissioning';
			if (failure && topLevel && line.eventType === 'finish' && fails)
				advance(machine.id, 'fail', { text: failure, nextStep: 'Read /var/log/cloud-init.log on the machine.' });
		},
		setNetboot: (machine, netboot) => store.machines.update(machine.id, { netboot }),
	};
}

function readStatus(body: unknown): {
	name: string;
	description: string;
	eventType: string;
	result: string;
	duration: number | null;
} {
	const field = (name: string, required: boolean): string => {
		const value = typeof body === 'object' && body !== null && name in body ? (body as Record<string, unknown>)[name] : undefined;
		if (typeof value !== 'string' && required)
			throw new Refusal('bad-input', `A status line has a text “${name}”.`, { field: name });
		return cleanText(value, 500) ?? '';
	};
	const duration = (body as { duration?: unknown } | null)?.duration;
	field('origin', true);
	return {
		name: field('name', true),
		description: field('description', true),
		eventType: field('event_type', true),
		result: field('result', false),
		duration: typeof duration === 'number' && Number.isFinite(duration) && duration >= 0 ? duration * 1000 : null,
	};
}
