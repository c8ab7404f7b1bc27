import { createRaid, deleteRaid, updateRaid } from '../../../domain/storage/raids.ts';
import type { Fresh, Group, Storage } from '../../../domain/storage/storage.ts';
import { changeStorage } from '../../../flows/storageLayout.ts';
import type { Parts } from '../../parts.ts';
import { list, required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { groupIn, layoutNode, storageOf } from './access.ts';
import { RAID_PATH, raidObject } from './groupObject.ts';

const names = {
	name: text('Its name; md and a number unless it is said.', { max: 127 }),
	uuid: text('Its UUID; a new one is made unless it is said.', { max: 64 }),
};

export const raidsResource = resource({
	name: 'RaidsHandler',
	path: 'nodes/{system_id}/raids/',
	doc: 'Software RAIDs of a machine.',
	actions: {
		read: { doc: 'List them.', who: 'user' },
		create: {
			doc: 'Make a RAID of unused devices and partitions.',
			who: 'admin',
			parameters: {
				...names,
				level: required(text('raid-0, raid-1, raid-5, raid-6 or raid-10.', { max: 16 })),
				block_devices: list('Active block devices, by id or name.'),
				partitions: list('Active partitions, by id.'),
				spare_devices: list('Spare block devices, by id or name.'),
				spare_partitions: list('Spare partitions, by id.'),
			},
		},
	},
});

export const raidResource = resource({
	name: 'RaidHandler',
	path: RAID_PATH,
	also: ['nodes/{system_id}/raids/{id}/'],
	doc: 'One RAID.',
	actions: {
		read: { doc: 'Show it.', who: 'user' },
		update: {
			doc: 'Rename it, add and remove members.',
			who: 'admin',
			parameters: {
				...names,
				add_block_devices: list('Active block devices to add, by id or name.'),
				remove_block_devices: list('Active block devices to remove.'),
				add_partitions: list('Active partitions to add, by id.'),
				remove_partitions: list('Active partitions to remove.'),
				add_spare_devices: list('Spare block devices to add.'),
				remove_spare_devices: list('Spare block devices to remove.'),
				add_spare_partitions: list('Spare partitions to add.'),
				remove_spare_partitions: list('Spare partitions to remove.'),
			},
		},
		delete: { doc: 'Delete it with all that is on it.', who: 'admin' },
	},
});

export function raidHandlers({ store }: Parts): Implemented[] {
	const change = (
		uri: { system_id: string; id: string },
		what: string,
		work: (storage: Storage, group: Group, fresh: Fresh) => Storage,
	) =>
		changeStorage(store, layoutNode(store, uri.system_id, what), (storage, fresh) =>
			work(storage, groupIn(storage, 'raid', uri.id), fresh),
		);
	return [
		on(raidsResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return storage.groups.filter((group) => group.kind === 'raid').map((group) => raidObject(storage, group));
			},
			create({ block_devices, spare_devices, spare_partitions, ...wish }, { uri }) {
				const members = { devices: block_devices, spareDevices: spare_devices, sparePartitions: spare_partitions };
				const after = changeStorage(store, layoutNode(store, uri.system_id, 'create RAID'), (storage, fresh) =>
					createRaid(storage, { ...wish, ...members }, fresh),
				);
				return raidObject(after, after.groups.at(-1) as Group);
			},
		}),
		on(raidResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return raidObject(storage, groupIn(storage, 'raid', uri.id));
			},
			update({ name, uuid, ...members }, { uri }) {
				const wish = {
					...{ name, uuid },
					...{ addDevices: members.add_block_devices, removeDevices: members.remove_block_devices },
					...{ addPartitions: members.add_partitions, removePartitions: members.remove_partitions },
					...{ addSpareDevices: members.add_spare_devices, removeSpareDevices: members.remove_spare_devices },
					...{ addSparePartitions: members.add_spare_partitions, removeSparePartitions: members.remove_spare_partitions },
				};
				const after = change(uri, 'update RAID', (storage, group, fresh) => updateRaid(storage, group, wish, fresh));
				return raidObject(after, groupIn(after, 'raid', uri.id));
			},
			delete(_, { uri }) {
				change(uri, 'delete RAID', deleteRaid);
				return Reply.nothing();
			},
		}),
	];
}
