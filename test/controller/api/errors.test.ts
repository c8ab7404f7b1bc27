import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { toFailure } from '../../../controller/api/errors.ts';
import { errorCodes, Refusal } from '../../../controller/domain/errors.ts';

const thrown = (work: () => unknown): unknown => {
	try {
		work();
	} catch (error) {
		return error;
	}
	throw new Error('nothing was thrown');
};

test('each code has its status', () => {
	assert.deepEqual(
		errorCodes.map((code) => `${code} ${toFailure(new Refusal(code, 'no')).status}`),
		[
			...['bad-input 400', 'not-signed-in 401', 'not-allowed 403', 'not-found 404', 'conflict 409', 'invalid-transition 409'],
			...['locked 409', 'unavailable 503', 'storage-full 507', 'power-failed 503', 'foreign-dhcp 409', 'too-large 413'],
			'internal 500',
		],
	);
});

test('a refusal goes out as it is, an input that does not fit with its field, a bug without its words', () => {
	assert.deepEqual(toFailure(new Refusal('locked', 'It is locked.', { field: 'name', nextStep: 'Unlock it.' })), {
		status: 409,
		body: { code: 'locked', text: 'It is locked.', field: 'name', nextStep: 'Unlock it.' },
		expected: true,
	});
	const zod = toFailure(thrown(() => z.object({ pool: z.object({ start: z.string() }) }).parse({ pool: {} })));
	assert.deepEqual([zod.status, zod.body.field], [400, 'pool.start']);
	assert.deepEqual(toFailure(new TypeError('undefined is not a password')), {
		status: 500,
		body: { code: 'internal', text: 'The controller made a mistake; its log has the details.' },
		expected: false,
	});
});

test('a full disk is one sentence, whoever noticed it', () => {
	for (const code of ['SQLITE_FULL', 'ENOSPC', 'EDQUOT'])
		assert.deepEqual(toFailure(Object.assign(new Error('x'), { code })).body.code, 'storage-full', code);
});
