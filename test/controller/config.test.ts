import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { readConfig, UsageError } from '../../controller/config.ts';

test('without options: loopback, the usual ports, the platform’s folder, and nothing is served', () => {
	const config = readConfig([], { METALDESK_DATA: '/srv/metaldesk' });
	assert.deepEqual(
		{ ...config, uiFolder: path.basename(config.uiFolder) },
		{
			data: '/srv/metaldesk',
			http: { host: '127.0.0.1', port: 5240 },
			interfaces: [],
			ports: { tftp: 69, http: 5248 },
			netport: null,
			bootAssets: null,
			mirror: null,
			uiFolder: 'renderer',
			launchToken: null,
			logLevel: 'info',
			simulate: null,
		},
	);
	assert.ok(Object.isFrozen(config));
});

test('a command for netport is words, or a JSON list of them where a path has blanks', () => {
	assert.deepEqual(readConfig(['--netport', 'ip netns exec lab1  /usr/bin/netport'], {}).netport, [
		'ip',
		'netns',
		'exec',
		'lab1',
		'/usr/bin/netport',
	]);
	assert.deepEqual(readConfig(['--netport', '["nsenter","/a b/netport"]'], {}).netport, ['nsenter', '/a b/netport']);
});

test('a demo rack is brought to Ready, sound and fast, unless told otherwise', () => {
	const { simulate } = readConfig(['--simulate', '20'], {});
	assert.deepEqual(simulate, { machines: 20, to: 'ready', failures: 0, slow: false });
	const told = readConfig(['--simulate=4000', '--simulate-to', 'new', '--simulate-bmc-failures=5%', '--simulate-slow'], {});
	assert.deepEqual(told.simulate, { machines: 4000, to: 'new', failures: 5, slow: true });
});

for (const [args, sentence] of [
	[['--http', '5240'], '--http: “5240” is not HOST:PORT'],
	[['--http', '127.0.0.1:70000'], '--http: “70000” is no port number'],
	[['--interface', 'eth0=proxy'], '--interface eth0: the mode is “off” or “full”, not “proxy”'],
	[['--interface', 'a b=full'], '--interface: “a b” is no interface name'],
	[['--tftp-port', 'x'], '--tftp-port: “x” is no port number'],
	[['--netport', ' '], '--netport: no command, and no JSON list of its words'],
	[['--netport', '[1]'], '--netport: no command, and no JSON list of its words'],
	[['--simulate', '0'], '--simulate: “0” is no number from 1 to 4000'],
	[['--simulate', 'many'], '--simulate: “many” is no number from 1 to 4000'],
	[['--simulate', '3', '--simulate-to', 'rest'], '--simulate-to: machines are brought to new, ready or deployed, not “rest”'],
	[['--simulate', '3', '--simulate-bmc-failures', '101'], '--simulate-bmc-failures: “101” is no number from 0 to 100'],
	[['--simulate-slow'], '--simulate-slow is of use with --simulate N only'],
	[['--log-level', 'loud'], '--log-level: there is no level “loud”'],
] as const)
	test(`${args.join(' ')} is refused in one sentence`, () => {
		assert.throws(
			() => readConfig(args, {}),
			(error) => error instanceof UsageError && error.message === sentence,
		);
	});
