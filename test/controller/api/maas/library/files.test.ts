import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';

type Client = Awaited<ReturnType<typeof startMaas>>['bob'];
const keep = (client: Pick<Client, 'send'>, filename: string | null, ...contents: (string | Uint8Array)[]) => {
	const form = new FormData();
	if (filename !== null) form.append('filename', filename);
	for (const [at, content] of contents.entries()) form.append(`file${at}`, new Blob([content as BlobPart]), 'upload');
	return client.send('POST', 'files/?op=', { body: form });
};
interface FileObject {
	readonly filename: string;
	readonly anon_resource_uri: string;
	readonly resource_uri: string;
}

test('files: kept, listed by prefix, read in three ways, replaced, deleted', async (t) => {
	const { bob, eve, nobody } = await startMaas(t);
	const name = 'd7a6-tools/releases/juju 3%.tgz';
	const bytes = Uint8Array.from({ length: 5000 }, (_, at) => at % 256);
	const made = await keep(bob, name, bytes);
	assert.deepEqual([made.status, made.text], [201, '']);
	await keep(bob, 'd7a6-provider-state', 'state');
	await keep(eve, 'of-eve', 'hers');

	const listed = (await bob.get('files')).json<FileObject[]>();
	const key = new URL(listed[1]?.anon_resource_uri ?? '', 'http://x').searchParams.get('key') ?? '';
	const item = '/MAAS/api/2.0/files/d7a6-tools%2Freleases%2Fjuju%203%25.tgz/';
	const object = { filename: name, anon_resource_uri: `/MAAS/api/2.0/files/?op=get_by_key&key=${key}`, resource_uri: item };
	assert.match(key, /^[0-9a-f-]{36}$/);
	assert.deepEqual(
		listed.map((file) => file.filename),
		['d7a6-provider-state', name],
	);
	assert.deepEqual((await bob.get('files/', { prefix: 'd7a6-t' })).json(), [object]);
	assert.deepEqual((await bob.get('files/', { prefix: '%' })).json(), []);

	assert.deepEqual((await bob.get(item)).json(), { ...object, content: Buffer.from(bytes).toString('base64') });
	const [got, byKey] = [await bob.get('files/', { op: 'get', filename: name }), await nobody.get(object.anon_resource_uri)];
	assert.deepEqual([got.type, byKey.type], ['application/octet-stream', 'application/octet-stream']);
	assert.equal(got.text, new TextDecoder().decode(bytes));
	assert.equal(byKey.text, got.text);

	await keep(bob, name, 'other');
	assert.equal((await nobody.get(object.anon_resource_uri)).text, 'other');
	assert.equal((await bob.delete(item)).status, 204);
	assert.equal((await bob.delete('files/', { filename: 'd7a6-provider-state' })).status, 204);
	assert.deepEqual((await bob.get('files/')).json(), []);
	assert.equal((await eve.get('files/', { op: 'get', filename: 'of-eve' })).text, 'hers');
});

test('files: what is refused; a missing file has the header that Juju looks for', async (t) => {
	const { ann, bob, eve, nobody } = await startMaas(t);
	await keep(eve, 'of-eve', 'hers');
	for (const [what, answer, status, text] of [
		['no name', await keep(bob, null, 'x'), 400, 'Filename not supplied'],
		['no file', await keep(bob, 'x'), 400, 'Exactly one file must be supplied'],
		['two files', await keep(bob, 'x', 'a', 'b'), 400, 'Exactly one file must be supplied'],
		['no name to get', await bob.get('files/', { op: 'get' }), 400, 'No provided filename!'],
		['no key', await nobody.get('files/', { op: 'get_by_key' }), 400, 'No provided key!'],
		['nobody’s list', await nobody.get('files/'), 401, 'Authorization Required'],
		['another user’s file', await bob.get('files/of-eve/'), 404, 'Not Found'],
		['an administrator', await ann.delete('files/of-eve/'), 404, 'Not Found'],
		['deleting by name', await bob.delete('files/', { filename: 'of-eve' }), 404, 'Not Found'],
		['getting', await bob.get('files/', { op: 'get', filename: 'of-eve' }), 404, 'Not Found'],
		['a wrong key', await nobody.get('files/', { op: 'get_by_key', key: 'x' }), 404, 'Not Found'],
	] as const) {
		assert.deepEqual([answer.status, answer.text], [status, text], what);
		if (status === 404) assert.equal(answer.headers.get('workaround'), 'bug1123986', what);
	}
	const large = await keep(bob, 'large', new Uint8Array((64 << 20) + 1));
	assert.deepEqual([large.status, large.text], [413, 'The file has 67108865 bytes; 67108864 are kept at most.']);
});
