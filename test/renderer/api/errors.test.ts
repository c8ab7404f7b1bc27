import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallFailed, failureOf } from '../../../renderer/api/errors.ts';
import { inWords, wrongField } from '../../../renderer/components/words.ts';

describe('what a refusing answer says', () => {
	it('is the controller’s own words', () => {
		const failure = failureOf(409, '{"code":"locked","text":"It is locked.","nextStep":"Unlock it.","field":"systemId"}');
		assert.deepEqual(inWords(failure), { text: 'It is locked.', nextStep: 'Unlock it.' });
		assert.equal(wrongField(failure), 'systemId');
	});
	for (const body of ['', '<html>Bad gateway</html>', 'null', '[]', '{"code":1,"text":2}']) {
		it(`is its status when the body is ${JSON.stringify(body)}`, () => {
			const failure = failureOf(502, body);
			assert.ok(failure instanceof CallFailed);
			assert.deepEqual(inWords(failure), { text: 'The controller answered with status 502.', nextStep: null });
		});
	}
	it('can be told of anything that is thrown', () => assert.deepEqual(inWords('oops'), { text: 'oops', nextStep: null }));
});
