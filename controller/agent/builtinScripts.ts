import { readFile } from 'node:fs/promises';

/** A script that the product brings along, with the fields that MAAS keeps for scripts. */
export interface BuiltinScript {
	name: string;
	title: string;
	kind: 'commissioning' | 'testing' | 'deployment' | 'release';
	/** 0 = no limit. */
	timeoutSeconds: number;
	/** MAAS's words: may it run beside others, and once per device? Our agent runs all one after the other. */
	parallel: 'disabled' | 'instance' | 'any';
	hardwareType: 'node' | 'cpu' | 'memory' | 'storage' | 'network';
	tags: readonly string[];
	/** What the controller exports to it in front of its text; empty for scripts that only look. */
	variables: readonly string[];
	/** May destroy data. */
	destructive: boolean;
}

type Row = Partial<BuiltinScript> & Pick<BuiltinScript, 'name' | 'title' | 'timeoutSeconds'> & { file?: string };

const COMMISSIONING: readonly Row[] = [
	{
		name: '30-maas-01-bmc-config',
		title: 'Find and configure the BMC',
		timeoutSeconds: 300,
		parallel: 'disabled',
		variables: ['METALDESK_CONFIGURE_BMC', 'METALDESK_BMC_USER', 'METALDESK_BMC_PRIVILEGE', 'METALDESK_BMC_CIPHER_SUITE'],
		tags: ['commissioning', 'bmc-config', 'enlisting'],
	},
	{ name: '50-maas-01-commissioning', title: 'Gather hardware information', timeoutSeconds: 60, parallel: 'disabled' },
	{ name: 'maas-support-info', title: 'Gather information for support', timeoutSeconds: 300 },
	{ name: 'maas-lshw', title: 'Hardware by lshw', timeoutSeconds: 300 },
	{ name: 'maas-lscpu', title: 'Processors by lscpu', timeoutSeconds: 60, hardwareType: 'cpu' },
	{ name: 'maas-lsblk', title: 'Disks by lsblk', timeoutSeconds: 60, hardwareType: 'storage' },
	{ name: 'maas-dmidecode', title: 'SMBIOS tables', timeoutSeconds: 60 },
	{ name: 'maas-ethtool', title: 'Network cards by ethtool', timeoutSeconds: 60, hardwareType: 'network' },
	{ name: 'maas-nvme', title: 'NVMe drives', timeoutSeconds: 60, hardwareType: 'storage' },
	{ name: 'maas-list-modaliases', title: 'Names of devices for drivers', timeoutSeconds: 10 },
	{ name: 'maas-kernel-cmdline', title: 'Kernel command line', timeoutSeconds: 10 },
	{ name: 'maas-serial-ports', title: 'Serial ports', timeoutSeconds: 10 },
	{ name: 'maas-capture-lldpd', title: 'Switches and ports by LLDP', timeoutSeconds: 60, hardwareType: 'network' },
];

/** Tests with this tag are what runs when nobody chose any; a new one must not join them by the tag of its kind. */
const DUE = 'commissioning';
const SELF_TEST = 'smartctl-self-test';
const storageTest = (row: Row): Row => ({ hardwareType: 'storage', parallel: 'instance', tags: ['storage'], ...row });
const networkTest = (row: Row): Row => ({ hardwareType: 'network', parallel: 'instance', tags: ['network'], ...row });

const TESTING: readonly Row[] = [
	{
		name: '10-memory-size',
		title: 'Memory that is plugged in can be used',
		timeoutSeconds: 60,
		hardwareType: 'memory',
		tags: [DUE],
	},
	{ name: '11-link', title: 'Link of the boot card', timeoutSeconds: 60, hardwareType: 'network', tags: [DUE] },
	storageTest({ name: 'smartctl-validate', title: 'SMART verdict of the disks', timeoutSeconds: 300, tags: [DUE] }),
	storageTest({ name: 'smartctl-short', title: 'Short self-test of the disks', timeoutSeconds: 600, file: SELF_TEST }),
	storageTest({ name: 'smartctl-long', title: 'Long self-test of the disks', timeoutSeconds: 0, file: SELF_TEST }),
	storageTest({
		name: 'smartctl-conveyance',
		title: 'Self-test of the disks after transport',
		timeoutSeconds: 0,
		file: SELF_TEST,
	}),
	storageTest({ name: 'badblocks', title: 'Bad blocks, by reading and writing back', timeoutSeconds: 0 }),
	storageTest({
		name: 'badblocks-destructive',
		title: 'Bad blocks, by writing patterns over the disks',
		timeoutSeconds: 0,
		file: 'badblocks',
		destructive: true,
		tags: ['destructive'],
	}),
	{ name: 'memtester', title: 'Patterns in half of the memory', timeoutSeconds: 0, hardwareType: 'memory', tags: ['memory'] },
	networkTest({ name: 'internet-connectivity', title: 'The internet is reached', timeoutSeconds: 300 }),
	networkTest({ name: 'gateway-connectivity', title: 'The gateway is reached', timeoutSeconds: 300 }),
	networkTest({ name: 'rack-controller-connectivity', title: 'The controller is reached', timeoutSeconds: 300 }),
];

const DEPLOYMENT: readonly Row[] = [
	{
		name: '10-write-image',
		file: 'deploy-10-write-image',
		title: 'Write the image to the disk',
		timeoutSeconds: 7200,
		variables: ['IMAGE_URL', 'IMAGE_FORMAT', 'IMAGE_SHA256', 'IMAGE_SIZE', 'DISK'],
	},
	{ name: '20-grow', file: 'deploy-20-grow', title: 'Grow to the size of the disk', timeoutSeconds: 900, variables: ['DISK'] },
	{
		name: '30-cloud-init',
		file: 'deploy-30-cloud-init',
		title: 'Configure cloud-init',
		timeoutSeconds: 120,
		variables: ['DISK', 'METADATA_URL', 'STATUS_URL', 'CONSUMER_KEY', 'TOKEN_KEY', 'TOKEN_SECRET', 'HOSTNAME'],
	},
	{
		name: '40-boot-order',
		file: 'deploy-40-boot-order',
		title: 'Boot order of the firmware',
		timeoutSeconds: 60,
		variables: ['DISK'],
	},
];

const RELEASE: readonly Row[] = [
	{ name: 'wipe-disks', title: 'Erase the disks', timeoutSeconds: 0, variables: ['ERASE_MODE'] },
	{
		name: '90-verify-erase',
		title: 'Read back erased disks',
		timeoutSeconds: 3600,
		variables: ['ERASE_MODE', 'SAMPLES'],
		destructive: false,
	},
];

function complete(kind: BuiltinScript['kind'], destructive: boolean, tag: string): (row: Row) => BuiltinScript {
	return ({ file: _, ...row }) => ({
		kind,
		parallel: kind === 'commissioning' ? 'any' : 'disabled',
		hardwareType: 'node',
		tags: [tag],
		variables: [],
		destructive,
		...row,
	});
}

/** All builtin scripts, each kind in the order in which its scripts run. Names are unique within a kind. */
export const builtinScripts: readonly BuiltinScript[] = [
	...COMMISSIONING.map(complete('commissioning', false, 'commissioning')),
	...TESTING.map(complete('testing', false, 'testing')),
	...DEPLOYMENT.map(complete('deployment', true, 'deploy-image')),
	...RELEASE.map(complete('release', true, 'wipe')),
];

/** The text of a builtin script as the agent runs it. */
export async function builtinScriptBody(script: Pick<BuiltinScript, 'kind' | 'name'>): Promise<string> {
	const rows = { commissioning: COMMISSIONING, testing: TESTING, deployment: DEPLOYMENT, release: RELEASE }[script.kind];
	const row = rows.find(({ name }) => name === script.name);
	if (!row) throw new Error(`there is no builtin ${script.kind} script ${script.name}`);
	return await readFile(new URL(`scripts/${row.file ?? row.name}.sh`, import.meta.url), 'utf8');
}
