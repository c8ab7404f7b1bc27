import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeApi, hashOf } from '../../../../controller/api/maas/describe.ts';
import { resources } from '../../../../controller/api/maas/groups.ts';
import { openApi } from '../../../../controller/api/maas/openapi.ts';

const origin = 'http://192.0.2.1:5240';
const description = describeApi(resources, origin);
const handlers = description.resources.flatMap((each) => [each.auth, each.anon]).filter((each) => each !== null);

test('the description has the shape that libmaas and the command line are driven by', () => {
	const names = description.resources.map((each) => each.name);
	assert.deepEqual(names, names.toSorted());
	assert.equal(new Set(names).size, names.length);
	for (const handler of handlers) {
		assert.equal(handler.uri, origin + handler.path);
		assert.ok(handler.path.startsWith('/MAAS/api/2.0/'));
		assert.deepEqual(
			handler.params,
			[...handler.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]),
			handler.name,
		);
		assert.ok(handler.doc.length > 5, handler.name);
		for (const action of handler.actions) {
			assert.equal(action.restful, action.op === null, `${handler.name}.${action.name}`);
			assert.ok(['GET', 'POST', 'PUT', 'DELETE'].includes(action.method));
			assert.ok(action.doc.length > 3, `${handler.name}.${action.name} says what it does`);
			const [title, ...body] = action.doc.split('\n\n');
			// Python's argparse formats titles, so MAAS's command line would die of a %; it takes no key=value without a :param
			assert.doesNotMatch(title + handler.doc, /%|:param/, `${handler.name}.${action.name}`);
			const resource = resources.find((each) => each.path === handler.path.slice('/MAAS/api/2.0/'.length));
			const { parameters = {}, rest } = resource?.actions[action.name] ?? {};
			const takesAny = Object.keys(parameters).length > 0 || rest !== undefined;
			assert.equal(body.join().includes(':param'), takesAny, `${handler.name}.${action.name}`);
		}
		const calls = handler.actions.map((action) => `${action.method} ${action.op}`);
		assert.equal(new Set(calls).size, calls.length, `${handler.name} has each call once`);
	}
});

test('placeholders are those that python-libmaas binds by name', () => {
	for (const [name, params] of Object.entries({
		MachineHandler: ['system_id'],
		BlockDeviceHandler: ['system_id', 'id'],
		PartitionHandler: ['system_id', 'device_id', 'id'],
		InterfaceHandler: ['system_id', 'id'],
		VlanHandler: ['fabric_id', 'vid'],
		BootSourceSelectionHandler: ['boot_source_id', 'id'],
		TagHandler: ['name'],
		ZoneHandler: ['name'],
		UserHandler: ['username'],
		SubnetHandler: ['id'],
	}))
		assert.deepEqual(handlers.find((each) => each.name === name)?.params, params, name);
});

test('handlers for callers without a key are published where MAAS has them', () => {
	const anonymous = (name: string) => description.resources.find((each) => each.name === name)?.anon;
	assert.deepEqual(
		anonymous('MachinesHandler')?.actions.map((action) => action.name),
		['accept', 'create', 'is_action_in_progress', 'is_registered'].filter((name) =>
			anonymous('MachinesHandler')?.actions.some((action) => action.name === name),
		),
	);
	assert.equal(anonymous('MachinesHandler')?.name, 'AnonMachinesHandler');
	assert.equal(anonymous('ZonesHandler'), null);
	const version = description.resources.find((each) => each.name === 'VersionHandler');
	assert.deepEqual([version?.auth, version?.anon?.name], [null, 'VersionHandler']);
});

test('the hash changes with the API and not with the server’s address', () => {
	assert.equal(describeApi(resources, 'https://example.org').hash, description.hash);
	assert.notEqual(hashOf(resources.slice(1)), description.hash);
});

test('the OpenAPI document has every operation once', () => {
	const { paths } = openApi(resources, '1.0.0') as { paths: Record<string, Record<string, { operationId: string }>> };
	const ids = Object.values(paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
	assert.equal(new Set(ids).size, ids.length);
	assert.equal(
		ids.length,
		resources.reduce((sum, each) => sum + Object.keys(each.actions).length, 0),
	);
});
