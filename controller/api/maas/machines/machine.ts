import { layoutNames } from '../../../domain/storage/layouts.ts';
import { base64, boolean, choice, required, text } from '../parameters.ts';
import { resource } from '../resource.ts';
import { bridgeFields } from './forms/bridgeForm.ts';
import { commissionFields, testFields } from './forms/errandForm.ts';
import { machineFields, POWER_REST } from './forms/machineForm.ts';
import { releaseFields } from './forms/releaseForm.ts';

const comment = text('Goes into the machine’s history.', { max: 1000 });
const scriptParameters = 'Parameters of scripts: SCRIPT_PARAMETER, or PARAMETER for all scripts that have it';

/** `machines/{system_id}/` (facts §2.4). */
export const machineResource = resource({
	name: 'MachineHandler',
	path: 'machines/{system_id}/',
	doc: 'One machine.',
	actions: {
		read: { doc: 'Show a machine.', who: 'user' },
		update: { doc: 'Change a machine.', who: 'admin', parameters: machineFields, rest: POWER_REST },
		delete: {
			doc: 'Delete a machine with its history.',
			who: 'admin',
			parameters: { force: boolean('Taken for older clients; changes nothing.') },
		},
		get_token: { doc: 'The machine’s own keys for the metadata service; null without a deployment.', who: 'admin', get: true },
		get_curtin_config: {
			doc: 'What curtin is told.',
			who: 'user',
			get: true,
			later:
				'Metaldesk writes whole disk images and does not install with curtin, so there is no curtin configuration. The results of the deployment scripts show what was done.',
		},
		details: { doc: 'What lshw and lldpd found, as BSON.', who: 'user', get: true },
		power_parameters: { doc: 'Power settings with their secrets.', who: 'admin', get: true },
		query_power_state: { doc: 'Ask the BMC now.', who: 'user', get: true },
		commission: {
			doc: 'Take the machine’s inventory anew, and test it.',
			who: 'admin',
			parameters: commissionFields,
			rest: scriptParameters,
		},
		test: { doc: 'Test the hardware.', who: 'admin', parameters: testFields, rest: scriptParameters },
		deploy: {
			doc: 'Install a system on a machine of yours, or on one that is Ready, which becomes yours.',
			who: 'editor',
			parameters: {
				...bridgeFields,
				comment,
				distro_series: text('ubuntu/jammy, custom/x, or the bare name; empty: the default.', { max: 255 }),
				osystem: text('Older way to write what comes before the slash.', { max: 64 }),
				user_data: base64('For cloud-init.'),
				hwe_kernel: text('ga-22.04, hwe-22.04, …', { max: 64 }),
				license_key: text('Kept for clients that send it.', { max: 255 }),
				agent_name: text('What your client calls itself.', { max: 255 }),
				ephemeral_deploy: boolean('Run it from memory.'),
				enable_kernel_crash_dump: boolean('Keep dumps of crashed kernels.'),
				enable_hw_sync: boolean('The system reports its hardware regularly.'),
				vcenter_registration: boolean('Register an ESXi host.'),
				install_kvm: boolean('Removed by MAAS.'),
				register_vmhost: boolean('Removed by MAAS.'),
				install_rackd: boolean('Removed by MAAS.'),
			},
		},
		release: {
			doc: 'Give the machine back: its disks are erased if asked for, it is switched off, and becomes Ready.',
			who: 'editor',
			parameters: releaseFields,
			rest: scriptParameters,
		},
		abort: { doc: 'Stop what is going on; the machine is switched off.', who: 'editor', parameters: { comment } },
		lock: { doc: 'Forbid every other action on a deployed machine.', who: 'editor', parameters: { comment } },
		unlock: { doc: 'Allow them again.', who: 'editor', parameters: { comment } },
		mark_broken: {
			doc: 'Mark your machine as broken; one in use is taken out of it.',
			who: 'editor',
			parameters: { comment, error_description: text('Older name of the comment.', { max: 1000 }) },
		},
		mark_fixed: { doc: 'It is repaired: Ready again.', who: 'admin', parameters: { comment } },
		override_failed_testing: { doc: 'Use it all the same.', who: 'admin', parameters: { comment } },
		rescue_mode: { doc: 'Boot a small system in memory, for repairs.', who: 'admin' },
		exit_rescue_mode: { doc: 'Back to what it was.', who: 'admin' },
		power_on: {
			doc: 'Switch a machine on that belongs to somebody.',
			who: 'editor',
			parameters: { user_data: base64('For cloud-init, instead of what it was deployed with.'), comment },
		},
		power_off: {
			doc: 'Switch it off. Answers null when that could not be ordered.',
			who: 'editor',
			parameters: {
				stop_mode: choice('hard: at once; soft: its system is asked first.', ['hard', 'soft']),
				comment,
			},
		},
		set_storage_layout: {
			doc: 'Lay the disks out anew.',
			who: 'admin',
			parameters: {
				storage_layout: required(choice('Which layout.', layoutNames)),
				boot_size: text('Size of /boot, in bytes.', { max: 32 }),
				root_size: text('Size of /, in bytes or per cent.', { max: 32 }),
				root_device: text('Id of the disk for /.', { max: 32 }),
				vg_name: text('Name of the volume group.', { max: 128 }),
				lv_name: text('Name of the logical volume.', { max: 128 }),
				lv_size: text('Its size.', { max: 32 }),
				cache_device: text('Id of the disk for the cache.', { max: 32 }),
				cache_mode: text('writeback, writethrough or writearound.', { max: 32 }),
				cache_size: text('Size of the cache.', { max: 32 }),
				cache_no_part: boolean('The whole disk, without a partition.'),
			},
		},
		mount_special: {
			doc: 'Mount a file system of memory.',
			who: 'editor',
			parameters: {
				fstype: required(choice('Which kind.', ['tmpfs', 'ramfs'])),
				mount_point: required(text('Where.', { max: 255 })),
				mount_options: text('Further options.', { max: 255 }),
				mount_option: text('The same, in the spelling of older clients.', { max: 255 }),
			},
		},
		unmount_special: {
			doc: 'Unmount one.',
			who: 'editor',
			parameters: { mount_point: required(text('Where.', { max: 255 })) },
		},
		clear_default_gateways: { doc: 'Forget which links the default routes go through.', who: 'admin' },
		restore_networking_configuration: { doc: 'Interfaces as the last commissioning found them.', who: 'admin' },
		restore_storage_configuration: { doc: 'Disks as the last commissioning found them.', who: 'admin' },
		restore_default_configuration: { doc: 'Interfaces and disks as the last commissioning found them.', who: 'admin' },
		set_workload_annotations: {
			doc: 'Note what your machine does; an empty value deletes its key.',
			who: 'editor',
			rest: 'KEY: value',
		},
		set_owner_data: { doc: 'Older name of set_workload_annotations.', who: 'editor', rest: 'KEY: value' },
	},
});
