import type { MaasAnswer, MaasClient } from './maasClient.ts';

/** One object of every kind, made by the API as an administrator: for tests that walk through all of its resources. */
export interface MaasWorld {
	/** Values for the placeholders of a resource's path; `null` when the object could not be made (`why` says it). */
	uriOf(path: string): Readonly<Record<string, string>> | null;
	readonly why: ReadonlyMap<string, string>;
}

const PEM = `-----BEGIN CERTIFICATE-----
MIIBeDCCAR2gAwIBAgIUGI1DVF0BZ2wjKKc2pZC9yfyi8qMwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFd29ybGQwIBcNMjYxMTIyMTgyMTMyWhgPMjEyNjEwMjkxODIx
MzJaMBAxDjAMBgNVBAMMBXdvcmxkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
cFcGgg/4XCr4NoLDItkiEfeEPaUA/NeCgceF5cRnkNb4Y9OOaOCAbXr9RHeH7JQl
41ODL0vWslCe2COYGIgI5aNTMFEwHQYDVR0OBBYEFNRbxH1wWq0CVtuhr7VEGZTZ
0TVZMB8GA1UdIwQYMBaAFNRbxH1wWq0CVtuhr7VEGZTZ0TVZMA8GA1UdEwEB/wQF
MAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhAPlYiU53bb2P3mP3tj2YR4IZO6MNRVEv
RUJYVoMQqdJ7AiEAt2ebPd+jV/N5yWhhGq2OnzukNgse/Pybn5VOf1srKIQ=
-----END CERTIFICATE-----`;

/** `node` is the node that objects below `nodes/{system_id}/` belong to; worlds of other numbers have other names and networks. */
export async function makeMaasWorld(ann: MaasClient, node: string, number = 0): Promise<MaasWorld> {
	const called = number === 0 ? 'world' : `world${number}`;
	const net = `10.${100 + number}.0`;
	const hex = number.toString(16).padStart(2, '0');
	const uris = new Map<string, Readonly<Record<string, string>>>();
	const why = new Map<string, string>();
	const keep = async (
		path: string,
		answer: Promise<MaasAnswer>,
		uri: (made: Record<string, unknown>) => Record<string, unknown>,
	) => {
		const { status, text } = await answer;
		try {
			if (status >= 300) throw new Error(`${status} ${text}`);
			const made = text === '' || text === 'OK' ? {} : (JSON.parse(text) as Record<string, unknown>);
			const named = Object.entries(uri(made)).map(([name, value]) => [name, String(value)]);
			if (named.some(([, value]) => value === 'undefined')) throw new Error(`no id in ${text.slice(0, 200)}`);
			uris.set(path, Object.fromEntries(named));
		} catch (error) {
			why.set(path, String(error));
		}
	};
	const id = (made: Record<string, unknown>) => ({ id: made.id });
	const owned = (made: Record<string, unknown>) => ({ system_id: node, id: made.id });
	const idOf = (path: string) => uris.get(path)?.id ?? '0';

	await keep('zones/{name}/', ann.post('zones/', null, { name: called }), () => ({ name: called }));
	await keep('resourcepool/{id}/', ann.post('resourcepools/', null, { name: called }), id);
	await keep('tags/{name}/', ann.post('tags/', null, { name: called }), () => ({ name: called }));
	await keep('fabrics/{id}/', ann.post('fabrics/', null, { name: called }), id);
	const fabric = idOf('fabrics/{id}/');
	await keep('fabrics/{fabric_id}/vlans/', Promise.resolve(okay), () => ({ fabric_id: fabric }));
	await keep('vlans/{id}/', ann.post(`fabrics/${fabric}/vlans/`, null, { vid: 100, name: called }), id);
	await keep('fabrics/{fabric_id}/vlans/{vid}/', Promise.resolve(okay), () => ({ fabric_id: fabric, vid: 100 }));
	await keep('spaces/{id}/', ann.post('spaces/', null, { name: called }), id);
	const vlan = idOf('vlans/{id}/');
	await keep('subnets/{id}/', ann.post('subnets/', null, { cidr: `${net}.0/24`, name: called, vlan }), id);
	const subnet = idOf('subnets/{id}/');
	const range = { type: 'reserved', start_ip: `${net}.200`, end_ip: `${net}.210`, subnet };
	await keep('ipranges/{id}/', ann.post('ipranges/', null, range), id);
	const reserved = { ip: `${net}.50`, mac_address: `52:54:00:00:${hex}:50`, subnet };
	await keep('reservedips/{id}/', ann.post('reservedips/', null, reserved), id);
	const second = (await ann.post('subnets/', null, { cidr: `10.${200 + number}.0.0/24`, vlan })).text;
	const destination = /"id":\s*(\d+)/.exec(second)?.[1] ?? '0';
	const route = { source: subnet, destination, gateway_ip: `${net}.1`, metric: 10 };
	await keep('static-routes/{id}/', ann.post('static-routes/', null, route), id);

	const below = `nodes/${node}`;
	for (const path of [
		'interfaces',
		'blockdevices',
		'volume-groups',
		'raids',
		'bcaches',
		'bcache-cache-sets',
		'vmfs-datastores',
		'devices',
		'results',
	])
		await keep(`nodes/{system_id}/${path}/`, Promise.resolve(okay), () => ({ system_id: node }));
	for (const path of ['nodes/{system_id}/', 'machines/{system_id}/'])
		await keep(path, Promise.resolve(okay), () => ({ system_id: node }));
	await keep('nodes/{system_id}/results/{id}/', Promise.resolve(okay), () => ({ system_id: node, id: 'current-commissioning' }));
	const card = { mac_address: `52:54:00:01:${hex}:01`, name: `${called}-0`, vlan };
	await keep('nodes/{system_id}/interfaces/{id}/', ann.post(`${below}/interfaces/`, 'create_physical', card), owned);
	const disk = async (name: string) => {
		const made = await ann.post(`${below}/blockdevices/`, null, {
			name,
			model: called,
			serial: name,
			size: 100e9,
			block_size: 512,
		});
		return { made, id: /"id":\s*(\d+)/.exec(made.text)?.[1] ?? '0' };
	};
	const plain = await disk(`${called}-a`);
	await keep('nodes/{system_id}/blockdevices/{id}/', Promise.resolve(plain.made), owned);
	const parted = (await disk(`${called}-b`)).id;
	await keep('nodes/{system_id}/blockdevices/{device_id}/partitions/', Promise.resolve(okay), () => ({
		system_id: node,
		device_id: parted,
	}));
	await keep(
		'nodes/{system_id}/blockdevices/{device_id}/partition/{id}',
		ann.post(`${below}/blockdevices/${parted}/partitions/`, null, { size: 10e9 }),
		(made) => ({ system_id: node, device_id: parted, id: made.id }),
	);
	const member = (await disk(`${called}-c`)).id;
	await keep(
		'nodes/{system_id}/volume-group/{id}/',
		ann.post(`${below}/volume-groups/`, null, { name: called, block_devices: member }),
		owned,
	);
	const pair = [(await disk(`${called}-d`)).id, (await disk(`${called}-e`)).id];
	await keep(
		'nodes/{system_id}/raid/{id}/',
		ann.post(`${below}/raids/`, null, { name: `md-${called}`, level: 'raid-1', block_devices: pair }),
		owned,
	);
	const cache = { cache_device: (await disk(`${called}-f`)).id };
	await keep('nodes/{system_id}/bcache-cache-set/{id}/', ann.post(`${below}/bcache-cache-sets/`, null, cache), owned);
	const bcache = {
		name: `bcache-${called}`,
		cache_set: idOf('nodes/{system_id}/bcache-cache-set/{id}/'),
		backing_device: (await disk(`${called}-g`)).id,
		cache_mode: 'writeback',
	};
	await keep('nodes/{system_id}/bcache/{id}/', ann.post(`${below}/bcaches/`, null, bcache), owned);
	const vmfs = { name: `vmfs-${called}`, block_devices: (await disk(`${called}-h`)).id };
	await keep('nodes/{system_id}/vmfs-datastore/{id}/', ann.post(`${below}/vmfs-datastores/`, null, vmfs), owned);

	await keep('domains/{id}/', ann.post('domains/', null, { name: `${called}.example` }), id);
	const resource = { fqdn: `www.${called}.example`, ip_addresses: `${net}.60` };
	await keep('dnsresources/{id}/', ann.post('dnsresources/', null, resource), id);
	const record = { fqdn: `txt.${called}.example`, rrtype: 'TXT', rrdata: 'hello' };
	await keep('dnsresourcerecords/{id}/', ann.post('dnsresourcerecords/', null, record), id);
	const snippet = { name: called, value: 'option domain-name "world";', global_snippet: true };
	await keep('dhcp-snippets/{id}/', ann.post('dhcp-snippets/', null, snippet), id);
	await keep(
		'package-repositories/{id}/',
		ann.post('package-repositories/', null, { name: called, url: 'http://example.org/' }),
		id,
	);
	await keep(
		'boot-sources/{id}/',
		ann.post('boot-sources/', null, { url: `http://example.org/${called}/`, keyring_filename: '/k.gpg' }),
		id,
	);
	const source = idOf('boot-sources/{id}/');
	await keep('boot-sources/{boot_source_id}/selections/', Promise.resolve(okay), () => ({ boot_source_id: source }));
	const selection = { os: 'ubuntu', release: 'noble', arches: 'amd64', subarches: '*', labels: '*' };
	await keep(
		'boot-sources/{boot_source_id}/selections/{id}/',
		ann.post(`boot-sources/${source}/selections/`, null, selection),
		(made) => ({
			boot_source_id: source,
			id: made.id,
		}),
	);
	const image = {
		name: `custom/${called}`,
		architecture: 'amd64/generic',
		sha256: called.padEnd(64, 'a').replace(/[^0-9a-f]/g, '0'),
		size: 1000,
		filetype: 'ddraw',
	};
	const announced = await ann.post('boot-resources/', null, image);
	await keep('boot-resources/{id}/', Promise.resolve(announced), id);
	await keep('boot-resources/{id}/upload/{file_id}/', Promise.resolve(announced), (made) => ({
		id: made.id,
		file_id: /upload\/(\w+)\//.exec(announced.text)?.[1],
	}));
	const form = new FormData();
	form.set('filename', called);
	form.set('file', new Blob(['content']), called);
	await keep('files/{filename}/', ann.send('POST', 'files/', { body: form }), () => ({ filename: called }));
	const ssh = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOxhwlxo/uiM2/JAU1soZG4dkWu32ANwaqBatyZpW06r world';
	await keep('account/prefs/sshkeys/{id}/', ann.post('account/prefs/sshkeys/', null, { key: ssh }), id);
	await keep('account/prefs/sslkeys/{id}/', ann.post('account/prefs/sslkeys/', null, { key: PEM }), id);
	const script = new FormData();
	script.set('name', called);
	script.set('script', new Blob(['#!/bin/sh\necho world\n']), called);
	await keep('scripts/{name}', ann.send('POST', 'scripts/', { body: script }), () => ({ name: called }));
	await keep('commissioning-scripts/{name}', Promise.resolve(okay), () => ({ name: called }));
	await keep('notifications/{id}/', ann.post('notifications/', null, { message: 'hello', users: true, admins: true }), id);
	const license = { osystem: 'windows', distro_series: called, license_key: '11111-22222-33333-44444-55555' };
	await keep('license-key/{osystem}/{distro_series}', ann.post('license-keys/', null, license), () => ({
		osystem: 'windows',
		distro_series: called,
	}));
	await keep(
		'users/{username}/',
		ann.post('users/', null, { username: called, email: 'w@example.org', password: 'correct horse', is_superuser: 0 }),
		() => ({
			username: called,
		}),
	);
	const device = await ann.post('devices/', null, { hostname: `${called}-device`, mac_addresses: `52:54:00:02:${hex}:02` });
	await keep('devices/{system_id}/', Promise.resolve(device), (made) => ({ system_id: made.system_id }));
	for (const path of ['rackcontrollers/{system_id}/', 'regioncontrollers/{system_id}/']) {
		const list = await ann.get(path.split('{')[0] as string);
		await keep(
			path,
			Promise.resolve({ ...list, text: JSON.stringify(list.status === 200 ? list.json<unknown[]>()[0] : {}) }),
			(made) => ({
				system_id: made.system_id,
			}),
		);
	}
	return { uriOf: (path) => (path.includes('{') ? (uris.get(path) ?? null) : {}), why };
}

const okay: MaasAnswer = { status: 200, type: '', text: '', headers: new Headers(), json: () => ({}) as never };
