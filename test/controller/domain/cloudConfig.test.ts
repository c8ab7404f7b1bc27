import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cloudConfig, preseed, type SiteServices, switchOffPreseed, vendorData } from '../../../controller/domain/cloudConfig.ts';

const nothing: SiteServices = { proxy: null, ntp: [], syslog: [], archive: null };
const site: SiteServices = {
	proxy: 'http://proxy.example.org:3128/',
	ntp: ['192.0.2.1', 'ntp.example.org', '2001:db8::1'],
	syslog: ['192.0.2.2'],
	archive: 'http://archive.example.org/ubuntu',
};
const keys = { consumerKey: 'c', tokenKey: 't', tokenSecret: 's' };
/** What stands behind the first line, which cloud-init knows the kind of the text by. */
const configIn = (text: string): unknown => {
	assert.equal(text.slice(0, 14), '#cloud-config\n');
	return JSON.parse(text.slice(14));
};
const vendorConfig = (text: string) => configIn((JSON.parse(text) as { 'cloud-init': string })['cloud-init']);

test('vendor-data has what the site offers, and nothing else', () => {
	assert.deepEqual(vendorConfig(vendorData(nothing, false)), {});
	assert.deepEqual(vendorConfig(vendorData(nothing, true)), { runcmd: ['rm -rf /run/netplan'] });
	assert.deepEqual(vendorConfig(vendorData(site, false)), {
		snap: {
			commands: [
				['snap', 'set', 'system', 'proxy.http=http://proxy.example.org:3128/', 'proxy.https=http://proxy.example.org:3128/'],
			],
		},
		ntp: { servers: ['192.0.2.1', '2001:db8::1'], pools: ['ntp.example.org'] },
	});
});

test('a preseed tells where the metadata is, with which keys, and how it ends', () => {
	const base = 'http://192.168.77.1:5248/MAAS/metadata/';
	const text = preseed(
		{ metadataUrl: base, statusUrl: `${base}status/abc`, keys, packages: ['x'], end: { mode: 'poweroff', timeout: 3600 } },
		site,
	);
	const signed = { consumer_key: 'c', token_key: 't', token_secret: 's' };
	assert.deepEqual(configIn(text), {
		datasource: { MAAS: { metadata_url: base, ...signed } },
		manage_etc_hosts: true,
		packages: ['x'],
		rsyslog: { remotes: { maas: '192.0.2.2' } },
		reporting: { maas: { type: 'webhook', endpoint: `${base}status/abc`, ...signed } },
		apt: {
			preserve_sources_list: false,
			primary: [{ arches: ['default'], uri: 'http://archive.example.org/ubuntu' }],
			proxy: 'http://proxy.example.org:3128/',
		},
		...(vendorConfig(vendorData(site, false)) as object),
		power_state: { delay: 'now', mode: 'poweroff', timeout: 3600, condition: 'test ! -e /tmp/block-poweroff' },
	});
});

test('without keys nothing is signed or reported; without an end it stays', () => {
	const text = preseed({ metadataUrl: 'u', statusUrl: 's', keys: null, packages: [], end: null }, nothing);
	assert.deepEqual(configIn(text), {
		datasource: { MAAS: { metadata_url: 'u' } },
		manage_etc_hosts: true,
		packages: [],
		apt: { preserve_sources_list: false },
	});
	assert.deepEqual(configIn(switchOffPreseed()), { power_state: { delay: 'now', mode: 'poweroff', timeout: 3600 } });
});

test('text of strangers can’t leave its quotes', () => {
	const text = cloudConfig({ name: 'a"\n#cloud-config\nruncmd: [x]\u2028 \\ ü' });
	assert.equal(text.split('\n').filter((line) => line.startsWith('#cloud-config') || line.startsWith('runcmd')).length, 1);
});
