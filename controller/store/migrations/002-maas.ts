/** What MAAS's API keeps beyond a rack of machines: networks, storage, names, tags, resources. Columns are explained in tables.ts. */
export const maas = `
alter table user add column email text not null default '';
alter table user add column is_active integer not null default 1;
alter table api_token add column created_at text not null default '';
alter table ssh_key add column key_source text;
create table ssl_key (id integer primary key, user_id integer not null references user(id) on delete cascade, key text not null, unique (user_id, key)) strict;

alter table zone add column description text not null default '';
alter table pool add column description text not null default '';
pragma defer_foreign_keys = on;
update pool set id = 0 where id = 1;
update node set pool_id = 0 where pool_id = 1;

create table dns_domain (id integer primary key, name text not null unique, authoritative integer not null default 1, ttl integer,
	is_default integer not null default 0, forward_dns_servers text not null default '[]') strict;
insert into dns_domain (id, name, is_default) values (0, 'maas', 1);

create table fabric (id integer primary key autoincrement, name text not null unique, description text not null default '', class_type text) strict;
create table space (id integer primary key autoincrement, name text not null unique, description text not null default '') strict;
create table vlan (id integer primary key autoincrement, fabric_id integer not null references fabric(id) on delete cascade, vid integer not null, name text,
	description text not null default '', mtu integer not null default 1500, dhcp_on integer not null default 0, external_dhcp text,
	primary_rack_id integer references node(id) on delete set null, secondary_rack_id integer references node(id) on delete set null,
	relay_vlan_id integer references vlan(id) on delete set null, space_id integer references space(id) on delete set null,
	unique (fabric_id, vid)) strict;
insert into fabric (id, name) values (0, 'fabric-0');
insert into vlan (id, fabric_id, vid, name) values (1, 0, 0, 'untagged');
create table subnet (id integer primary key autoincrement, cidr text not null unique, name text not null, description text not null default '',
	vlan_id integer not null references vlan(id), gateway_ip text, dns_servers text not null default '[]', rdns_mode integer not null default 2,
	allow_dns integer not null default 1, allow_proxy integer not null default 1, active_discovery integer not null default 0,
	managed integer not null default 1, disabled_boot_architectures text not null default '[]') strict;
create index subnet_vlan on subnet(vlan_id);
create table ip_range (id integer primary key autoincrement, subnet_id integer not null references subnet(id) on delete cascade, type text not null,
	start_ip text not null, end_ip text not null, comment text not null default '', user_id integer references user(id) on delete set null) strict;
create index ip_range_subnet on ip_range(subnet_id);
create table reserved_ip (id integer primary key autoincrement, subnet_id integer not null references subnet(id) on delete cascade, ip text not null unique,
	mac text not null unique, comment text not null default '') strict;
create table static_route (id integer primary key autoincrement, source_id integer not null references subnet(id) on delete cascade,
	destination_id integer not null references subnet(id) on delete cascade, gateway_ip text not null, metric integer not null default 0,
	unique (source_id, destination_id, gateway_ip)) strict;

alter table node add column description text not null default '';
alter table node add column domain_id integer references dns_domain(id);
alter table node add column parent_id integer references node(id) on delete cascade;
alter table node add column agent_name text not null default '';
alter table node add column owner_data text not null default '{}';
alter table node add column hardware_info text not null default '{}';
alter table node add column cpu_speed integer;
alter table node add column swap_size integer;
alter table node add column min_hwe_kernel text not null default '';
alter table node add column hwe_kernel text;
alter table node add column address_ttl integer;
alter table node add column is_dpu integer not null default 0;
alter table node add column disable_ipv4 integer not null default 0;
alter table node add column ephemeral_deploy integer not null default 0;
alter table node add column enable_hw_sync integer not null default 0;
alter table node add column enable_kernel_crash_dump integer not null default 0;
alter table node add column error_description text not null default '';
alter table node add column storage_acquired integer not null default 0;
alter table node add column storage_laid_out_by text not null default 'nobody';
alter table node add column reservation_note text;
alter table node add column reservation_until text;
update node set domain_id = 0;
create index node_controller on node(kind) where kind = 'controller';
create index node_owner on node(owner_id);
create index node_boot_mac on node(boot_mac);
create index node_uuid on node(uuid);
create index node_parent on node(parent_id) where parent_id is not null;

alter table interface rename to old_interface;
drop index interface_node;
create table interface (id integer primary key autoincrement, node_id integer not null references node(id) on delete cascade, type text not null default 'physical',
	name text not null, mac text, vlan_id integer references vlan(id) on delete set null, enabled integer not null default 1,
	tags text not null default '[]', params text not null default '{}', vendor text, product text, driver text, firmware_version text,
	link_connected integer, link_speed integer, interface_speed integer, pci_address text, numa_node integer, sriov_max_vf integer not null default 0,
	acquired integer not null default 0) strict;
insert into interface (id, node_id, name, mac, vendor, product, driver, firmware_version, link_connected, link_speed, pci_address, numa_node)
	select id, node_id, name, mac, vendor, product, driver, firmware_version, link_connected, link_speed, pci_address, numa_node from old_interface;
drop table old_interface;
create index interface_node on interface(node_id);
create index interface_vlan on interface(vlan_id);
create unique index interface_mac on interface(mac) where type = 'physical' and mac is not null;
create index interface_any_mac on interface(mac);
create table interface_parent (interface_id integer not null references interface(id) on delete cascade,
	parent_id integer not null references interface(id) on delete cascade, primary key (interface_id, parent_id)) strict;
create index interface_parent_parent on interface_parent(parent_id);
create table ip_address (id integer primary key autoincrement, ip text, alloc_type integer not null, mode text, subnet_id integer references subnet(id) on delete set null,
	interface_id integer references interface(id) on delete cascade, user_id integer references user(id) on delete cascade, mac text, hostname text,
	created_at text not null, updated_at text not null) strict;
create index ip_address_interface on ip_address(interface_id);
create index ip_address_subnet on ip_address(subnet_id);
create index ip_address_mac on ip_address(mac) where mac is not null;
create unique index ip_address_ip on ip_address(ip) where ip is not null and alloc_type <> 6;
alter table node add column gateway_link_ipv4 integer references ip_address(id) on delete set null;
alter table node add column gateway_link_ipv6 integer references ip_address(id) on delete set null;

create table dns_resource (id integer primary key, domain_id integer not null references dns_domain(id), name text not null, address_ttl integer,
	unique (domain_id, name)) strict;
create table dns_resource_address (resource_id integer not null references dns_resource(id) on delete cascade,
	ip_address_id integer not null references ip_address(id) on delete cascade, made integer not null default 0,
	primary key (resource_id, ip_address_id)) strict;
create index dns_resource_address_ip on dns_resource_address(ip_address_id);
create table dns_record (id integer primary key, resource_id integer not null references dns_resource(id) on delete cascade, rrtype text not null,
	rrdata text not null, ttl integer) strict;
create index dns_record_resource on dns_record(resource_id);

alter table block_device add column type text not null default 'physical';
alter table block_device add column uuid text;
alter table block_device add column partition_table text;
alter table block_device add column group_id integer references filesystem_group(id) on delete cascade;
alter table block_device add column numa_node integer;
create table partition (id integer primary key, block_device_id integer not null references block_device(id) on delete cascade, number integer not null,
	uuid text not null, size integer not null, bootable integer not null default 0, tags text not null default '[]', unique (block_device_id, number)) strict;
create table cache_set (id integer primary key, node_id integer not null references node(id) on delete cascade, name text not null) strict;
create index cache_set_node on cache_set(node_id);
create table filesystem_group (id integer primary key, node_id integer not null references node(id) on delete cascade, kind text not null, name text not null,
	uuid text not null, level text, cache_mode text, cache_set_id integer references cache_set(id)) strict;
create index filesystem_group_node on filesystem_group(node_id);
create table filesystem (id integer primary key, node_id integer not null references node(id) on delete cascade,
	block_device_id integer references block_device(id) on delete cascade, partition_id integer references partition(id) on delete cascade,
	group_id integer references filesystem_group(id) on delete cascade, cache_set_id integer references cache_set(id) on delete cascade,
	fstype text not null, uuid text not null, label text, mount_point text, mount_options text, acquired integer not null default 0) strict;
create index filesystem_node on filesystem(node_id);
create index filesystem_partition on filesystem(partition_id);
create index filesystem_block_device on filesystem(block_device_id);
alter table node add column boot_disk_id integer references block_device(id) on delete set null;
alter table numa_node add column hugepages text not null default '[]';
create table node_device (id integer primary key, node_id integer not null references node(id) on delete cascade, bus integer not null, hardware_type integer not null,
	vendor_id text not null, product_id text not null, vendor_name text not null, product_name text not null, commissioning_driver text not null,
	bus_number integer not null, device_number integer not null, pci_address text, numa_node integer,
	block_device_id integer references block_device(id) on delete set null, interface_id integer references interface(id) on delete set null) strict;
create index node_device_node on node_device(node_id);

create table tag (id integer primary key, name text not null unique, comment text not null default '', definition text not null default '',
	kernel_opts text not null default '') strict;
create table node_tag (node_id integer not null references node(id) on delete cascade, tag_id integer not null references tag(id) on delete cascade,
	primary key (node_id, tag_id)) strict;
create index node_tag_tag on node_tag(tag_id);

create table dhcp_snippet (id integer primary key, name text not null unique, description text not null default '', enabled integer not null default 1,
	node_id integer references node(id) on delete cascade, subnet_id integer references subnet(id) on delete cascade,
	ip_range_id integer references ip_range(id) on delete cascade) strict;
create table dhcp_snippet_value (id integer primary key, snippet_id integer not null references dhcp_snippet(id) on delete cascade, value text not null,
	created_at text not null) strict;
create table package_repository (id integer primary key, name text not null unique, url text not null, distributions text not null default '[]',
	disabled_pockets text not null default '[]', disabled_components text not null default '[]', disable_sources integer not null default 1,
	components text not null default '[]', arches text not null default '[]', key text not null default '', enabled integer not null default 1,
	is_default integer not null default 0) strict;
insert into package_repository (id, name, url, arches, is_default) values
	(1, 'main_archive', 'http://archive.ubuntu.com/ubuntu', '["amd64","i386"]', 1),
	(2, 'ports_archive', 'http://ports.ubuntu.com/ubuntu-ports', '["armhf","arm64","ppc64el","s390x"]', 1);

create table boot_source (id integer primary key, name text not null, url text not null unique, keyring_filename text not null default '', keyring_data blob,
	priority integer not null default 0, enabled integer not null default 1, skip_keyring_verification integer not null default 0,
	created_at text not null, updated_at text not null) strict;
create table boot_source_selection (id integer primary key, boot_source_id integer not null references boot_source(id) on delete cascade, os text not null,
	release text not null, arches text not null default '["*"]', subarches text not null default '["*"]', labels text not null default '["*"]',
	unique (boot_source_id, os, release)) strict;
insert into boot_source (id, name, url, keyring_filename, priority, created_at, updated_at) values (1, 'MAAS stable', 'http://images.maas.io/ephemeral-v3/stable/',
	'/usr/share/keyrings/ubuntu-cloudimage-keyring.gpg', 1, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
insert into boot_source_selection (boot_source_id, os, release, arches) values (1, 'ubuntu', 'noble', '["amd64"]');
create table boot_resource (id integer primary key, type text not null, name text not null, architecture text not null, title text, base_image text,
	created_at text not null, last_deployed_at text, unique (type, name, architecture)) strict;
create table boot_resource_set (id integer primary key, resource_id integer not null references boot_resource(id) on delete cascade, version text not null,
	filetype text not null, sha256 text not null, size integer not null, received integer not null default 0, complete integer not null default 0, file text,
	image_id integer references boot_image(id) on delete cascade, problem text, touched_at text not null, unique (resource_id, version)) strict;
create index boot_resource_set_image on boot_resource_set(image_id);
create index boot_resource_set_sha256 on boot_resource_set(sha256);
insert into boot_resource (type, name, architecture, created_at) select 'Uploaded', name, 'amd64/generic', uploaded_at from boot_image;
insert into boot_resource_set (resource_id, version, filetype, sha256, size, received, complete, image_id, touched_at)
	select boot_resource.id, strftime('%Y%m%d', uploaded_at), case format when 'raw' then 'ddraw' when 'raw.gz' then 'ddgz' else 'ddzstd' end, sha256, size, size, 1, boot_image.id, uploaded_at
	from boot_image join boot_resource on boot_resource.name = boot_image.name;
create table license_key (osystem text not null, distro_series text not null, license_key text not null, primary key (osystem, distro_series)) strict;

alter table script rename to old_script;
create table script (id integer primary key, name text not null unique, title text not null, kind text not null, content text not null,
	timeout_ms integer not null, tags text not null, updated_at text not null, description text not null default '', metadata text not null default '{}',
	builtin integer not null default 0) strict;
insert into script (name, title, kind, content, timeout_ms, tags, updated_at) select name, title, kind, content, timeout_ms, tags, updated_at from old_script;
drop table old_script;
create table script_revision (id integer primary key, script_id integer not null references script(id) on delete cascade, content text not null,
	comment text not null default '', created_at text not null) strict;
create index script_revision_script on script_revision(script_id);
insert into script_revision (script_id, content, created_at) select id, content, updated_at from script;
alter table script_result add column suppressed integer not null default 0;
alter table script_result add column parameters text not null default '{}';
alter table script_result add column script_revision_id integer references script_revision(id) on delete set null;
alter table job add column parameters text not null default '{}';
create index script_result_latest on script_result(node_id, kind, name, id);
create index event_status on event(node_id, id) where kind = 'status';

create table notification (id integer primary key, ident text unique, user_id integer references user(id) on delete cascade, users integer not null default 0,
	admins integer not null default 0, message text not null, context text not null default '{}', category text not null default 'info',
	dismissable integer not null default 1, created_at text not null) strict;
create table notification_dismissal (notification_id integer not null references notification(id) on delete cascade,
	user_id integer not null references user(id) on delete cascade, primary key (notification_id, user_id)) strict;
create table stored_file (id integer primary key, owner_id integer references user(id) on delete cascade, filename text not null, key text not null unique,
	content blob not null, unique (owner_id, filename)) strict;
create table discovery (id integer primary key, ip text not null, mac text not null, hostname text, last_seen text not null, vid integer,
	interface_name text not null, fabric_id integer references fabric(id) on delete set null, unique (ip, mac)) strict;
`;
