import type { Generated } from 'kysely';

type Flag = Generated<number>;

/** Fabrics, VLANs, subnets, addresses and names. Addresses are text as `domain/ip.ts` prints them; lists are JSON text. */
export interface NetworkTables {
	fabric: { id: Generated<number>; name: string; description: Generated<string>; class_type: string | null };
	space: { id: Generated<number>; name: string; description: Generated<string> };
	vlan: {
		id: Generated<number>;
		fabric_id: number;
		/** 0 is untagged */
		vid: number;
		name: string | null;
		description: Generated<string>;
		mtu: Generated<number>;
		dhcp_on: Flag;
		/** address of a DHCP server that isn't ours, seen by a probe */
		external_dhcp: string | null;
		primary_rack_id: number | null;
		secondary_rack_id: number | null;
		relay_vlan_id: number | null;
		space_id: number | null;
	};
	subnet: {
		id: Generated<number>;
		cidr: string;
		name: string;
		description: Generated<string>;
		vlan_id: number;
		gateway_ip: string | null;
		dns_servers: Generated<string>;
		/** 0 none, 1 plain, 2 with RFC 2317 delegation */
		rdns_mode: Generated<number>;
		allow_dns: Flag;
		allow_proxy: Flag;
		active_discovery: Flag;
		managed: Flag;
		disabled_boot_architectures: Generated<string>;
	};
	ip_range: {
		id: Generated<number>;
		subnet_id: number;
		type: 'dynamic' | 'reserved';
		start_ip: string;
		end_ip: string;
		comment: Generated<string>;
		user_id: number | null;
	};
	reserved_ip: { id: Generated<number>; subnet_id: number; ip: string; mac: string; comment: Generated<string> };
	static_route: {
		id: Generated<number>;
		source_id: number;
		destination_id: number;
		gateway_ip: string;
		metric: Generated<number>;
	};
	/** A link of an interface (`interface_id`), or an address that a user holds (`user_id`, alloc_type 4). Leases are rows of `lease`. */
	ip_address: {
		id: Generated<number>;
		ip: string | null;
		/** MAAS's: 0 automatic, 1 sticky, 4 user reserved, 5 DHCP, 6 observed */
		alloc_type: number;
		mode: 'auto' | 'dhcp' | 'static' | 'link_up' | null;
		subnet_id: number | null;
		interface_id: number | null;
		user_id: number | null;
		mac: string | null;
		hostname: string | null;
		created_at: string;
		updated_at: string;
	};
	dns_domain: {
		id: Generated<number>;
		name: string;
		authoritative: Flag;
		ttl: number | null;
		is_default: Flag;
		forward_dns_servers: Generated<string>;
	};
	dns_resource: { id: Generated<number>; domain_id: number; name: string; address_ttl: number | null };
	/** `made`: the address was reserved for this name, and is free again without it */
	dns_resource_address: { resource_id: number; ip_address_id: number; made: Flag };
	dns_record: { id: Generated<number>; resource_id: number; rrtype: string; rrdata: string; ttl: number | null };
	dhcp_snippet: {
		id: Generated<number>;
		name: string;
		description: Generated<string>;
		enabled: Flag;
		node_id: number | null;
		subnet_id: number | null;
		ip_range_id: number | null;
	};
	dhcp_snippet_value: { id: Generated<number>; snippet_id: number; value: string; created_at: string };
	discovery: {
		id: Generated<number>;
		ip: string;
		mac: string;
		hostname: string | null;
		last_seen: string;
		vid: number | null;
		/** of the controller, that heard it */
		interface_name: string;
		fabric_id: number | null;
	};
}
