import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Ipv4 } from '../../controller/domain/address.ts';
import { silentLog } from '../../controller/log.ts';
import { probeForServers } from '../../controller/services/dhcpProbe.ts';
import { createNetport, type Netport } from '../../controller/services/netport.ts';
import { ensureNetport } from '../../controller/services/netportBuild.ts';
import { makeNamespaces, type Namespaces, type Program } from '../support/namespaces.ts';
import { needs, needsRoot } from '../support/needs.ts';

/**
 * One host with two interfaces, a machine on each of the two segments behind them. The controller serves the one it was told to
 * serve; tcpdump on both proves that nothing is sent on the other. The controller runs as nobody, its sockets come from netport.
 */
const skip =
	needsRoot() ||
	needs('cc', 'gcc libc6-dev') ||
	needs('setcap', 'libcap2-bin') ||
	needs('tcpdump', 'tcpdump') ||
	needs('udhcpc', 'udhcpc') ||
	needs('dhclient', 'isc-dhcp-client') ||
	needs('dnsmasq', 'dnsmasq-base');
const NODE = process.execPath;
const SERVER = path.join(import.meta.dirname, '../support/segmentServer.ts');
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

let folder: string;
let netport: string;
let spaces: Namespaces;

before(async () => {
	if (skip) return;
	folder = await mkdtemp(path.join(tmpdir(), 'segments-'));
	await chmod(folder, 0o755);
	netport = path.join(folder, 'netport');
	await copyFile(await ensureNetport(path.join(tmpdir(), 'metaldesk-test-netport'), { installed: [] }), netport);
	execFileSync('setcap', ['cap_net_bind_service,cap_net_raw=ep', netport]);
	await writeFile(path.join(folder, 'udhcpc.sh'), '#!/bin/sh\n[ "$1" = bound ] && echo "LEASE $ip from $serverid"\nexit 0\n', {
		mode: 0o755,
	});
	spaces = makeNamespaces(['host', 'a', 'b']);
	spaces.connect({ namespace: 'host', device: 's1' }, { namespace: 'a', device: 'e' });
	spaces.connect({ namespace: 'host', device: 's2' }, { namespace: 'b', device: 'e' });
	spaces.ip('host', 'addr add 10.77.1.1/24 dev s1');
	spaces.ip('host', 'addr add 10.77.2.1/24 dev s2');
});
after(async () => {
	if (skip) return;
	await spaces.remove();
	await rm(folder, { recursive: true });
});

const lease = async (namespace: string): Promise<string> => {
	const { output } = await spaces.start(namespace, [
		'busybox',
		'udhcpc',
		'-i',
		'e',
		'-n',
		'-q',
		'-t',
		'2',
		'-T',
		'1',
		'-s',
		path.join(folder, 'udhcpc.sh'),
	]).ended;
	return /^(LEASE .*|.*no lease.*)$/m.exec(output)?.[1] ?? output;
};
/** All that the host sends into a segment, other than answers to ARP and what the kernel says about IPv6 by itself. */
const watch = async (namespace: string, device = 'e'): Promise<Program> => {
	const program = spaces.start(namespace, ['tcpdump', '-lni', device, '-Q', 'in', 'not arp and not ip6']);
	await program.says('listening on');
	return program;
};
/** From outside the namespace, as nobody with the file's capabilities. */
const netportOf = (namespace: string): Netport =>
	createNetport({ command: ['ip', 'netns', 'exec', spaces.name(namespace), ...NOBODY, netport], log: silentLog });
const sentLines = (program: Program): string[] =>
	program
		.output()
		.split('\n')
		.filter((line) => / IP /.test(line));

for (const served of [1, 2]) {
	test(`serving s${served}: machines there get an address, the other segment hears nothing`, {
		skip,
		timeout: 60_000,
	}, async () => {
		const server = spaces.start('host', [...NOBODY, NODE, SERVER, netport, `s${served}`, `10.77.${served}.1`]);
		await server.says('serving as uid 65534');
		const [seenByA, seenByB] = [await watch('a'), await watch('b')];

		const leases = await Promise.all([lease('a'), lease('b')]);
		const expected = ['udhcpc: no lease, failing', 'udhcpc: no lease, failing'];
		expected[served - 1] = `LEASE 10.77.${served}.50 from 10.77.${served}.1`;
		assert.deepEqual(leases, expected);

		for (const program of [server, seenByA, seenByB]) program.child.kill();
		await Promise.all([server.ended, seenByA.ended, seenByB.ended]);
		const [on, off] = served === 1 ? [seenByA, seenByB] : [seenByB, seenByA];
		assert.equal(sentLines(on).length, 2, on.output());
		assert.deepEqual(sentLines(off), []);
	});
}

test('a real client selects, renews by unicast, and releases; one with an old address is refused', {
	skip,
	timeout: 60_000,
}, async () => {
	const server = spaces.start('host', [...NOBODY, NODE, SERVER, netport, 's1', '10.77.1.1']);
	await server.says('serving');
	const script = path.join(folder, 'dhclient.sh');
	await writeFile(
		script,
		'#!/bin/sh\ncase $reason in BOUND|RENEW|REBOOT) ip addr replace $new_ip_address/24 dev e;; RELEASE|EXPIRE|STOP) ip addr flush dev e;; esac\nexit 0\n',
		{ mode: 0o755 },
	);
	const files = ['-lf', path.join(folder, 'leases'), '-pf', path.join(folder, 'pid'), '-sf', script];
	const client = spaces.start('a', ['dhclient', '-1', '-d', ...files, 'e']);
	await server.says('heard renew 10.77.1.50');
	client.child.kill();
	await client.ended;
	await spaces.start('a', ['dhclient', '-r', ...files, 'e']).ended;
	await server.says('heard release');
	assert.match(server.output(), /heard discover -\nheard select 10\.77\.1\.50\nheard renew 10\.77\.1\.50\n/);

	// It remembers an address of another life, is refused (INIT-REBOOT, NAK), and starts again.
	const until = 'renew 6 2096/01/01 00:00:00; rebind 6 2096/01/01 00:00:00; expire 6 2096/01/01 00:00:00;';
	await writeFile(
		files[1] as string,
		`lease { interface "e"; fixed-address 10.77.1.99; option subnet-mask 255.255.255.0; ${until} }\n`,
	);
	const returning = spaces.start('a', ['dhclient', '-1', '-d', '-v', ...files, 'e']);
	await returning.says(/DHCPREQUEST for 10\.77\.1\.99.*DHCPNAK.*bound to 10\.77\.1\.50/s);
	assert.match(server.output(), /heard init-reboot 10\.77\.1\.99\nheard discover/);
	returning.child.kill();
	await returning.ended;
	server.child.kill();
	await server.ended;
});

test('TFTP is served on that interface and on no other', { skip, timeout: 60_000 }, async () => {
	spaces.ip('a', 'addr replace 10.77.1.9/24 dev e');
	spaces.ip('b', 'addr replace 10.77.2.9/24 dev e');
	const server = spaces.start('host', [...NOBODY, NODE, SERVER, netport, 's1', '10.77.1.1']);
	await server.says('serving');
	const seenByB = await watch('b');
	const got = (namespace: string, address: string) =>
		spaces.start(namespace, [
			'curl',
			'-s',
			'-m',
			'2',
			'--tftp-blksize',
			'1468',
			'-o',
			path.join(folder, 'got'),
			'-w',
			'%{size_download}',
			`tftp://${address}/loader`,
		]).ended;
	assert.equal((await got('a', '10.77.1.1')).output, '100000');
	assert.notEqual((await got('b', '10.77.2.1')).output, '100000');
	for (const program of [server, seenByB]) program.child.kill();
	await Promise.all([server.ended, seenByB.ended]);
	// The kernel itself says that nobody is at port 69 there.
	assert.deepEqual(
		sentLines(seenByB).filter((line) => !line.includes('ICMP')),
		[],
	);
});

test('the probe finds another DHCP server and machines that have an address, and disturbs nobody', {
	skip,
	timeout: 60_000,
}, async () => {
	spaces.ip('a', 'addr flush dev e');
	spaces.ip('a', 'addr add 10.77.1.9/24 dev e');
	const here = netportOf('host');
	const pool = ['10.77.1.8', '10.77.1.9', '10.77.1.10'] as Ipv4[];
	const quiet = await probeForServers({ netport: here, device: 's1', pool, patience: 100 });
	const mac = execFileSync('ip', ['netns', 'exec', spaces.name('a'), 'cat', '/sys/class/net/e/address'], {
		encoding: 'utf8',
	}).trim();
	assert.deepEqual(quiet, { foreignServers: [], addressesInUse: [{ address: '10.77.1.9', mac }] });

	const foreign = spaces.start('a', [
		'dnsmasq',
		'--no-daemon',
		'--port=0',
		'--interface=e',
		'--dhcp-range=10.77.1.100,10.77.1.110',
		'--no-ping',
		'--leasefile-ro',
		'--log-dhcp',
	]);
	await foreign.says('DHCP');
	const found = await probeForServers({ netport: here, device: 's1', pool, patience: 500 });
	foreign.child.kill();
	await foreign.ended;
	assert.deepEqual(
		found.foreignServers.map(({ address, mac }) => ({ address, mac })),
		[{ address: '10.77.1.9', mac }],
	);
	assert.match(found.foreignServers[0]?.offered ?? '', /^10\.77\.1\.1\d\d$/);
});

test("without its capabilities netport says what it may not, and a device's interfaces are listed all the same", {
	skip,
}, async () => {
	const plain = path.join(folder, 'plain');
	await copyFile(netport, plain);
	const weak = createNetport({ command: ['ip', 'netns', 'exec', spaces.name('host'), ...NOBODY, plain], log: silentLog });
	const noPermission = { name: 'NetportError', code: 'no-permission' };
	await assert.rejects(weak.udp(67, 's1'), noPermission);
	await assert.rejects(weak.arpSweep('s1', ['10.77.1.9' as Ipv4]), noPermission);
	const [socket] = await weak.udpClients(1, 's1');
	socket?.close();
	const s2 = (await weak.interfaces()).find(({ name }) => name === 's2');
	assert.deepEqual(
		[s2?.ipv4, s2?.up, s2?.carrier, s2?.defaultRoute],
		[[{ address: '10.77.2.1', prefix: 24 }], true, true, false],
	);
});

test('router advertisements come at the start and when asked for, without a prefix, and stop', {
	skip,
	timeout: 60_000,
}, async () => {
	const watching = spaces.start('a', ['tcpdump', '-lvni', 'e', 'icmp6[0] == 134']);
	await watching.says('listening on');
	const here = netportOf('host');
	const advertising = here.advertise('s1');
	await watching.says(/router advertisement.*\n?.*router lifetime 0s/);
	advertising.stop();
	assert.doesNotMatch(watching.output(), /prefix info/);
	watching.child.kill();
	await watching.ended;
});
