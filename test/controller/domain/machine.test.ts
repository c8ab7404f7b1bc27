import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHostname, makeSystemId } from '../../../controller/domain/machine.ts';

test('a system id has six of MAAS’s characters, which look like nothing else', () => {
	fc.assert(
		fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (chances) => {
			assert.match(
				makeSystemId(() => chances.next().value as number),
				/^[3468abcdefghkmnpqrstwxy7]{6}$/,
			);
		}),
	);
});

test('a host name is one DNS label', () => {
	for (const name of ['a', 'node-1', '1node', 'X', 'a'.repeat(63)]) assert.ok(isHostname(name), name);
	for (const name of ['', '-a', 'a-', 'a.b', 'a_b', 'a b', 'ä', 'a\n', 'a'.repeat(64), '$(reboot)', '"><script>'])
		assert.ok(!isHostname(name), name);
});
