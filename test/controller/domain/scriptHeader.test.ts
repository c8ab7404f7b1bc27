import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readScriptHeader } from '../../../controller/domain/scriptHeader.ts';

const script = (...lines: string[]) =>
	[
		'#!/bin/bash -e',
		'#',
		'# --- Start MAAS 1.0 script metadata ---',
		...lines.map((line) => `# ${line}`),
		'# --- End MAAS 1.0 script metadata ---',
		'true',
		'',
	].join('\n');

const defaults = {
	name: null,
	title: null,
	description: null,
	kind: 'testing',
	hardwareType: 'node',
	parallel: 'disabled',
	timeoutSeconds: 0,
	tags: [],
	parameters: {},
	packages: {},
	results: {},
	forHardware: [],
	mayReboot: false,
	destructive: false,
	recommission: false,
	applyConfiguredNetworking: false,
	unknown: [],
};

test('a header with everything in it is read', () => {
	const text = script(
		'name: update-bmc',
		'title: Update the BMC',
		'description: Flashes the newest firmware',
		'  and waits for the BMC.',
		'script_type: commissioning',
		'hardware_type: storage',
		'parallel: instance',
		'timeout: 00:05:00',
		'tags: [bmc, update_firmware]',
		'for_hardware:',
		'  - pci:8086:1572',
		'  - system_vendor:Example Inc.',
		'parameters:',
		'  storage: {type: storage, argument_format: "--disk={path}"}',
		'  runtime:',
		'    type: runtime',
		'    min: 5',
		'    required: true',
		'packages: {apt: [smartmontools, nvme-cli]}',
		'results:',
		'  speed: {title: Speed, description: in MB/s}',
		'may_reboot: true',
		'destructive: yes',
		'recommission: on',
		'apply_configured_networking: True',
		'comment: first try',
		'colour: blue',
	);
	assert.deepEqual(readScriptHeader(text), {
		name: 'update-bmc',
		title: 'Update the BMC',
		description: 'Flashes the newest firmware and waits for the BMC.',
		kind: 'commissioning',
		hardwareType: 'storage',
		parallel: 'instance',
		timeoutSeconds: 300,
		tags: ['bmc', 'update_firmware'],
		forHardware: ['pci:8086:1572', 'system_vendor:Example Inc.'],
		parameters: {
			storage: { type: 'storage', argument_format: '--disk={path}' },
			runtime: { type: 'runtime', min: 5, required: true },
		},
		packages: { apt: ['smartmontools', 'nvme-cli'] },
		results: { speed: { title: 'Speed', description: 'in MB/s' } },
		mayReboot: true,
		destructive: true,
		recommission: true,
		applyConfiguredNetworking: true,
		unknown: ['colour'],
	});
});

const taken: [name: string, text: string, header: object][] = [
	['a script without a header', '#!/bin/sh\ntrue\n', {}],
	['an empty header', script(), {}],
	['Windows line ends', script('title: x').replaceAll('\n', '\r\n'), { title: 'x' }],
	[
		'numbers for words',
		script('type: 0', 'hardware_type: 3', 'parallel: 2'),
		{ kind: 'commissioning', hardwareType: 'storage', parallel: 'any' },
	],
	['the short word for a test', script('script_type: test'), { kind: 'testing' }],
	['seconds', script('timeout: 90'), { timeoutSeconds: 90 }],
	['tags with commas', script('tags: a, b-c'), { tags: ['a', 'b-c'] }],
	['one tag that is a number', script('tags: [10]'), { tags: ['10'] }],
	['a title with escapes', script('title: a\u001b[31mb'), { title: 'a [31mb' }],
	['the names of the prototype', script('__proto__: {kind: 1}', 'constructor: 1'), { unknown: ['__proto__', 'constructor'] }],
];
for (const [name, text, header] of taken)
	test(`taken: ${name}`, () => assert.deepEqual(readScriptHeader(text), { ...defaults, ...header }));

const refused: [name: string, text: string, line: number, problem: string][] = [
	['no interpreter', 'echo hello', 1, 'a script begins with #! and its interpreter'],
	['nothing', '', 1, 'a script begins with #! and its interpreter'],
	[
		'another version',
		'#!/bin/sh\n# --- Start MAAS 9.0 script metadata ---',
		2,
		'version 9.0 of the metadata is not known; 1.0 is',
	],
	[
		'no end',
		'#!/bin/sh\n# --- Start MAAS 1.0 script metadata ---\n# name: x',
		2,
		'the metadata has no "--- End MAAS 1.0 script metadata ---"',
	],
	['a line without #', script('name: x').replace('# name', 'name'), 4, 'a line of the metadata does not begin with #'],
	['broken YAML', script('name: x', 'tags: [a'), 5, '] is missing'],
	['a name with slashes', script('name: ../x'), 4, 'name must be letters, digits, dots, dashes and underscores, not "../x"'],
	['a name that is a number', script('name: 42'), 4, 'name must be letters, digits, dots, dashes and underscores, not 42'],
	[
		'another type',
		script('', 'script_type: install'),
		5,
		'script_type must be commissioning, testing, release or deployment, not "install"',
	],
	['a type code that is none', script('type: 1'), 4, 'type must be commissioning, testing, release or deployment, not 1'],
	[
		'another part',
		script('hardware_type: fan'),
		4,
		'hardware_type must be node, cpu, memory, storage, network or gpu, not "fan"',
	],
	['another parallel', script('parallel: true'), 4, 'parallel must be disabled, instance or any, not true'],
	['a timeout in words', script('timeout: soon'), 4, 'timeout must be seconds or HH:MM:SS, a week at most, not "soon"'],
	[
		'a timeout of 61 minutes',
		script('timeout: 00:61:00'),
		4,
		'timeout must be seconds or HH:MM:SS, a week at most, not "00:61:00"',
	],
	['a timeout below zero', script('timeout: -1'), 4, 'timeout must be seconds or HH:MM:SS, a week at most, not -1'],
	['a timeout of years', script('timeout: 99999999'), 4, 'timeout must be seconds or HH:MM:SS, a week at most, not 99999999'],
	[
		'tags with spaces',
		script('tags: [a b]'),
		4,
		'tags must be a list of words of letters, digits, dots, dashes and underscores, not ["a b"]',
	],
	[
		'hardware that is none',
		script('for_hardware: [cpu]'),
		4,
		'for_hardware must be a list of modalias:…, pci:VVVV:PPPP, usb:VVVV:PPPP, system_vendor:… and the like, not ["cpu"]',
	],
	['a flag in words', script('may_reboot: maybe'), 4, 'may_reboot must be true or false, not "maybe"'],
	['parameters as a list', script('parameters: [a]'), 4, 'parameters must be a map of names, not ["a"]'],
	['a title that is a map', script('title: {a: b}'), 4, 'title must be a text, not {"a":"b"}'],
];
for (const [name, text, line, problem] of refused)
	test(`refused with its line: ${name}`, () => assert.deepEqual(readScriptHeader(text), { problem, line }));

test('any text between the marks is read or refused', () => {
	const line = fc
		.tuple(fc.constantFrom('name', 'timeout', 'tags', 'parameters', 'x'), fc.string())
		.map(([key, value]) => `${key}: ${value}`);
	fc.assert(
		fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 8 }), (lines) => {
			const result = readScriptHeader(script(...lines));
			assert.ok('problem' in result ? result.line >= 1 && result.problem.length <= 300 : result.timeoutSeconds >= 0);
		}),
	);
});
