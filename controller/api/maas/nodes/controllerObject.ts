import type { Host } from '../../../domain/host.ts';
import { statusCode } from '../../../domain/lifecycle.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Parts } from '../../parts.ts';
import { nodeCommons } from '../machines/nodeObject.ts';
import { resultSummaries } from '../machines/results/resultSummaries.ts';
import { uriOf } from '../resource.ts';
import { commonOf } from './deviceObject.ts';
import { servicesOf } from './services.ts';

/** The controller as MAAS shows one; `side`: by which of its two addresses it was asked for. */
export function controllerObjects(parts: Parts, controllers: readonly Node[], side: 'rack' | 'region' = 'rack') {
	const { store, host, version } = parts;
	const commons = nodeCommons(store, 'controller', controllers);
	const summaries = resultSummaries(
		parts,
		controllers.map(({ id }) => id),
	);
	const addresses = outwardAddresses(host);
	return controllers.map((controller) => ({
		...commonOf(commons, controller),
		ip_addresses: addresses,
		resource_uri: uriOf(`${side}controllers/{system_id}/`, { system_id: controller.systemId }),
		...summaries(controller.id),
		architecture: `${host.architecture}/generic`,
		cpu_count: host.cpuCount,
		cpu_speed: host.cpuSpeed ?? 0,
		memory: Math.floor(host.memory / 2 ** 20),
		swap_size: null,
		osystem: host.osystem,
		distro_series: host.series,
		hardware_uuid: null,
		hardware_info: { cpu_model: host.cpuModel ?? 'Unknown' },
		status: statusCode('deployed'),
		status_name: 'Deployed',
		status_action: '',
		// it answers; by which BMC it could be switched off is nobody's business but its administrator's
		power_type: '',
		power_state: 'unknown',
		version,
		service_set: servicesOf(parts.interfaces.services()),
	}));
}

/** Where the controller can be reached: link-local addresses say nothing without their interface (RFC 4007 §6). */
const outwardAddresses = (host: Host): string[] =>
	host.cards
		.flatMap(({ addresses }) => addresses.map((address) => address.split('/')[0] ?? ''))
		.filter((address) => !/^(fe[89ab][0-9a-f]:|169\.254\.)/i.test(address));
