import type { Generated } from 'kysely';
import type { Status } from '../domain/lifecycle.ts';
import type { HardwareTables } from './hardwareTables.ts';
import type { LibraryTables } from './libraryTables.ts';
import type { NetworkTables } from './networkTables.ts';

/** Columns as SQLite holds them: times are ISO 8601 UTC text, booleans 0 or 1, sizes bytes, lists and objects JSON text. */
export interface Tables extends HardwareTables, NetworkTables, LibraryTables {
	user: {
		id: Generated<number>;
		username: string;
		password_hash: string;
		is_admin: number;
		created_at: string;
		email: Generated<string>;
		is_active: Generated<number>;
	};
	session: { token_hash: string; user_id: number; expires_at: string };
	api_token: {
		id: Generated<number>;
		user_id: number;
		name: string;
		consumer_key: string;
		token_key: string;
		token_secret: string;
		created_at: Generated<string>;
	};
	ssh_key: {
		id: Generated<number>;
		user_id: number;
		type: string;
		fingerprint: string;
		comment: string;
		key: string;
		/** lp:user or gh:user where it was imported from */
		key_source: string | null;
	};
	setting: { name: string; value: string };
	zone: { id: Generated<number>; name: string; description: Generated<string> };
	pool: { id: Generated<number>; name: string; description: Generated<string> };
	node: NodeRow;
	bmc: { id: Generated<number>; driver: string; address: string | null; parameters: Uint8Array };
	boot: {
		id: Generated<number>;
		mac: string;
		node_id: number | null;
		purpose: string;
		state: 'running' | 'done' | 'failed';
		stage: string;
		stage_at: string;
		deadline_at: string | null;
		started_at: string;
		ended_at: string | null;
		verdict: string | null;
		next_step: string | null;
		/** sha256 of the one-boot token that the kernel command line carries */
		token_hash: string | null;
	};
	job: {
		id: Generated<number>;
		node_id: number;
		kind: string;
		state: 'pending' | 'running' | 'done' | 'failed' | 'aborted';
		created_at: string;
		/** what was asked for: scripts, their parameters, enable_ssh, skip_… */
		parameters: Generated<string>;
	};
	script_result: {
		id: Generated<number>;
		node_id: number;
		job_id: number;
		name: string;
		kind: 'enlist' | 'commissioning' | 'testing' | 'deployment' | 'release';
		status: 'pending' | 'running' | 'passed' | 'failed' | 'timed_out' | 'aborted' | 'degraded' | 'skipped';
		exit_status: number | null;
		started_at: string | null;
		ended_at: string | null;
		output_bytes: number;
		stdout: Uint8Array | null;
		result: Uint8Array | null;
		suppressed: Generated<number>;
		parameters: Generated<string>;
		script_revision_id: number | null;
	};
	event: {
		id: Generated<number>;
		at: string;
		node_id: number | null;
		boot_id: number | null;
		kind: string;
		stage: string | null;
		level: 'info' | 'warning' | 'error';
		text: string;
		ms: number | null;
		cause: string | null;
		next_step: string | null;
		by: string | null;
		data: string | null;
	};
	interface_mode: { name: string; mode: 'off' | 'full'; pool_start: string | null; pool_end: string | null };
	lease: LeaseRow;
	lease_history: { id: Generated<number>; at: string; mac: string; address: string; what: string };
	boot_image: {
		id: Generated<number>;
		name: string;
		format: 'raw' | 'raw.gz' | 'raw.zst';
		size: number;
		disk_size: number;
		sha256: string;
		file: string;
		uploaded_at: string;
	};
}

export interface NodeRow {
	id: Generated<number>;
	system_id: string;
	kind: 'machine' | 'device' | 'controller';
	hostname: string;
	status: Status;
	status_at: string;
	status_text: string | null;
	previous_status: Status | null;
	deadline_at: string | null;
	owner_id: number | null;
	zone_id: number;
	pool_id: number;
	locked: number;
	bmc_id: number | null;
	power_state: 'on' | 'off' | 'unknown' | 'error';
	power_proven_at: string | null;
	power_problem: string | null;
	architecture: string | null;
	firmware: 'bios' | 'uefi' | null;
	secure_boot: number | null;
	boot_mac: string | null;
	uuid: string | null;
	vendor: string | null;
	product: string | null;
	serial: string | null;
	cpu_count: number | null;
	cpu_model: string | null;
	memory: number | null;
	inventory_at: string | null;
	image_id: number | null;
	user_data: Uint8Array | null;
	/** release: what to erase */
	erase: 'none' | 'quick' | 'full';
	/** 1 until the image is on the disk: then the network boot is answered with the local disk */
	netboot: number;
	/** cloud-init's OAuth keys, sealed */
	metadata_keys: Uint8Array | null;
	metadata_token_key: string | null;
	created_at: string;
	description: Generated<string>;
	domain_id: number | null;
	/** a device goes with the machine that it belongs to */
	parent_id: number | null;
	agent_name: Generated<string>;
	/** {S: S}; MAAS shows it as owner_data and as workload_annotations */
	owner_data: Generated<string>;
	/** {S: S} of mainboard_…, system_…, chassis_…, cpu_model */
	hardware_info: Generated<string>;
	/** MHz */
	cpu_speed: number | null;
	swap_size: number | null;
	min_hwe_kernel: Generated<string>;
	hwe_kernel: string | null;
	address_ttl: number | null;
	is_dpu: Generated<number>;
	disable_ipv4: Generated<number>;
	ephemeral_deploy: Generated<number>;
	enable_hw_sync: Generated<number>;
	enable_kernel_crash_dump: Generated<number>;
	error_description: Generated<string>;
	/** 1: the file systems of who has the machine count, not what the operator laid out */
	storage_acquired: Generated<number>;
	storage_laid_out_by: Generated<'nobody' | 'default' | 'operator'>;
	reservation_note: string | null;
	reservation_until: string | null;
	gateway_link_ipv4: number | null;
	gateway_link_ipv6: number | null;
	boot_disk_id: number | null;
}

export interface LeaseRow {
	address: string;
	mac: string;
	client_id: string | null;
	hostname: string | null;
	interface: string;
	state: 'offered' | 'bound' | 'declined' | 'released';
	expires_at: string;
	updated_at: string;
}
