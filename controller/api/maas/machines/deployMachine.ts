import { lifecycle } from '../../../domain/lifecycle.ts';
import type { Machine } from '../../../domain/machine.ts';
import { imageFor } from '../../../flows/chooseImage.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { conflict, MaasRefusal } from '../failures.ts';
import type { Values } from '../parameters.ts';
import { readBridges } from './forms/bridgeForm.ts';
import { readKernel } from './forms/machineForm.ts';
import type { machineResource } from './machine.ts';

type Input = Values<(typeof machineResource)['actions']['deploy']['parameters']>;

/** `op=deploy` (facts §11.3): the system that the words mean, for this machine's architecture. */
export function deployMachine({ store, actions, allocation }: Parts, machine: Machine, input: Input, user: User): Machine {
	if (machine.status !== 'allocated' && machine.status !== 'ready')
		throw conflict(`Can't deploy a machine that is in the '${lifecycle[machine.status].name}' state`);
	for (const name of ['install_kvm', 'install_rackd', 'register_vmhost'] as const)
		if (input[name]) throw new MaasRefusal(400, `Support for ${name} allocation parameter has been removed.`);
	if (input.ephemeral_deploy)
		throw new MaasRefusal(501, 'Metaldesk writes images to disks; it runs none from memory yet. Leave ephemeral_deploy out.');
	const { image } = imageFor(
		store,
		{ osystem: input.osystem, distroSeries: input.distro_series, architecture: machine.architecture },
		{ osystem: store.config.text('default_osystem'), distroSeries: store.config.text('default_distro_series') },
	);
	const bridges = readBridges(input);
	return store.transaction(() => {
		const mine =
			machine.status === 'ready' ? allocation.take(machine, user, { agentName: input.agent_name ?? '', bridges }) : machine;
		return actions.deploy(mine, user, {
			imageId: image.id,
			userData: input.user_data ?? null,
			comment: input.comment || null,
			...(input.agent_name === undefined ? {} : { agentName: input.agent_name }),
			hweKernel: readKernel('hwe_kernel', input.hwe_kernel ?? '') || null,
			enableHwSync: input.enable_hw_sync ?? false,
			enableKernelCrashDump: input.enable_kernel_crash_dump ?? store.config.flag('enable_kernel_crash_dump'),
		});
	});
}
