import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentSettings } from './agent.ts';
import type { Hardware } from './hardware/hardware.ts';
import { printedBy } from './hardware/printed.ts';

/** What a script does on a simulated machine. */
export interface ScriptRun {
	readonly stdout?: string;
	readonly exit?: number;
	/** the content of its result file */
	readonly result?: string;
	/** It never ends: the agent stops it at its time limit. */
	readonly hangs?: boolean;
}

/** What the installed system knows: written to the disk by a deployment, gone with an erase. */
export interface InstalledSystem {
	readonly metadataUrl: string;
	readonly statusUrl: string;
	readonly authorization: string;
}

/** The image's download begins again when it breaks off, for as long. */
const GIVE_UP_MS = 60_000;
const GiB = 2 ** 30;

/** How long the script takes on such a machine, s. */
export function secondsOf(script: string, { memory, disks }: Hardware): number {
	const known: Readonly<Record<string, number>> = {
		'30-maas-01-bmc-config': 8,
		'50-maas-01-commissioning': 5,
		'maas-support-info': 12,
		'maas-lshw': 4 + memory / (64 * GiB),
		'10-memory-size': 2 + memory / (128 * GiB),
		'smartctl-validate': 3 * disks.length,
		'10-write-image': 35,
		'20-grow': 4,
		'30-cloud-init': 2,
		'wipe-disks': 5 * disks.length,
		'90-verify-erase': 2 * disks.length,
	};
	return known[script] ?? 1;
}

/** Does what the script would do, as far as anybody can see from outside. The parameters stand in front of its text. */
export async function actOf(settings: AgentSettings, name: string, program: string): Promise<ScriptRun> {
	const { hardware, install } = settings;
	const told = Object.fromEntries([...program.matchAll(/^export (\w+)='(.*)'$/gm)].map((line) => [line[1], line[2]]));
	switch (name) {
		case '30-maas-01-bmc-config':
			return configureBmc(settings, told.METALDESK_CONFIGURE_BMC === '1');
		case '10-write-image':
			return writeImage(settings, told);
		case '30-cloud-init':
			install({
				metadataUrl: told.METADATA_URL ?? '',
				statusUrl: told.STATUS_URL ?? '',
				authorization:
					`OAuth oauth_signature_method="PLAINTEXT", oauth_consumer_key="${told.CONSUMER_KEY}", ` +
					`oauth_token="${told.TOKEN_KEY}", oauth_signature="%26${told.TOKEN_SECRET}"`,
			});
			return { stdout: `cloud-init is told to ask ${told.METADATA_URL}\n` };
		case 'wipe-disks':
			install(null);
			return { stdout: wiped(hardware, told.ERASE_MODE ?? '') };
		default:
			return { stdout: printedBy(name, hardware) };
	}
}

function configureBmc({ hardware, bmcSettings }: AgentSettings, allowed: boolean): ScriptRun {
	const settings = bmcSettings();
	if (!settings) return { stdout: printedBy('30-maas-01-bmc-config', hardware) };
	const { vendor, version, mac } = hardware.bmc;
	const found =
		`BMC: Firmware Revision         : ${version}\nBMC: IPMI Version              : 2.0\nBMC: Manufacturer Name         : ${vendor}\n` +
		`BMC address ${settings.power_address}, MAC ${mac}, LAN channel 1\n`;
	if (!allowed) return { stdout: `${found}Its accounts are left alone: the setting that allows configuring BMCs is off.\n` };
	return {
		stdout: `${found}Account ${settings.power_user} (number 3) is ready.\n`,
		result: JSON.stringify({ power_type: 'ipmi', power_parameters: { ...settings, mac_address: mac } }),
	};
}

async function writeImage(settings: AgentSettings, told: Readonly<Record<string, string | undefined>>): Promise<ScriptRun> {
	const { hardware, signal, from, wire } = settings;
	const disk = hardware.disks.find((each) => told.DISK === `serial:${each.serial}`);
	if (!disk) return { exit: 1, stdout: `There is no disk ${told.DISK}.\n` };
	if (disk.size < Number(told.IMAGE_SIZE))
		return { exit: 1, stdout: `Disk ${disk.name} has ${disk.size} bytes, the image needs ${told.IMAGE_SIZE}.\n` };
	const until = performance.now() + GIVE_UP_MS;
	for (;;) {
		const hash = createHash('sha256');
		const { status } = await wire.http('GET', told.IMAGE_URL ?? '', { signal, from, sink: (part) => void hash.update(part) });
		const sum = hash.digest('hex');
		if (status === 200 && sum === told.IMAGE_SHA256)
			return { stdout: progressOf(disk.name, disk.serial, Number(told.IMAGE_SIZE)) };
		if ((status >= 200 && status < 500) || performance.now() > until)
			return { exit: 1, stdout: `The image does not have the expected content (${status}): SHA-256 is ${sum}.\n` };
		await sleep(500, undefined, { signal });
	}
}

/** `::progress` is the line that the controller shows as the step's progress (controller/agent/functions.sh). */
function progressOf(disk: string, serial: string, size: number): string {
	const steps = [10, 20, 30, 40, 50, 60, 70, 80, 90].map(
		(percent) => `::progress ${percent} ${Math.floor((size * percent) / 100)} of ${size} bytes written\n`,
	);
	return `Writing to ${disk}: ${size} bytes, serial ${serial}\n${steps.join('')}::progress 100 image written and verified\n`;
}

function wiped({ disks }: Hardware, mode: string): string {
	return disks.map((disk) => `${disk.name}: ${mode} erase of ${disk.size} bytes, serial ${disk.serial}\n`).join('');
}
