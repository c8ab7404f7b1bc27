/**
 * The stages of a network boot in order, each with how long the next one may take and what it means when it does not come.
 * The verdicts are what `flows/bootWatch.ts` writes; the order is what tells a retry from a new boot.
 */

export const bootStages = ['power', 'dhcp', 'loader', 'script', 'kernel', 'boot', 'agent'] as const;
export type BootStage = (typeof bootStages)[number];

interface StageRow {
	/** what has been seen when the stage ends */
	readonly done: string;
	readonly lane: 'power' | 'dhcp' | 'loader' | 'kernel' | 'agent';
	/** seconds until the next stage is overdue. Slowest measured: six machines at once under software emulation. */
	readonly patience: number;
	readonly verdict: string;
	readonly nextStep: string;
}

export const stageTable: Readonly<Record<BootStage, StageRow>> = {
	power: {
		done: 'Powered on',
		lane: 'power',
		// servers with much memory take minutes before their network card says a word
		patience: 600,
		verdict: 'It was powered on but never asked for an address.',
		nextStep: 'Check that the cable is in a served port and that network boot comes first in the firmware’s boot order.',
	},
	dhcp: {
		done: 'Got an address',
		lane: 'dhcp',
		patience: 60,
		verdict: 'It got an address but never asked for its boot loader.',
		nextStep: 'Look for another DHCP server or a firewall that drops 69/udp; some firmware needs “PXE over IPv4” enabled.',
	},
	loader: {
		done: 'Took the boot loader',
		lane: 'loader',
		patience: 120,
		verdict: 'It took the boot loader but never asked for its boot script.',
		nextStep: 'Secure Boot may have refused the loader: set “UEFI loader” to signed, or turn Secure Boot off on this machine.',
	},
	script: {
		done: 'Read its boot script',
		lane: 'loader',
		patience: 180,
		verdict: 'It read its boot script but never finished loading the kernel.',
		nextStep:
			'Check that port 5248/tcp of this controller can be reached from the machine, and that the machine has 512 MB of memory or more.',
	},
	kernel: {
		done: 'Loaded the kernel',
		lane: 'kernel',
		patience: 240,
		verdict: 'It loaded the kernel, but the kernel never reported.',
		nextStep: 'Watch its console (serial or BMC) while it boots: a kernel panic or a network card without a driver shows there.',
	},
	boot: {
		done: 'Started the kernel',
		lane: 'kernel',
		patience: 120,
		verdict: 'Its kernel took an address, but the agent never reported.',
		nextStep: 'Check that port 5248/tcp of this controller can be reached from the machine.',
	},
	agent: {
		done: 'Reported to the controller',
		lane: 'agent',
		// the agent gives a sign of life every 20 s
		patience: 120,
		verdict: 'The agent went silent in the middle of its work.',
		nextStep: 'It may have lost power or its network: look at its console, then abort and start again.',
	},
};

export const stageIndex = (stage: string): number => bootStages.indexOf(stage as BootStage);

/** Seconds of patience for machines that are known to be quicker than those of the table. */
export type Patience = Partial<Record<BootStage, number>>;

/** ISO time at which the stage after `stage` is overdue. */
export function overdueAt(stage: BootStage, now: Date, patience: Patience = {}): string {
	return new Date(now.getTime() + (patience[stage] ?? stageTable[stage].patience) * 1000).toISOString();
}

/**
 * Does `stage`, seen now, belong to a boot whose latest stage is `latest`, or has the machine started over?
 * Firmware repeats DHCP and asks for its loader more than once (EDK2 probes the size and aborts), and iPXE that was loaded by
 * firmware asks DHCP again before its script: so going back is a new boot only where no loader does it.
 */
export function startsOver(latest: string, stage: BootStage, ipxe: boolean): boolean {
	const at = stageIndex(latest);
	if (at === -1) return true;
	if (stage === 'dhcp') return at > stageIndex(ipxe ? 'loader' : 'dhcp');
	if (stage === 'loader') return at > stageIndex('script');
	return at > stageIndex('agent');
}
