import type { Implemented, Resource } from '../resource.ts';

/** MAAS has taken VM hosts away after 3.7; the names are kept, so that clients that bind them by name still start (python-libmaas: Pods). */
const gone = {
	gone: 'VM hosts are no longer part of MAAS’s API. Make virtual machines with your hypervisor’s own tools and let them boot from the network: they enlist like any other machine.',
} as const;

const collection = {
	read: { doc: 'Is gone.', who: 'user', ...gone },
	create: { doc: 'Is gone.', who: 'user', ...gone },
} as const;
const item = {
	read: { doc: 'Is gone.', who: 'user', ...gone },
	update: { doc: 'Is gone.', who: 'user', ...gone },
	delete: { doc: 'Is gone.', who: 'user', ...gone },
	compose: { doc: 'Is gone.', who: 'user', ...gone },
	refresh: { doc: 'Is gone.', who: 'user', ...gone },
	parameters: { doc: 'Is gone.', who: 'user', get: true, ...gone },
	add_tag: { doc: 'Is gone.', who: 'user', ...gone },
	remove_tag: { doc: 'Is gone.', who: 'user', ...gone },
} as const;

/** Every path of them answers 410. */
export const goneResources: readonly Resource[] = [
	{ name: 'VmHostsHandler', path: 'vm-hosts/', doc: 'VM hosts, which are gone.', actions: collection },
	{ name: 'VmHostHandler', path: 'vm-hosts/{id}/', doc: 'One VM host, which is gone.', actions: item },
	{ name: 'PodsHandler', path: 'pods/', doc: 'Pods, the older name of VM hosts: gone with them.', actions: collection },
	{ name: 'PodHandler', path: 'pods/{id}/', doc: 'One pod, the older name of a VM host: gone with it.', actions: item },
	{
		name: 'VirtualMachinesHandler',
		path: 'virtual-machines/',
		doc: 'Virtual machines of VM hosts, which are gone.',
		actions: { read: item.read },
	},
	{
		name: 'VirtualMachineHandler',
		path: 'virtual-machines/{id}',
		doc: 'One virtual machine of a VM host, which is gone.',
		actions: { read: item.read },
	},
	{ name: 'VmClustersHandler', path: 'vm-clusters/', doc: 'Clusters of VM hosts, which are gone.', actions: { read: item.read } },
	{
		name: 'VmClusterHandler',
		path: 'vm-clusters/{id}',
		doc: 'One cluster of VM hosts, which is gone.',
		actions: { read: item.read, update: item.update, delete: item.delete },
	},
];

export const vmHostHandlers = (): Implemented[] => goneResources.map((resource) => ({ resource, handlers: {} }));
