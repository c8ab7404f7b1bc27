/** The shapes that the app API answers with. Sizes in bytes, durations in milliseconds, times in ISO 8601 UTC, MACs lower case with colons. */

import type { machineActions } from './contract.ts';

export interface ApiFailure {
	/** closed list in domain/errors.ts */
	code: string;
	/** the input field that is wrong, when one is */
	field?: string;
	text: string;
	nextStep?: string;
}

export interface SessionView {
	user: { username: string; isAdmin: boolean } | null;
	/** true while no user exists: show the first-run page */
	firstRun: boolean;
	version: string;
}

export type MachineAction = (typeof machineActions)[number];

export interface ActionView {
	action: MachineAction;
	label: string;
	allowed: boolean;
	/** why not, when not allowed */
	reason: string | null;
	/** asks for confirmation: data on the disks or a running system is lost */
	destructive: boolean;
}

export type PowerState = 'on' | 'off' | 'unknown' | 'error';

export interface MachineView {
	systemId: string;
	hostname: string;
	/** MAAS's status number and its display text */
	status: number;
	statusName: string;
	/** what colour and shape the status has */
	tone: 'neutral' | 'working' | 'good' | 'bad' | 'attention';
	/** why it is in this status, in words; null when there is nothing to say */
	statusText: string | null;
	statusAt: string;
	/** when a working status gives up; null for resting ones */
	deadlineAt: string | null;
	power: {
		state: PowerState;
		provenAt: string | null;
		driver: string;
		address: string | null;
		problem: { text: string; nextStep: string } | null;
	};
	zone: string;
	pool: string;
	owner: string | null;
	/** of a machine that somebody took by hand: what for, and until when */
	reservation: { note: string | null; until: string | null } | null;
	locked: boolean;
	architecture: string | null;
	firmware: 'bios' | 'uefi' | null;
	cores: number | null;
	cpuModel: string | null;
	memory: number | null;
	disks: number;
	storage: number;
	vendor: string | null;
	product: string | null;
	serial: string | null;
	macs: string[];
	addresses: string[];
	image: { id: number; name: string } | null;
	/** the latest step of the running boot, for the list's live column */
	activity: { stage: string; text: string; at: string } | null;
	actions: ActionView[];
}

export interface MachineDetail extends MachineView {
	uuid: string | null;
	secureBoot: boolean | null;
	inventoryAt: string | null;
	interfaces: {
		name: string;
		mac: string;
		vendor: string | null;
		product: string | null;
		driver: string | null;
		firmwareVersion: string | null;
		linkConnected: boolean | null;
		/** Mbit/s */
		linkSpeed: number | null;
		pciAddress: string | null;
		numaNode: number | null;
		boot: boolean;
		addresses: string[];
	}[];
	blockDevices: {
		name: string;
		idPath: string | null;
		model: string | null;
		serial: string | null;
		size: number;
		blockSize: number;
		rotational: boolean;
		firmwareVersion: string | null;
		tags: string[];
	}[];
	numaNodes: { index: number; cores: number[]; memory: number }[];
	/** firmware of every part: BIOS, BMC, NICs, disks */
	components: {
		kind: string;
		name: string;
		vendor: string | null;
		model: string | null;
		serial: string | null;
		version: string | null;
		provenAt: string;
	}[];
	results: ScriptResultView[];
}

export interface ScriptResultView {
	id: number;
	name: string;
	kind: 'enlist' | 'commissioning' | 'testing' | 'deployment' | 'release';
	status: 'pending' | 'running' | 'passed' | 'failed' | 'timed_out' | 'aborted' | 'degraded' | 'skipped';
	exitStatus: number | null;
	startedAt: string | null;
	endedAt: string | null;
	outputBytes: number;
}

export interface EventView {
	id: number;
	at: string;
	systemId: string | null;
	kind: string;
	stage: string | null;
	level: 'info' | 'warning' | 'error';
	text: string;
	/** milliseconds that the stage took, when it ended here */
	ms: number | null;
	cause: string | null;
	nextStep: string | null;
	/** who did it, for what people did */
	by: string | null;
}

/** One boot of one machine, drawn as lanes. */
export interface BootView {
	id: number;
	startedAt: string;
	endedAt: string | null;
	/** what it was served: enlist, commission, deploy, local, … */
	purpose: string;
	state: 'running' | 'done' | 'failed';
	verdict: { text: string; nextStep: string } | null;
	stages: StageView[];
}

export interface StageView {
	/** dhcp, tftp, http, kernel, agent, script:<name>, deploy:<step>, cloud-init, power */
	stage: string;
	/** the row it is drawn on: power, dhcp, loader, kernel, agent, scripts, deploy, cloud-init */
	lane: string;
	text: string;
	startedAt: string;
	/** null while it runs */
	ms: number | null;
	/** median of this machine's and its model's history; null before there is one */
	expectedMs: number | null;
	state: 'running' | 'done' | 'failed';
	cause: string | null;
	nextStep: string | null;
	/** the script result whose output belongs to this stage */
	resultId: number | null;
}

export interface TimelineView {
	systemId: string;
	/** newest first */
	boots: BootView[];
	events: EventView[];
}

export interface PowerTypeView {
	name: string;
	description: string;
	queryable: boolean;
	fields: {
		name: string;
		label: string;
		fieldType: 'string' | 'mac_address' | 'choice' | 'multiple_choice' | 'password';
		required: boolean;
		default: string | string[];
		choices: [string, string][];
		secret: boolean;
	}[];
}

export interface ScriptView {
	name: string;
	title: string;
	kind: 'commissioning' | 'testing' | 'deployment' | 'release';
	builtin: boolean;
	timeoutMs: number;
	tags: string[];
	updatedAt: string | null;
}

export interface InterfaceView {
	name: string;
	mac: string;
	addresses: string[];
	up: boolean;
	carrier: boolean;
	/** Mbit/s */
	speed: number | null;
	/** carries the default route: this is the computer's own way to the internet */
	internet: boolean;
	loopback: boolean;
	mode: 'off' | 'full';
	/** what is really happening: serving only when every socket of it is open */
	state: 'silent' | 'probing' | 'serving' | 'refused' | 'failed';
	pool: { start: string; end: string } | null;
	leases: number;
	problem: { text: string; nextStep: string } | null;
}

export interface ProbeView {
	clean: boolean;
	at: string;
	/** other DHCP servers that answered */
	foreignServers: { address: string; mac: string | null; offered: string | null }[];
	/** addresses of the pool that something already uses */
	addressesInUse: { address: string; mac: string }[];
	pool: { start: string; end: string };
	text: string;
	nextStep: string | null;
}

export interface ServiceView {
	name: 'api' | 'dhcp' | 'tftp' | 'http-boot' | 'power';
	state: 'off' | 'running' | 'failed';
	/** e.g. `67/udp on br0` */
	where: string | null;
	problem: { text: string; nextStep: string } | null;
}

export interface BootAssetsView {
	state: 'missing' | 'building' | 'ready' | 'failed';
	builtAt: string | null;
	kernel: string | null;
	packages: number;
	/** bytes of everything that machines fetch */
	size: number;
	progress: { step: string; text: string; done: number; total: number } | null;
	problem: { text: string; nextStep: string } | null;
}

export interface ImageView {
	id: number;
	name: string;
	format: 'raw' | 'raw.gz' | 'raw.zst';
	/** of the file that machines fetch */
	size: number;
	/** of the disk that it makes */
	diskSize: number;
	sha256: string;
	uploadedAt: string;
	usedBy: number;
}

export interface SshKeyView {
	id: number;
	type: string;
	/** `SHA256:…` */
	fingerprint: string;
	comment: string;
	key: string;
}

export interface SettingsView {
	/** may the agent create its own user on the BMCs of machines that enlist? */
	configureBmcs: boolean;
	/** what UEFI machines boot first: Debian's signed shim and GRUB (Secure Boot works) or iPXE */
	uefiLoader: 'signed' | 'ipxe';
	/** commission a machine as soon as it has enlisted */
	commissionOnEnlist: boolean;
	/** where SSH keys are imported from; `{user}` stands for the name */
	sshImport: { launchpad: string; github: string };
}

/** What the WebSocket `/MAAS/app/live` sends: first `hello` and every list once, then what changed. */
export type LiveMessage =
	| { type: 'hello'; version: string; pid: number }
	| { type: 'machines'; machines: MachineView[] }
	| { type: 'machine'; machine: MachineView }
	| { type: 'machine-gone'; systemId: string }
	| { type: 'event'; event: EventView }
	/** text appended to a running script's output */
	| { type: 'output'; systemId: string; resultId: number; offset: number; text: string }
	/** results, boots or inventory of this machine changed: fetch again what is on screen */
	| { type: 'machine-detail'; systemId: string }
	| { type: 'services'; services: ServiceView[] }
	| { type: 'interfaces'; interfaces: InterfaceView[] }
	| { type: 'boot-assets'; bootAssets: BootAssetsView }
	| { type: 'images'; images: ImageView[] };

/** How many machines some constraints leave, and who is nearest where none is left. */
export interface ExplanationView {
	/** all machines */
	total: number;
	/** those that could be allocated now */
	matching: number;
	/** the one that `allocate` would take now */
	choice: { systemId: string; hostname: string } | null;
	/** in the order they were given in; the first is that the machine is free */
	clauses: {
		name: string;
		text: string;
		/** how many satisfy this one */
		alone: number;
		/** this one and all before it */
		soFar: number;
		/** all but this one */
		without: number;
	}[];
	/** the nearest first, five at most; empty while some machine matches */
	nearest: { systemId: string; hostname: string; misses: { name: string; text: string; has: string }[] }[];
	/** how many miss as few clauses as the nearest do */
	nearestCount: number;
	/** values that mean nothing, by parameter; these parameters are left out of the counts */
	errors: Record<string, readonly string[]>;
	/** all of it in sentences */
	text: string[];
}
