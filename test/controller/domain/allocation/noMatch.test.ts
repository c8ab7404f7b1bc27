import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllocate } from '../../../../controller/domain/allocation/constraints.ts';
import { noMatchText, pythonText } from '../../../../controller/domain/allocation/noMatch.ts';
import { known } from '../../../support/candidates.ts';

const textOf = (given: [string, string[]][]) => {
	const parsed = parseAllocate(new Map(given), known);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
	return noMatchText(parsed.constraints);
};

test('the answer “no machine” is MAAS’s', () => {
	const rows: [given: [string, string[]][], text: string][] = [
		[[], 'No machine available.'],
		[
			[
				['op', ['allocate']],
				['agent_name', ['model']],
			],
			'No machine available.',
		],
		[
			[
				['system_id', ['4y3h7n']],
				['mem', ['1']],
			],
			'No machine with system ID 4y3h7n available.',
		],
		[[['mem', ['99999']]], `No available machine matches constraints: [('mem', ['99999'])] (resolved to "mem=99999")`],
		[
			[
				['op', ['allocate']],
				['zone', ['default']],
				['agent_name', ["it's"]],
				['tags', ['ssd', 'gpu']],
				['mem', ['2048.0']],
				['arch', ['amd64']],
				['storage', ['root:0,data:5(ssd)']],
			],
			`No available machine matches constraints: [('zone', ['default']), ('agent_name', ["it's"]), ('tags', ['ssd', 'gpu']), ('mem', ['2048.0']), ('arch', ['amd64']), ('storage', ['root:0,data:5(ssd)'])] (resolved to "arch=amd64/generic,amd64/hwe-22.04 mem=2048 storage=root:0,data:5(ssd) tags=gpu,ssd zone=default")`,
		],
	];
	for (const [given, text] of rows) assert.equal(textOf(given), text);
});

test('texts are written as Python does', () => {
	const rows: [text: string, python: string][] = [
		['plain', `'plain'`],
		[`it's`, `"it's"`],
		[`"both" it's`, `'"both" it\\'s'`],
		['back\\slash', `'back\\\\slash'`],
		['a\nb\tc\rd', `'a\\nb\\tc\\rd'`],
		['\u0000\u001b\u007f\u00a0', `'\\x00\\x1b\\x7f\\xa0'`],
		['größe 東', `'größe 東'`],
		['\u200b\ud800', `'\\u200b\\ud800'`],
		['\u{e0001}', `'\\U000e0001'`],
	];
	for (const [text, python] of rows) assert.equal(pythonText(text), python);
});
