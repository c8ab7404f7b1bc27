import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MaasClient, startMaas } from '../../../../support/maasClient.ts';

test('notifications: written by administrators, read and dismissed by those they are for', async (t) => {
	const { ann, bob, eve } = await startMaas(t);
	const made = await ann.post('notifications/', null, {
		message: 'The {part} is broken',
		context: '{"part": "fan"}',
		category: 'Warning',
		ident: 'fan',
		user: bob.user.id,
	});
	const user = {
		username: 'bob',
		email: '',
		is_superuser: false,
		is_local: true,
		resource_uri: '/MAAS/api/2.0/users/bob/',
	};
	const notification = {
		id: 1,
		ident: 'fan',
		user,
		users: false,
		admins: false,
		message: 'The {part} is broken',
		context: { part: 'fan' },
		category: 'warning',
		dismissable: true,
		resource_uri: '/MAAS/api/2.0/notifications/1/',
	};
	assert.deepEqual([made.status, made.json()], [200, notification]);
	await ann.post('notifications/', null, { message: 'for users', users: true });
	await ann.post('notifications/', null, { message: 'for administrators', admins: 'true', dismissable: 'false' });
	const listed = async (client: MaasClient) =>
		(await client.get('notifications/')).json<{ message: string }[]>().map(({ message }) => message);
	assert.deepEqual(await listed(bob), ['The {part} is broken', 'for users']);
	assert.deepEqual(await listed(eve), ['for users']);
	assert.deepEqual(await listed(ann), ['for administrators']);

	const dismissed = await bob.post('notifications/1/', 'dismiss');
	assert.deepEqual([dismissed.status, dismissed.text], [200, 'null']);
	assert.deepEqual(await listed(bob), ['for users']);
	const changed = await ann.put('notifications/1/', { message: 'repaired', category: 'success', ident: '', user: '' });
	assert.deepEqual(changed.json(), { ...notification, message: 'repaired', category: 'success', ident: null, user: null });
	assert.deepEqual([(await ann.delete('notifications/1/')).status, (await ann.get('notifications/1/')).status], [204, 404]);
});

test('notifications: what is refused, and in which words', async (t) => {
	const { ann, bob, eve } = await startMaas(t);
	await ann.post('notifications/', null, { message: 'for bob', user: 'bob', ident: 'x', dismissable: 'false' });
	for (const [what, answer, status, text] of [
		['no message', await ann.post('notifications/'), 400, '{"message":["This field is required."]}'],
		[
			'a context that is none',
			await ann.post('notifications/', null, { message: 'm', context: '[1]' }),
			400,
			'{"context":["Enter a JSON object."]}',
		],
		[
			'a strange category',
			await ann.post('notifications/', null, { message: 'm', category: 'loud' }),
			400,
			/^\{"category":\["Select a valid choice/,
		],
		[
			'a user that is none',
			await ann.post('notifications/', null, { message: 'm', user: '99' }),
			400,
			/^\{"user":\["Select a valid choice/,
		],
		[
			'a taken ident',
			await ann.post('notifications/', null, { message: 'm', ident: 'x' }),
			400,
			'{"ident":["Notification with this Ident already exists."]}',
		],
		[
			'a user who writes',
			await bob.post('notifications/', null, { message: 'm' }),
			403,
			'User is not allowed access to this API.',
		],
		['what is for somebody else', await eve.get('notifications/1/'), 403, 'User is not allowed access to this API.'],
		[
			'to dismiss what is for somebody else',
			await ann.post('notifications/1/', 'dismiss'),
			403,
			'User is not allowed access to this API.',
		],
		['to dismiss what stays', await bob.post('notifications/1/', 'dismiss'), 400, 'This notification is not dismissable.'],
		['one that is not there', await ann.get('notifications/7/'), 404, 'No Notification matches the given query.'],
		['an id that is none', await ann.delete('notifications/seven/'), 404, 'No Notification matches the given query.'],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (typeof text === 'string') assert.equal(answer.text, text, what);
		else assert.match(answer.text, text, what);
	}
});
