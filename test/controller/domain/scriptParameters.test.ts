import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../../controller/domain/errors.ts';
import {
	type Devices,
	parametersProblem,
	parameterTypes,
	readDefinitions,
	resolveParameters,
} from '../../../controller/domain/scriptParameters.ts';
import type { YamlValue } from '../../../controller/domain/yamlSubset.ts';

const disk = (id: number, name: string, serial: string, ...tags: string[]) => ({
	...{ id, tags },
	words: { name, path: `/dev/${name}`, model: 'QEMU', serial, id_path: `/dev/disk/by-id/${serial}` },
});
const card = (id: number, name: string, mac_address: string) => ({
	...{ id, tags: [] },
	words: { name, mac_address, vendor: 'Intel', product: 'I210' },
});
const devices: Devices = {
	storage: [disk(1, 'sda', 'S1', 'ssd'), disk(2, 'sdb', 'S2', 'ssd'), disk(3, 'sdc', 'S3')],
	interface: [card(7, 'eth0', '52:54:00:00:00:01')],
};
const resolve = (
	declared: Record<string, YamlValue>,
	sent: Record<string, string> = {},
	known: Devices | null = devices,
): string[][] =>
	resolveParameters('test', readDefinitions(declared), new Map(Object.entries(sent)), known).map((run) =>
		Object.values(run).map(({ argument }) => argument),
	);
const storage = { storage: { type: 'storage' } };

for (const [what, sent, disks] of [
	['nothing said', {}, ['sda', 'sdb', 'sdc']],
	['all', { storage: 'all' }, ['sda', 'sdb', 'sdc']],
	['a name', { storage: 'sdb' }, ['sdb']],
	['its path', { storage: '/dev/sdb' }, ['sdb']],
	['an id', { storage: '3' }, ['sdc']],
	['a serial number', { storage: 'S1' }, ['sda']],
	['a model', { storage: 'QEMU' }, ['sda', 'sdb', 'sdc']],
	['a model and a serial number', { storage: 'QEMU:S2' }, ['sdb']],
	['a tag', { storage: 'ssd' }, ['sda', 'sdb']],
	['several, each once', { storage: 'sdc, ssd, sda' }, ['sdc', 'sda', 'sdb']],
	['the script’s own before the one for all', { test_storage: 'sda', storage: 'sdb' }, ['sda']],
	['another script’s', { other_storage: 'sda' }, ['sda', 'sdb', 'sdc']],
] as const)
	test(`a disk meant by ${what}`, () =>
		assert.deepEqual(
			resolve(storage, sent).flat(),
			disks.map((name) => `--storage=/dev/${name}`),
		));

for (const [what, declared, sent, runs] of [
	['no parameters', {}, { storage: 'sda' }, [[]]],
	['a card', { interface: { type: 'interface' } }, {}, [['--interface=eth0']]],
	[
		'a card by its MAC',
		{ nic: { type: 'interface', argument_format: '-i {mac_address}' } },
		{ nic: '52:54:00:00:00:01' },
		[['-i 52:54:00:00:00:01']],
	],
	['a card by vendor and product', { nic: { type: 'interface' } }, { nic: 'Intel:I210' }, [['--nic=eth0']]],
	['a format with unknown words', { disk: { type: 'storage', argument_format: '{serial}{x}' } }, { disk: 'sda' }, [['S1{x}']]],
	['a default', { runtime: { type: 'runtime', default: 90 } }, {}, [['--runtime=90']]],
	['an optional one left out', { note: { type: 'string', required: false } }, {}, [[]]],
	['an address', { url: { type: 'url' } }, { url: 'https://example.org/x' }, [['--url=https://example.org/x']]],
	[
		'a list of addresses',
		{ url: { type: 'url', allow_list: true } },
		{ url: 'http://a/, http://b/' },
		[['--url=http://a/'], ['--url=http://b/']],
	],
	['a choice', { mode: { type: 'choice', choices: ['a', ['b', 'Bee']] } }, { mode: 'b' }, [['--mode=b']]],
	['yes', { deep: { type: 'boolean' } }, { deep: 'True' }, [['--deep']]],
	['no', { deep: { type: 'boolean', argument_format: '--no-deep' } }, { deep: 'no' }, [['']]],
	[
		'two kinds of device',
		{ ...storage, nic: { type: 'interface' } },
		{ storage: 'ssd' },
		[
			['--storage=/dev/sda', '--nic=eth0'],
			['--storage=/dev/sdb', '--nic=eth0'],
		],
	],
] as const)
	test(`a script runs with ${what}`, () => assert.deepEqual(resolve(declared as Record<string, YamlValue>, sent), runs));

test('before its disks are known a script has one run, which keeps what was meant', () => {
	const run = resolveParameters('test', readDefinitions(storage), new Map([['storage', 'ssd']]), null);
	assert.deepEqual(run, [{ storage: { type: 'storage', value: 'ssd', argument: '' } }]);
	assert.deepEqual(resolve(storage, {}, { storage: [], interface: [] }), []);
});

for (const [what, declared, sent, text] of [
	['no such disk', storage, { storage: 'sdz' }, '“sdz” is no such device of this machine.'],
	['an empty word', storage, { storage: 'sda,' }, '“” is no such device of this machine.'],
	['a missing one', { url: { type: 'url' } }, {}, 'This field is required.'],
	['no address', { url: { type: 'url' } }, { url: 'here' }, 'Enter a valid URL.'],
	['a script’s address', { url: { type: 'url' } }, { url: 'javascript:1' }, 'Enter a valid URL.'],
	[
		'too short a time',
		{ runtime: { type: 'runtime', min: 5, max: 9 } },
		{ runtime: '4' },
		'Enter seconds, 5 at least, 9 at most.',
	],
	['no number', { runtime: { type: 'runtime' } }, { runtime: 'x' }, 'Enter seconds.'],
	[
		'no choice',
		{ m: { type: 'choice', choices: ['a'] } },
		{ m: 'b' },
		'Select a valid choice. b is not one of the available choices.',
	],
	['neither yes nor no', { m: { type: 'boolean' } }, { m: 'maybe' }, 'Enter true or false.'],
	['too long a text', { m: { type: 'string', max: 3 } }, { m: 'four' }, 'Enter 0 to 3 characters.'],
	['two lines', { m: { type: 'string' } }, { m: 'a\nb' }, 'Enter one line of text.'],
] as const)
	test(`refused: ${what}`, () => {
		const [name = ''] = Object.keys(declared);
		assert.throws(
			() => resolve(declared as Record<string, YamlValue>, sent),
			new Refusal('bad-input', text, { field: `test_${name}` }),
		);
	});

for (const [value, problem] of [
	[null, null],
	[{ storage: { type: 'storage' } }, null],
	['storage', 'must be a map of names'],
	[['storage'], 'must be a map of names'],
	[{ 'a b': { type: 'url' } }, 'must have names of letters, digits, dashes and underscores'],
	[{ a: 'url' }, 'must say a type for a'],
	[{ a: { type: 'disk' } }, `must have a type of ${parameterTypes.join(', ')} for a`],
] as const)
	test(`parameters of ${JSON.stringify(value)}: ${problem ?? 'right'}`, () =>
		assert.equal(parametersProblem(value as YamlValue), problem));

test('whatever is declared and sent, there are runs or a refusal that names a field', () => {
	const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
	const definition = fc.record(
		{
			type: fc.constantFrom(...parameterTypes),
			min: value,
			max: value,
			default: value,
			required: value,
			allow_list: value,
			choices: value,
			argument_format: value,
		},
		{ requiredKeys: ['type'] },
	);
	fc.assert(
		fc.property(
			fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), definition, { maxKeys: 4 }),
			fc.dictionary(fc.string(), fc.string()),
			(declared, sent) => {
				try {
					for (const run of resolve(declared as Record<string, YamlValue>, sent))
						for (const word of run) assert.equal(typeof word, 'string');
				} catch (error) {
					assert.ok(error instanceof Refusal && error.field?.startsWith('test_'), String(error));
				}
			},
		),
	);
});
