import type { IpmiClient } from '../ipmi-js/client.ts';
import { type BootFlagDevice, getBootFlags, setBootFlags } from '../ipmi-js/commands/bootOptions.ts';
import { chassisControl, getChassisStatus, type PowerOrder } from '../ipmi-js/commands/chassis.ts';
import type { Command } from '../ipmi-js/commands/command.ts';
import { getDeviceId } from '../ipmi-js/commands/device.ts';
import { IpmiError } from '../ipmi-js/errors.ts';
import { type BootDevice, fail, type PowerDriver, type PowerParameters, type PowerResult, succeed } from './driver.ts';
import { describeIpmiFailure } from './ipmiFailures.ts';
import { type BmcSettings, ipmiFields, parseAddress, readBmc } from './ipmiSettings.ts';

/** BMCs that speak IPMI 2.0 (or 1.5, when the setting power_driver says LAN). */
export function createIpmiDriver(client: IpmiClient): PowerDriver {
	const subject = (parameters: PowerParameters) =>
		`The BMC at ${parseAddress(String(parameters.power_address ?? ''))?.host ?? 'an unknown address'}`;

	/** Reads the parameters, runs `work`, and turns what the BMC did wrong into a failure. */
	async function withBmc<T>(
		parameters: PowerParameters,
		work: (run: Run, values: BmcSettings) => Promise<PowerResult<T>>,
	): Promise<PowerResult<T>> {
		const settings = readBmc(parameters);
		if (!settings.ok) return settings;
		const { bmc } = settings.value;
		try {
			return await work((command) => client.run(bmc, command), settings.value);
		} catch (error) {
			if (!(error instanceof IpmiError)) throw error;
			return describeIpmiFailure(subject(parameters), bmc, error);
		}
	}

	async function order(parameters: PowerParameters, wanted: PowerOrder): Promise<PowerResult<void>> {
		return withBmc(parameters, async (run) => succeed(await carryOut(run, wanted)));
	}

	return {
		name: 'ipmi',
		description: 'IPMI',
		queryable: true,
		chassis: false,
		fields: ipmiFields,
		subject,
		query: (parameters) => withBmc(parameters, async (run) => succeed((await run(getChassisStatus)).powerOn ? 'on' : 'off')),
		on: (parameters) => order(parameters, 'on'),
		off: (parameters, options) =>
			withBmc(parameters, async (run, { softOff }) => succeed(await carryOut(run, (options?.soft ?? softOff) ? 'soft' : 'off'))),
		// Cycle does nothing to a machine that is off (IPMI 2.0 section 28.3).
		cycle: (parameters) =>
			withBmc(parameters, async (run) => succeed(await carryOut(run, (await run(getChassisStatus)).powerOn ? 'cycle' : 'on'))),
		reset: (parameters) => order(parameters, 'reset'),
		setBootDevice: (parameters, wanted) =>
			withBmc(parameters, async (run, { efi }) => {
				await run(setBootFlags({ device: wanted.device, efi: efi ?? wanted.efi, persistent: false }));
				const held = await run(getBootFlags);
				return bootDeviceHeld(subject(parameters), wanted, held.device, held.efi);
			}),
		firmware: (parameters) => withBmc(parameters, async (run) => succeed((await run(getDeviceId)).firmware)),
	};
}

type Run = <T>(command: Command<T>) => Promise<T>;

/** "Not in the present state": a BMC may answer so to "on" for a machine that is on. */
const NOT_IN_THIS_STATE = 0xd5;

async function carryOut(run: Run, order: PowerOrder): Promise<void> {
	try {
		await run(chassisControl(order));
	} catch (error) {
		if (!(error instanceof IpmiError) || error.completionCode !== NOT_IN_THIS_STATE) throw error;
		const { powerOn } = await run(getChassisStatus);
		const goal = { on: true, off: false, soft: false, cycle: null, reset: null }[order];
		if (powerOn !== goal) throw error;
	}
}

/** The EFI bit is reported, not insisted on: a BMC that loses it, as ipmi_sim does, still boots the device. */
function bootDeviceHeld(subject: string, wanted: BootDevice, device: BootFlagDevice, efi: boolean): PowerResult<BootDevice> {
	if (device === wanted.device) return succeed({ device: wanted.device, efi });
	return fail(
		'did-not-act',
		`${subject} accepted ${wanted.device} as the next boot device but still reports ${device}.`,
		'Set network boot first in the firmware setup of the machine, or update the firmware of its BMC.',
	);
}
