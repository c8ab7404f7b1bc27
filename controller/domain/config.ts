import { hostnameProblem } from './dnsName.ts';
import { kernelOptionsProblem } from './kernelOptions.ts';

export type ConfigValue = string | number | boolean | null;

/** One of MAAS's configuration values, as `get_config` and `set_config` know it. */
export interface ConfigItem {
	readonly kind: 'text' | 'boolean' | 'integer' | 'choice';
	readonly default: ConfigValue;
	/** An empty text is `null`, as in MAAS. */
	readonly nullable?: true;
	readonly choices?: readonly string[];
	readonly min?: number;
	readonly max?: number;
	/** Further check of a text; answers what is wrong. */
	readonly check?: (text: string) => string | null;
	/** Shown to administrators alone, and sealed on the disk. */
	readonly secret?: true;
	/** What it is for. */
	readonly doc: string;
	/** What Metaldesk does by it; without this it is kept for clients that read it back, and changes nothing yet. */
	readonly acts?: string;
}

const text = (value: string | null, doc: string, more: Partial<ConfigItem> = {}): ConfigItem => ({
	kind: 'text',
	default: value,
	...(value === null ? { nullable: true } : {}),
	doc,
	...more,
});
const flag = (value: boolean, doc: string, more: Partial<ConfigItem> = {}): ConfigItem => ({
	kind: 'boolean',
	default: value,
	doc,
	...more,
});
const count = (value: number, doc: string, more: Partial<ConfigItem> = {}): ConfigItem => ({
	kind: 'integer',
	default: value,
	min: 0,
	max: 2_147_483_647,
	doc,
	...more,
});
const choice = (value: string | null, choices: readonly string[], doc: string, more: Partial<ConfigItem> = {}): ConfigItem => ({
	kind: 'choice',
	default: value,
	choices,
	...(value === null ? { nullable: true } : {}),
	doc,
	...more,
});

const port = { min: 1, max: 65_535 };
const url = (value: string) => (/^https?:\/\/[^\s/]+\S*$/.test(value) ? null : 'Enter a valid URL.');
const addresses = (value: string) =>
	value.split(/[,\s]+/).every((word) => word === '' || /^[A-Za-z0-9.:_-]+$/.test(word))
		? null
		: 'Enter addresses or host names, parted by blanks or commas.';
const interval = (value: string) => (/^(\d+\s*[dhms]\s*)+$/i.test(value) ? null : 'Enter a time such as 15m or 1h 30m.');

const KEPT = 'when a job of a machine ends, older ones of the same kind go with their output';

/** All names of MAAS, with its defaults (facts §10.5), in its groups. */
export const configItems = {
	// names and general
	maas_name: text('', 'The name of this region; the host name until it is set.'),
	theme: text('', 'Colour of the web UI.'),
	kernel_opts: text(null, 'Words for the kernel command line of every network boot, before those of tags.', {
		check: kernelOptionsProblem,
		acts: 'added to the command line that a machine boots the small system with; an installed image keeps its own',
	}),
	completed_intro: flag(false, 'The first steps in the web UI are done.'),
	enable_analytics: flag(true, 'Usage figures for the vendor; Metaldesk sends none, whatever it says.'),
	release_notifications: flag(true, 'Notices of new releases.'),
	session_length: count(1_209_600, 'Seconds until a person has to sign in again.', {
		min: 20,
		max: 1_209_600,
		acts: 'for sessions that begin from then on',
	}),
	node_timeout: count(30, 'Minutes without a sign of life after which commissioning, testing or deploying has failed.', {
		min: 1,
		max: 10_080,
		acts: 'counted again at each sign of life',
	}),
	auto_vlan_creation: flag(true, 'Make a VLAN for each that a rack sees.'),
	windows_kms_host: text(null, 'Licence server for Windows.', { check: addresses }),
	experimental_switch_provisioning: flag(false, 'Provision switches.'),
	refresh_token_duration: count(2_592_000, 'Seconds that a refresh token lasts.', { min: 600 }),
	// proxy
	enable_http_proxy: flag(true, 'Machines get packages through a proxy.', { acts: 'false: machines are told of no proxy' }),
	http_proxy: text(null, 'A proxy of your own.', { check: url, acts: 'machines get their packages through it' }),
	maas_proxy_port: count(8000, 'Port of the built-in proxy.', port),
	use_peer_proxy: flag(false, 'The proxy of your own stands behind the built-in one.', {
		acts: 'true: machines are not told of the proxy of your own',
	}),
	use_rack_proxy: flag(true, 'Machines use the proxy of their rack.'),
	prefer_v4_proxy: flag(false, 'The proxy asks for IPv4 addresses first.'),
	// DNS, time, logs
	default_dns_ttl: count(30, 'Seconds that others may remember a record, where nothing else says so.', {
		min: 1,
		acts: 'shown with the names that nodes have by themselves',
	}),
	upstream_dns: text(null, 'Servers that know what this region does not.', { check: addresses }),
	dnssec_validation: choice('auto', ['auto', 'yes', 'no'], 'Check answers of upstream servers.'),
	maas_internal_domain: text('maas-internal', 'Domain of the names that machines reach racks by.', {
		check: (value) =>
			value
				.split('.')
				.map(hostnameProblem)
				.find((problem) => problem !== null) ?? null,
	}),
	dns_trusted_acl: text(null, 'Further networks that may ask for any name.'),
	allow_only_trusted_transfers: flag(true, 'Only trusted networks may copy zones.'),
	ntp_servers: text('ntp.ubuntu.com', 'Time servers.', {
		check: addresses,
		acts: 'what machines are told, with ntp_external_only',
	}),
	ntp_external_only: flag(false, 'Machines ask these time servers themselves.', {
		acts: 'true: machines are told of the time servers',
	}),
	remote_syslog: text(null, 'Log server for machines.', {
		check: addresses,
		acts: 'where systems that cloud-init sets up send their logs',
	}),
	maas_syslog_port: count(5247, 'Port of the built-in log server.', port),
	// discovery and network
	network_discovery: choice('enabled', ['enabled', 'disabled'], 'Note devices that are heard on the served networks.', {
		acts: 'disabled: nothing new is noted',
	}),
	active_discovery_interval: count(10_800, 'Seconds between scans; 0 for none.'),
	default_boot_interface_link_type: choice(
		'auto',
		['auto', 'static', 'dhcp', 'link_up'],
		'How the interface that a machine boots from gets its address.',
		{ acts: 'after commissioning' },
	),
	subnet_ip_exhaustion_threshold_count: count(16, 'Free addresses below which a subnet is nearly full.'),
	force_v1_network_yaml: flag(false, 'Write the old form of network configuration.'),
	// operating systems
	default_osystem: text('ubuntu', 'What is deployed unless somebody says otherwise.', {
		acts: 'for a deployment that names none',
	}),
	default_distro_series: text('noble', 'Which release of it.', { acts: 'for a deployment that names none' }),
	commissioning_osystem: text('ubuntu', 'What machines are commissioned with; Metaldesk brings a small system of its own.'),
	commissioning_distro_series: text('noble', 'Which release of it.'),
	default_min_hwe_kernel: text('', 'Oldest kernel for new machines.'),
	enable_kernel_crash_dump: flag(false, 'Keep dumps of crashed kernels.', { acts: 'for a deployment that says nothing of it' }),
	curtin_verbose: flag(true, 'A talkative installation.'),
	enable_third_party_drivers: flag(true, 'Install drivers of vendors.'),
	default_storage_layout: choice(
		'flat',
		['bcache', 'blank', 'custom', 'flat', 'lvm', 'vmfs6', 'vmfs7'],
		'How the disks of a machine are laid out when it is commissioned.',
		{ acts: 'when a machine has been commissioned' },
	),
	hardware_sync_interval: text('15m', 'How often a deployed machine reports its hardware.', { check: interval }),
	vcenter_server: text('', 'For VMware ESXi.', { check: (value) => (value === '' ? null : addresses(value)) }),
	vcenter_username: text('', 'For VMware ESXi.'),
	vcenter_password: text('', 'For VMware ESXi.', { secret: true }),
	vcenter_datacenter: text('', 'For VMware ESXi.'),
	// erasing
	enable_disk_erasing_on_release: flag(false, 'Releasing a machine erases its disks.', { acts: 'for every release' }),
	disk_erase_with_secure_erase: flag(true, 'Erase by the disk’s own command where it has one.'),
	disk_erase_with_quick_erase: flag(false, 'Erase only the beginning and the end of a disk.', {
		acts: 'how, when enable_disk_erasing_on_release demands it',
	}),
	// images
	boot_images_auto_import: flag(true, 'Fetch new images regularly.'),
	boot_images_no_proxy: flag(false, 'Fetch images without the proxy.'),
	boot_images_import_interval_minutes: count(60, 'Minutes between fetches.', { min: 1 }),
	// results that are kept of each machine
	max_node_commissioning_results: count(10, 'How many results of each commissioning script are kept.', { min: 1, acts: KEPT }),
	max_node_testing_results: count(10, 'How many results of each test are kept.', { min: 1, acts: KEPT }),
	max_node_installation_results: count(3, 'How many results of installations are kept.', { min: 1, acts: KEPT }),
	max_node_release_results: count(3, 'How many results of release scripts are kept.', { min: 1, acts: KEPT }),
	max_node_deployment_results: count(3, 'How many results of deployment scripts are kept.', { min: 1 }),
	// BMCs
	enlist_commissioning: flag(true, 'A machine takes its inventory as it enlists; in Metaldesk it always does.'),
	maas_auto_ipmi_user: text('maas', 'Account that is made on BMCs.', {
		acts: 'where the settings allow that machines configure their BMCs',
		check: (value) =>
			/^[\x21-\x5b\x5d-\x7e]{1,16}$/.test(value) ? null : 'A BMC’s account has 1 to 16 characters of ASCII, without a backslash.',
	}),
	maas_auto_ipmi_user_privilege_level: choice('ADMIN', ['USER', 'OPERATOR', 'ADMIN'], 'What that account may do.', {
		acts: 'for accounts that are made from then on',
	}),
	maas_auto_ipmi_k_g_bmc_key: text('', 'K_g key that is set on BMCs.', {
		secret: true,
		check: (value) =>
			/^(|[\x21-\x7e]{20}|0x[0-9a-fA-F]{40})$/.test(value)
				? null
				: 'A K_g key has 20 characters, or 0x and 40 hexadecimal digits.',
	}),
	maas_auto_ipmi_cipher_suite_id: choice('3', ['17', '3', '8', '12'], 'Cipher suite that BMCs are talked to with.', {
		acts: 'for BMCs whose accounts are made from then on',
	}),
	maas_auto_ipmi_workaround_flags: text(null, 'Workarounds for BMCs that break rules.'),
	// watching and TLS
	prometheus_enabled: flag(false, 'Figures for Prometheus.'),
	prometheus_push_gateway: text(null, 'Where they are sent.', { check: addresses }),
	prometheus_push_interval: count(60, 'Minutes between two sendings.', { min: 1 }),
	promtail_enabled: flag(false, 'Logs for Loki.'),
	promtail_port: count(5238, 'Port for them.', port),
	tls_cert_expiration_notification_enabled: flag(false, 'A notice before the certificate ends.'),
	tls_cert_expiration_notification_interval: count(30, 'Days before.', { min: 1, max: 90 }),
} as const satisfies Record<string, ConfigItem>;

export type ConfigName = keyof typeof configItems;
export const configNames = Object.keys(configItems) as ConfigName[];
export const isConfigName = (name: string): name is ConfigName => Object.hasOwn(configItems, name);

/** Reads what a client has sent for a name; `problem` is a form's sentence. */
export function readConfig(name: ConfigName, sent: string): { value: ConfigValue } | { problem: string } {
	const item: ConfigItem = configItems[name];
	const word = sent.trim();
	if (item.nullable && (word === '' || /^(none|null)$/i.test(word))) return { value: null };
	switch (item.kind) {
		case 'boolean':
			if (/^(true|1|on|yes|y|t)$/i.test(word)) return { value: true };
			if (/^(false|0|off|no|n|f|none|null|)$/i.test(word)) return { value: false };
			return { problem: 'Enter true or false.' };
		case 'integer': {
			if (!/^-?\d{1,15}$/.test(word)) return { problem: 'Enter a whole number.' };
			const value = Number(word);
			if (item.min !== undefined && value < item.min)
				return { problem: `Ensure this value is greater than or equal to ${item.min}.` };
			if (item.max !== undefined && value > item.max)
				return { problem: `Ensure this value is less than or equal to ${item.max}.` };
			return { value };
		}
		case 'choice': {
			const value = item.choices?.find((each) => each.toLowerCase() === word.toLowerCase());
			return value === undefined ? { problem: `Choose one of ${item.choices?.join(', ')}.` } : { value };
		}
		case 'text': {
			if (word.length > 4096) return { problem: 'Ensure this value has at most 4096 characters.' };
			if (/[\u0000-\u001f\u007f]/.test(word)) return { problem: 'Control characters are not allowed.' };
			const problem = item.check?.(word) ?? null;
			return problem === null ? { value: word.toWellFormed() } : { problem };
		}
	}
}
