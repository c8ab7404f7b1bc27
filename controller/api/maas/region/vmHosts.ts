import type { Implemented, Resource } from '../resource.ts';

/** MAAS has taken VM hosts away after 3.7; the names are kept, so that clients that bind them by name still start (python-libmaas: Pods). */
const gone = {
	gone: 'VM hosts are no longer part of MAAS’s API. Make virtual machines with your hypervisor’s own tools and let them boot from the network: they enlist like any other machine.',
} as const;

const collection = {
	read: { doc: 'Gone.', who: 'user', ...gone },
	create: { doc: 'Gone.', who: 'user', ...gone },
} as const;
const item = {
	read: { doc: 'Gone.', who: 'user', ...gone },
	update: { doc: 'Gone.', who: 'user', ...gone },
	delete: { doc: 'Gone.', who: 'user', ...gone },
	compose: { doc: 'Gone.', who: 'user', ...gone },
	refresh: { doc: 'Gone.', who: 'user', ...gone },
	parameters: { doc: 'Gone.', who: 'user', get: true, ...gone },
	add_tag: { doc: 'Gone.', who: 'user', ...gone },
	remove_tag: { doc: 'Gone.', who: 'user', ...gone },
} as const;

/** Every path of them answers 410. */
export const goneResources: readonly Resource[] = [
	{ name: 'VmHostsHandler', path: 'vm-hosts/', doc: 'Gone.', actions: collection },
	{ name: 'VmHostHandler', path: 'vm-hosts/{id}/', doc: 'Gone.', actions: item },
	{ name: 'PodsHandler', path: 'pods/', doc: 'Gone.', actions: collection },
	{ name: 'PodHandler', path: 'pods/{id}/', doc: 'Gone.', actions: item },
	{ name: 'VirtualMachinesHandler', path: 'virtual-machines/', doc: 'Gone.', actions: { read: item.read } },
	{ name: 'VirtualMachineHandler', path: 'virtual-machines/{id}', doc: 'Gone.', actions: { read: item.read } },
	{ name: 'VmClustersHandler', path: 'vm-clusters/', doc: 'Gone.', actions: { read: item.read } },
	{
		name: 'VmClusterHandler',
		path: 'vm-clusters/{id}',
		doc: 'Gone.',
		actions: { read: item.read, update: item.update, delete: item.delete },
	},
];

export const vmHostHandlers = (): Implemented[] => goneResources.map((resource) => ({ resource, handlers: {} }));
