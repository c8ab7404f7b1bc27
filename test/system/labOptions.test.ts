import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseOptions } from '../lab/options.ts';

describe('the options of npm run lab', () => {
	const defaults = { machines: ['bios'], through: null, json: false, keep: false, net: '192.168.77', bootAssets: null, port: 0 };
	for (const [line, changed] of [
		['', {}],
		['--machines 5 --firmware mixed', { machines: ['bios', 'uefi', 'secureboot', 'uefihttp', 'bios'] }],
		['--firmware uefi --through released --json --keep', { machines: ['uefi'], through: 'released', json: true, keep: true }],
		['--net 10.9.0 --port 5240 --boot-assets /srv/boot', { net: '10.9.0', port: 5240, bootAssets: '/srv/boot' }],
	] as const) {
		it(`understands “${line}”`, () => {
			assert.deepEqual(parseOptions(line.split(' ').filter(Boolean)), { options: { ...defaults, ...changed } });
		});
	}
	for (const [line, problem] of [
		['--machines 0', '--machines 0: a whole number from 1 to 100'],
		['--machines 1e1', '--machines 1e1: a whole number from 1 to 100'],
		['--firmware arm', '--firmware arm: one of bios, uefi, secureboot, uefihttp, mixed'],
		['--through broken', '--through broken: one of ready, deployed, released'],
		['--net 8.8.8', '--net 8.8.8: the first three parts of a private /24, like 192.168.77'],
		['--net 10.0.300', '--net 10.0.300: the first three parts of a private /24, like 192.168.77'],
		['--port 70000', '--port 70000: a whole number from 0 to 65535'],
	] as const) {
		it(`refuses “${line}” with a sentence`, () => assert.deepEqual(parseOptions(line.split(' ')), { problem }));
	}
	it('refuses what it does not know', () =>
		assert.match((parseOptions(['--fast']) as { problem: string }).problem, /Unknown option '--fast'/));
});
