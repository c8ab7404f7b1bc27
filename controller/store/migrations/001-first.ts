/** The first schema. Never edited once released: later changes are later files. Columns are explained in tables.ts. */
export const first = `
create table user (id integer primary key, username text not null unique, password_hash text not null, is_admin integer not null, created_at text not null) strict;
create table session (token_hash text primary key, user_id integer not null references user(id) on delete cascade, expires_at text not null) strict;
create table api_token (id integer primary key, user_id integer not null references user(id) on delete cascade, name text not null,
	consumer_key text not null unique, token_key text not null unique, token_secret text not null) strict;
create table ssh_key (id integer primary key, user_id integer not null references user(id) on delete cascade, type text not null,
	fingerprint text not null, comment text not null, key text not null, unique (user_id, fingerprint)) strict;
create table setting (name text primary key, value text not null) strict;
create table zone (id integer primary key, name text not null unique) strict;
create table pool (id integer primary key, name text not null unique) strict;
insert into zone (name) values ('default');
insert into pool (name) values ('default');

create table bmc (id integer primary key, driver text not null, address text, parameters blob not null) strict;
create table boot_image (id integer primary key, name text not null unique, format text not null, size integer not null, disk_size integer not null,
	sha256 text not null, file text not null, uploaded_at text not null) strict;
create table node (id integer primary key, system_id text not null unique, kind text not null, hostname text not null unique, status text not null,
	status_at text not null, status_text text, previous_status text, deadline_at text, owner_id integer references user(id) on delete set null,
	zone_id integer not null references zone(id), pool_id integer not null references pool(id), locked integer not null default 0,
	bmc_id integer references bmc(id), power_state text not null, power_proven_at text, power_problem text, architecture text, firmware text,
	secure_boot integer, boot_mac text, uuid text, vendor text, product text, serial text, cpu_count integer, cpu_model text, memory integer,
	inventory_at text, image_id integer references boot_image(id), user_data blob, erase text not null default 'none', netboot integer not null default 1,
	metadata_keys blob, metadata_token_key text unique, created_at text not null) strict;
create index node_deadline on node(deadline_at) where deadline_at is not null;
create table interface (id integer primary key, node_id integer not null references node(id) on delete cascade, name text not null, mac text not null unique,
	vendor text, product text, driver text, firmware_version text, link_connected integer, link_speed integer, pci_address text, numa_node integer) strict;
create index interface_node on interface(node_id);
create table block_device (id integer primary key, node_id integer not null references node(id) on delete cascade, name text not null, id_path text, model text,
	serial text, size integer not null, block_size integer not null, rotational integer not null, firmware_version text, tags text not null) strict;
create index block_device_node on block_device(node_id);
create table numa_node (node_id integer not null references node(id) on delete cascade, idx integer not null, cores text not null, memory integer not null,
	primary key (node_id, idx)) strict;
create table component (node_id integer not null references node(id) on delete cascade, kind text not null, name text not null, vendor text, model text,
	serial text, version text, proven_at text not null, primary key (node_id, kind, name)) strict;

create table boot (id integer primary key, mac text not null, node_id integer references node(id) on delete cascade, purpose text not null, state text not null,
	stage text not null, stage_at text not null, deadline_at text, started_at text not null, ended_at text, verdict text, next_step text, token_hash text) strict;
create index boot_mac on boot(mac, id);
create index boot_node on boot(node_id, id);
create index boot_running on boot(deadline_at) where state = 'running';
create unique index boot_token on boot(token_hash) where token_hash is not null;
create table job (id integer primary key, node_id integer not null references node(id) on delete cascade, kind text not null, state text not null,
	created_at text not null) strict;
create index job_node on job(node_id, id);
create table script (name text primary key, title text not null, kind text not null, content text not null, timeout_ms integer not null, tags text not null,
	updated_at text not null) strict;
create table script_result (id integer primary key, node_id integer not null references node(id) on delete cascade, job_id integer not null references job(id) on delete cascade,
	name text not null, kind text not null, status text not null, exit_status integer, started_at text, ended_at text, output_bytes integer not null default 0,
	stdout blob, result blob) strict;
create index script_result_job on script_result(job_id, id);
create index script_result_node on script_result(node_id, id);
create table event (id integer primary key, at text not null, node_id integer references node(id) on delete cascade, boot_id integer references boot(id) on delete cascade,
	kind text not null, stage text, level text not null, text text not null, ms integer, cause text, next_step text, "by" text, data text) strict;
create index event_node on event(node_id, id);
create index event_boot on event(boot_id, id);

create table interface_mode (name text primary key, mode text not null, pool_start text, pool_end text) strict;
create table lease (address text primary key, mac text not null, client_id text, hostname text, interface text not null, state text not null,
	expires_at text not null, updated_at text not null) strict;
create index lease_mac on lease(mac);
create table lease_history (id integer primary key, at text not null, mac text not null, address text not null, what text not null) strict;
create index lease_history_mac on lease_history(mac, id);
`;
