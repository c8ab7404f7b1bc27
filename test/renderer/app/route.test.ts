import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRoute } from '../../../renderer/app/route.ts';

describe('addresses after the #', () => {
	const cases: [hash: string, route: ReturnType<typeof parseRoute>][] = [
		['', { page: 'machines' }],
		['#/machines', { page: 'machines' }],
		['#/machines/4ygc6n', { page: 'machine', systemId: '4ygc6n', tab: 'timeline' }],
		['#/machines/4ygc6n/events', { page: 'machine', systemId: '4ygc6n', tab: 'events' }],
		['#/machines/4ygc6n/nonsense', { page: 'machine', systemId: '4ygc6n', tab: 'timeline' }],
		['#/machines/<img>', { page: 'machines' }],
		['#/welcome', { page: 'welcome' }],
		['#/no-such-page', { page: 'machines' }],
	];
	for (const [hash, route] of cases) it(`${hash || '(none)'} is ${route.page}`, () => assert.deepEqual(parseRoute(hash), route));
});
