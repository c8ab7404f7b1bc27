import { allocateConstraints, listConstraints } from '../../../domain/allocation/constraints.ts';
import { boolean, list, mandatory, required, text } from '../parameters.ts';
import { resource } from '../resource.ts';
import { bridgeFields } from './forms/bridgeForm.ts';
import { commissionFields } from './forms/errandForm.ts';
import { machineFields, POWER_REST } from './forms/machineForm.ts';

const comment = text('Goes into the history of each machine.', { max: 1000 });
const machines = list('System ids, repeated or parted by commas.');
const macAddress = mandatory(text('MAC address of one of the machine’s cards.', { max: 64 }));

/** `machines/` (facts §2.3). */
export const machinesResource = resource({
	name: 'MachinesHandler',
	path: 'machines/',
	doc: 'Machines, and what is done to several of them at once.',
	anonymous: 'AnonMachinesHandler',
	actions: {
		read: {
			doc: 'List machines in the order of their creation, those that match all filters.',
			who: 'user',
			rest: `Filters: ${listConstraints.join(', ')}`,
		},
		create: {
			doc: 'Add a machine. An administrator’s is commissioned at once unless told otherwise; without credentials a machine enlists itself.',
			who: 'anyone',
			rest: POWER_REST,
			parameters: {
				...machineFields,
				...commissionFields,
				mac_addresses: list('MAC addresses of its cards, that of the boot card first.'),
				subarchitecture: text('Older way to write what comes after the slash of the architecture.', { max: 64 }),
				commission: boolean('Commission it at once; administrators only, and their default.'),
				deployed: boolean('It runs a system already: Deployed, and yours.'),
				is_dpu: boolean('It is a data processing unit.'),
			},
		},
		is_registered: {
			doc: 'Is there a machine with this card?',
			who: 'anyone',
			get: true,
			parameters: { mac_address: macAddress },
		},
		is_action_in_progress: {
			doc: 'Is the machine with this card being commissioned, tested, deployed, erased or released?',
			who: 'anyone',
			get: true,
			parameters: { mac_address: macAddress },
		},
		accept: {
			doc: 'Commission machines that have enlisted.',
			who: 'admin',
			parameters: { machines },
		},
		accept_all: { doc: 'Commission all machines that have enlisted.', who: 'admin' },
		release: {
			doc: 'Give machines back. Ready ones are left out of the answer; nothing is released when one of them can’t be.',
			who: 'user',
			parameters: { machines, comment },
		},
		list_allocated: {
			doc: 'List your machines that are allocated and not deployed yet.',
			who: 'user',
			get: true,
			parameters: { id: list('System ids.') },
		},
		allocate: {
			doc: 'Take the smallest machine that is Ready and meets all constraints.',
			who: 'user',
			rest: `Constraints: ${allocateConstraints.join(', ')}`,
			parameters: {
				agent_name: text('What your client calls itself.', { max: 255 }),
				comment,
				dry_run: boolean('Choose a machine, but don’t take it.'),
				verbose: boolean('Tell the labels of every machine that would have done.'),
				note: text('Metaldesk: what the machine is reserved for.', { max: 1000 }),
				until: text('Metaldesk: when the reservation ends, as 2026-12-31.', { max: 64 }),
				...bridgeFields,
			},
		},
		add_chassis: {
			doc: 'Add every machine of a chassis or hypervisor.',
			who: 'admin',
			parameters: {
				chassis_type: mandatory(text('Which kind.', { max: 32 })),
				hostname: mandatory(text('Its address.', { max: 255 })),
				username: text('Account on it.', { max: 255 }),
				password: text('Its password.', { max: 255 }),
			},
			later:
				'Metaldesk asks no chassis yet: its power drivers are IPMI and manual. Add each machine with POST machines/ and its own power settings, or let the machines boot from the network, which enlists them.',
		},
		clone: {
			doc: 'Give the networks and the disk layout of one machine to others.',
			who: 'admin',
			parameters: {
				source: required(text('System id of the machine to copy from.', { max: 64 })),
				destinations: list('System ids of the machines that get it.'),
				interfaces: boolean('Copy the interfaces.'),
				storage: boolean('Copy the disk layout.'),
			},
		},
		power_parameters: {
			doc: 'Power settings of machines with their secrets, by system id.',
			who: 'admin',
			get: true,
			parameters: { id: list('System ids; none: all machines.') },
		},
		set_zone: {
			doc: 'Move nodes to a zone.',
			who: 'admin',
			parameters: {
				zone: required(text('The zone’s name or id.', { max: 256 })),
				nodes: list('System ids.'),
			},
		},
	},
});
