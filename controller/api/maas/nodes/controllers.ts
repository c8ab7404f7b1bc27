import type { Node } from '../../../store/nodes.ts';
import type { Parts } from '../../parts.ts';
import { MaasRefusal, notFound, unfit } from '../failures.ts';
import { hardwareDetails } from '../machines/hardwareDetails.ts';
import { boolean, list, text, type Values } from '../parameters.ts';
import { domainNamed, zoneNamed } from '../places/named.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { controllerObjects } from './controllerObject.ts';
import { FILTERS, matchingNodes } from './filters.ts';
import { powerTypeObject } from './powerTypes.ts';

const fields = {
	description: text('What it is.', { max: 10_000 }),
	domain: text('The domain, by name or id.', { max: 255 }),
	zone: text('The zone, by name.', { max: 256 }),
	power_type: text('Must be empty: this computer is not switched by its own program.', { max: 64 }),
	power_parameters_skip_check: boolean('No effect: there are no power parameters.'),
};
const ids = { id: list('Only these, by system_id.') };
const force = { force: boolean('Delete it also while it is in use.') };

const notSwitched = 'The computer of the controller is not switched, tested or aborted by itself: do that where it stands.';
const switching = {
	details: { doc: 'What lshw and lldpd have found; nothing is collected of the own computer.', who: 'user', get: true },
	power_parameters: { doc: 'The power parameters: none.', who: 'admin', get: true },
	query_power_state: { doc: 'The power state: it is on, for it answers.', who: 'user', get: true },
	power_on: { doc: 'Switch the computer on.', who: 'admin', later: notSwitched },
	power_off: { doc: 'Switch the computer off.', who: 'admin', later: notSwitched },
	test: { doc: 'Test the computer.', who: 'admin', later: notSwitched },
	abort: { doc: 'Abort what the computer is doing.', who: 'admin', later: notSwitched },
	override_failed_testing: { doc: 'Ignore failed tests.', who: 'admin', later: notSwitched },
} as const;

export const rackControllersResource = resource({
	name: 'RackControllersHandler',
	path: 'rackcontrollers/',
	doc: 'The controller, as the one that machines boot from.',
	actions: {
		read: { doc: 'List the controllers: there is one.', who: 'user', rest: FILTERS },
		describe_power_types: { doc: 'How machines can be switched, and what each way has to know.', who: 'user', get: true },
		power_parameters: { doc: 'The power parameters of controllers: none.', who: 'admin', get: true, parameters: ids },
		import_boot_images: { doc: 'Bring the region’s images to the racks.', who: 'admin' },
	},
});

export const rackControllerResource = resource({
	name: 'RackControllerHandler',
	path: 'rackcontrollers/{system_id}/',
	doc: 'The controller, as the one that machines boot from.',
	actions: {
		read: { doc: 'Show the controller.', who: 'user' },
		update: {
			doc: 'Describe or place the controller.',
			who: 'admin',
			parameters: fields,
			rest: 'power_parameters_…: must be empty',
		},
		delete: { doc: 'Refused: it is the controller that answers.', who: 'admin', parameters: force },
		...switching,
		import_boot_images: { doc: 'Bring the region’s images to this rack.', who: 'admin' },
		list_boot_images: { doc: 'What can be booted and deployed from this rack.', who: 'user', get: true },
	},
});

export const regionControllersResource = resource({
	name: 'RegionControllersHandler',
	path: 'regioncontrollers/',
	doc: 'The controller, as the one that people and clients talk to.',
	actions: {
		read: rackControllersResource.actions.read,
		describe_power_types: rackControllersResource.actions.describe_power_types,
		power_parameters: rackControllersResource.actions.power_parameters,
	},
});

export const regionControllerResource = resource({
	name: 'RegionControllerHandler',
	path: 'regioncontrollers/{system_id}/',
	doc: 'The controller, as the one that people and clients talk to.',
	actions: {
		read: rackControllerResource.actions.read,
		update: rackControllerResource.actions.update,
		delete: rackControllerResource.actions.delete,
		...switching,
	},
});

export function controllerHandlers(parts: Parts): Implemented[] {
	const { store, powerDrivers } = parts;
	const collection = (side: 'rack' | 'region') => ({
		read: (_: unknown, { rest }: { rest: ReadonlyMap<string, readonly string[]> }) =>
			controllerObjects(parts, matchingNodes(store, rest, 'controller'), side),
		describe_power_types: () => powerDrivers.map(powerTypeObject),
		power_parameters: ({ id: wanted }: Values<typeof ids>) =>
			Object.fromEntries(
				store.nodes
					.all('controller')
					.filter(({ systemId }) => !wanted || wanted.length === 0 || wanted.includes(systemId))
					.map(({ systemId }) => [systemId, {}]),
			),
	});
	const one = (side: 'rack' | 'region') => {
		const find = (systemId: string): Node => {
			const node = store.nodes.bySystemId(systemId);
			if (node?.kind !== 'controller') throw notFound(side === 'rack' ? 'RackController' : 'RegionController');
			return node;
		};
		return {
			read: (_: unknown, { uri }: Named) => controllerObjects(parts, [find(uri.system_id)], side)[0],
			update({ description, domain, zone, power_type: driver }: Values<typeof fields>, { uri, rest }: Changing) {
				const { id } = find(uri.system_id);
				const powered = driver ? 'power_type' : [...rest.keys()].find((name) => name.startsWith('power_parameters'));
				if (powered) throw unfit(powered, 'The computer of the controller has no power settings.');
				const change = {
					description,
					domainId: domain ? domainNamed(store, domain).id : undefined,
					zoneId: zone ? zoneNamed(store, zone).id : undefined,
				};
				return controllerObjects(parts, [store.nodes.update(id, change)], side)[0];
			},
			delete(_: unknown, { uri }: Named) {
				const { hostname } = find(uri.system_id);
				throw new MaasRefusal(400, `${hostname} can’t be deleted: it is the controller that answers you.`);
			},
			details: (_: unknown, { uri }: Named) => hardwareDetails(store, find(uri.system_id).id),
			power_parameters: (_: unknown, { uri }: Named) => find(uri.system_id) && {},
			query_power_state: (_: unknown, { uri }: Named) => find(uri.system_id) && { state: 'on' },
		};
	};
	/** Region and rack are one program with one store: what could be fetched is there. */
	const imported = () => Reply.text('The images of this region are those of its rack: nothing has to be transferred.', 202);
	const rack = one('rack');
	return [
		on(rackControllersResource, { ...collection('rack'), import_boot_images: imported }),
		on(rackControllerResource, {
			...rack,
			import_boot_images: (_, call) => rack.read(_, call) && imported(),
			list_boot_images(_, call) {
				rack.read(_, call);
				const images = store.bootResources.list().filter(({ sets }) => sets.some((set) => set.complete));
				return {
					images: images.map(({ name, architecture: both }) => {
						const [architecture = '', subarch = ''] = both.split('/');
						return { name, architecture, subarches: subarch };
					}),
					connected: true,
					status: 'synced',
				};
			},
		}),
		on(regionControllersResource, collection('region')),
		on(regionControllerResource, one('region')),
	];
}

interface Named {
	readonly uri: { readonly system_id: string };
}
interface Changing extends Named {
	readonly rest: ReadonlyMap<string, readonly string[]>;
}
