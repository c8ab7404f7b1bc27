import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type MaasAnswer, oauthHeader, startMaas } from '../../../../support/maasClient.ts';
import { addMachine } from '../../../../support/makeStore.ts';

const MiB = 2 ** 20;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = (length: number, seed = 1) => Buffer.from(Uint8Array.from({ length }, (_, at) => at * 31 * seed + (at >> 8)));
const disk = (() => {
	const bytes = bytesOf(2 * MiB + 100);
	bytes.set([0x55, 0xaa], 510);
	return bytes;
})();

type Maas = Awaited<ReturnType<typeof startMaas>>;
interface BootFile {
	readonly filename: string;
	readonly complete: boolean;
	readonly progress?: number;
	readonly upload_uri?: string;
}
interface Resource {
	readonly id: number;
	readonly name: string;
	readonly sets: Record<string, { version: string; complete: boolean; files: Record<string, BootFile> }>;
}

const begin = ({ ann }: Maas, bytes: Uint8Array, form: Record<string, string> = {}): Promise<MaasAnswer> =>
	ann.post('boot-resources/', null, {
		...{ name: 'custom/golden', architecture: 'amd64/generic', sha256: sha256(bytes), size: bytes.length, filetype: 'ddraw' },
		...form,
	});
/** As clients find it: the newest version's only file. */
const newestFile = (resource: Resource): BootFile => {
	const version = Object.keys(resource.sets).sort().at(-1) ?? '';
	return Object.values(resource.sets[version]?.files ?? {})[0] as BootFile;
};
const put = ({ ann }: Maas, uri: string, chunk: Uint8Array) =>
	ann.send('PUT', uri, { body: chunk as BodyInit, headers: { 'content-type': 'application/octet-stream' } });
const upload = async (maas: Maas, bytes: Uint8Array, form: Record<string, string> = {}, chunk = MiB): Promise<Resource> => {
	const begun = (await begin(maas, bytes, form)).json<Resource>();
	const uri = newestFile(begun).upload_uri ?? '';
	for (let at = 0; at < bytes.length; at += chunk) {
		const { status, text } = await put(maas, uri, bytes.subarray(at, at + chunk));
		assert.deepEqual([status, text], [200, 'OK']);
	}
	return (await maas.ann.get(`boot-resources/${begun.id}/`)).json<Resource>();
};

test('boot resources: a disk in chunks becomes an image that machines can be deployed with', async (t) => {
	const maas = await startMaas(t);
	const { ann, bob, store } = maas;
	const answer = await begin(maas, disk, { title: 'Golden' });
	const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
	const begun = answer.json<Resource>();
	const listed = {
		...{ id: 1, type: 'Uploaded', name: 'golden', architecture: 'amd64/generic', subarches: 'generic', title: 'Golden' },
		...{ base_image: '', last_deployed: null, resource_uri: '/MAAS/api/2.0/boot-resources/1/' },
	};
	const file = { filename: 'root-dd.raw', filetype: 'root-dd.raw', size: disk.length, sha256: sha256(disk) };
	const set = { version: day, label: 'uploaded', size: disk.length };
	const onDisk = Object.values(begun.sets[day]?.files ?? {}).map(
		(each) => (each as unknown as Record<string, string>).filename_on_disk,
	)[0];
	assert.equal(answer.status, 201);
	assert.deepEqual(begun, {
		...listed,
		sets: {
			[day]: {
				...{ ...set, complete: false, progress: 0 },
				files: {
					'root-dd.raw': {
						...{ ...file, filename_on_disk: onDisk, complete: false, progress: 0 },
						upload_uri: '/MAAS/api/2.0/boot-resources/1/upload/1/',
					},
				},
			},
		},
	});
	const uri = newestFile(begun).upload_uri ?? '';
	assert.equal((await put(maas, uri, disk.subarray(0, MiB))).status, 200);
	assert.equal(newestFile((await bob.get('boot-resources/1/')).json<Resource>()).progress, 49.9);
	assert.equal(store.images.list().length, 0);
	assert.equal((await put(maas, uri, disk.subarray(MiB))).status, 200);
	const [image] = store.images.list();
	assert.deepEqual([image?.name, image?.format, image?.sha256, image?.diskSize], ['golden', 'raw', sha256(disk), 2 * MiB + 512]);
	assert.deepEqual((await bob.get('boot-resources/1/')).json(), {
		...listed,
		sets: {
			[day]: {
				...{ ...set, complete: true },
				files: { 'root-dd.raw': { ...file, filename_on_disk: image?.file, complete: true } },
			},
		},
	});
	assert.deepEqual((await bob.get('boot-resources')).json(), [listed]);
	for (const [type, names] of [
		['all', ['golden']],
		['synced', []],
		['Uploaded', ['golden']],
	] as const)
		assert.deepEqual(
			(await bob.get('boot-resources/', { type })).json<Resource[]>().map((each) => each.name),
			names,
		);
	assert.deepEqual([(await ann.delete('boot-resources/1/')).status, (await ann.delete('boot-resources/1/')).status], [204, 404]);
	assert.deepEqual([store.images.list(), store.bootResources.list()], [[], []]);
});

test('boot resources: content that is here already makes the answer complete, for any name', async (t) => {
	const maas = await startMaas(t);
	await upload(maas, disk);
	for (const name of ['golden', 'silver']) {
		const answer = await begin(maas, disk, { name });
		const again = newestFile(answer.json<Resource>());
		assert.deepEqual([answer.status, again.complete, again.upload_uri, again.progress], [201, true, undefined, undefined]);
	}
	const [golden, silver] = maas.store.bootResources.list();
	assert.equal(golden?.sets.length, 1);
	assert.equal(silver?.sets[0]?.imageId, golden?.sets[0]?.imageId);
	// the image goes with the last one that names it
	await maas.ann.delete(`boot-resources/${golden?.id}/`);
	assert.equal(maas.store.images.list().length, 1);
	await maas.ann.delete(`boot-resources/${silver?.id}/`);
	assert.equal(maas.store.images.list().length, 0);
});

test('boot resources: an image of the page is in the list, and goes from it with the page’s image', async (t) => {
	const { ann, store } = await startMaas(t);
	const image = await store.images.import({
		name: 'Debian 12',
		bytes: (async function* () {
			yield gzipSync(disk);
		})(),
	});
	const [listed] = (await ann.get('boot-resources/')).json<Resource[]>();
	const file = newestFile((await ann.get(`boot-resources/${listed?.id}/`)).json<Resource>());
	assert.deepEqual([listed?.name, file.filename, file.complete], ['Debian 12', 'root-dd.gz', true]);
	store.images.delete(image.id);
	assert.deepEqual((await ann.get('boot-resources/')).json(), []);
});

test('boot resources: a new version takes the name; the old one stays while a machine uses it', async (t) => {
	const maas = await startMaas(t);
	const { store } = maas;
	await upload(maas, disk);
	const first = store.images.list()[0];
	store.bootResources.deploys(first?.id as number);
	const [listed] = (await maas.bob.get('boot-resources/')).json<{ last_deployed: string | null }[]>();
	assert.match(listed?.last_deployed ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
	const machine = addMachine(store, 1);
	store.machines.update(machine.id, { imageId: first?.id as number });
	const changed = Buffer.from(disk).fill(7, 1000, 2000);
	await upload(maas, changed);
	const [day = ''] = Object.keys((await maas.ann.get('boot-resources/1/')).json<Resource>().sets).sort();
	assert.deepEqual(
		store.images.list().map(({ name, sha256 }) => [name, sha256]),
		[
			['golden', sha256(changed)],
			[`golden (${day})`, sha256(disk)],
		],
	);
	const refused = await maas.ann.delete('boot-resources/1/');
	assert.deepEqual([refused.status, refused.text], [409, `golden (${day}) is in use by node-1 Release these machines first.`]);
	assert.equal(store.images.list().length, 2);
	store.machines.update(machine.id, { imageId: null });
	await upload(maas, Buffer.from(disk).fill(9, 1000, 2000));
	assert.deepEqual(
		store.images.list().map(({ name }) => name),
		['golden'],
	);
});

test('boot resources: archives of a root file system, and bytes that are no disk, are kept', async (t) => {
	const maas = await startMaas(t);
	const plain = bytesOf(70_000);
	const root = await upload(maas, plain, { name: 'centos/8', filetype: '' }, 7000);
	assert.deepEqual([newestFile(root).filename, newestFile(root).complete], ['root.tgz', true]);
	for (const filetype of ['ddraw', 'ddtgz', 'ddbz2'])
		assert.equal(newestFile(await upload(maas, plain, { name: filetype, filetype })).complete, true);
	assert.deepEqual(
		maas.store.bootResources.list().map(({ name, sets }) => [name, sets[0]?.imageId, sets[0]?.problem]),
		[
			['centos/8', null, null],
			['ddbz2', null, 'bzip2 is not unpacked here: compress it with gzip, xz or zstd instead.'],
			['ddraw', null, 'the upload is bytes without a partition table (no MBR signature at 510, no GPT header at 512 or 4096)'],
			['ddtgz', null, 'the file holds no tar archive'],
		],
	);
});

test('boot resources: a whole file in one form', async (t) => {
	const { ann } = await startMaas(t);
	const send = (sha?: string) => {
		const form = new FormData();
		for (const [name, value] of [
			['name', 'whole'],
			['architecture', 'amd64'],
			['filetype', 'ddgz'],
		] as const)
			form.append(name, value);
		if (sha) form.append('sha256', sha);
		form.append('content', new Blob([gzipSync(disk)]), 'disk.gz');
		return ann.send('POST', 'boot-resources/?op=', { body: form });
	};
	const wrong = await send('0'.repeat(64));
	assert.deepEqual([wrong.status, wrong.text], [400, 'Saved content does not match given SHA256 value.']);
	assert.deepEqual((await ann.get('boot-resources/')).json(), []);
	const made = await send();
	assert.deepEqual([made.status, newestFile(made.json<Resource>()).complete], [201, true]);
});

test('boot resources: what an upload refuses, and in which words', async (t) => {
	const maas = await startMaas(t);
	const { ann, bob } = maas;
	const begun = (await begin(maas, disk)).json<Resource>();
	const uri = newestFile(begun).upload_uri ?? '';
	const said = ({ status, text }: MaasAnswer) => [status, text];
	assert.deepEqual(said(await put(maas, uri, Buffer.alloc(0))), [400, 'Missing data.']);
	assert.deepEqual(await putUnmeasured(maas.url, ann.key ?? '', uri, disk), [400, 'Missing data.']);
	assert.deepEqual(said(await put(maas, uri, Buffer.alloc(disk.length + 1))), [400, 'Too much data received.']);
	assert.deepEqual(said(await put(maas, uri, Buffer.alloc(disk.length))), [
		400,
		'Saved content does not match given SHA256 value.',
	]);
	// and then it begins anew
	assert.deepEqual(said(await put(maas, uri, disk)), [200, 'OK']);
	assert.deepEqual(said(await put(maas, uri, disk)), [400, 'Cannot upload to a complete file.']);
	assert.deepEqual(said(await put(maas, '/MAAS/api/2.0/boot-resources/1/upload/99/', disk)), [
		404,
		'No BootResourceFile matches the given query.',
	]);
	assert.deepEqual(said(await put(maas, '/MAAS/api/2.0/boot-resources/99/upload/1/', disk)), [
		404,
		'No BootResource matches the given query.',
	]);
	assert.equal((await bob.send('PUT', uri, { body: 'x' })).status, 403);
});

test('boot resources: what a form refuses', async (t) => {
	const maas = await startMaas(t);
	const required = ['This field is required.'];
	const refused = async (form: Record<string, string>) => {
		const answer = await begin(maas, disk, form);
		assert.equal(answer.status, 400, JSON.stringify(form));
		return answer.json<Record<string, string[]>>();
	};
	assert.deepEqual(await refused({ name: '', architecture: '' }), { name: required, architecture: required });
	assert.deepEqual(await refused({ sha256: '' }), { sha256: required });
	assert.deepEqual(await refused({ size: '' }), { size: required });
	for (const form of [
		...[
			{ name: 'nix/x' },
			{ name: 'ubuntu/a/b' },
			{ name: 'custom/' },
			{ name: "a'b" },
			{ architecture: 'vax/780' },
			{ sha256: 'abc' },
		],
		...[{ size: '0' }, { size: '-1' }, { size: '99999999999999999' }, { filetype: 'iso' }, { size: String(2 ** 50) }],
	])
		assert.deepEqual(Object.keys(await refused(form)), Object.keys(form), JSON.stringify(form));
	assert.deepEqual(maas.store.bootResources.list(), []);
	assert.equal((await maas.bob.post('boot-resources/', null, { name: 'x' })).status, 403);
});

test('boot resources: two uploads at once, and two clients that send one upload’s chunks', async (t) => {
	const maas = await startMaas(t);
	const files = [bytesOf(300_000, 3), bytesOf(400_000, 5)];
	await Promise.all(files.map((bytes, at) => upload(maas, bytes, { name: `file-${at}`, filetype: 'tgz' }, 50_000)));
	assert.deepEqual(
		maas.store.bootResources.list().map(({ sets }) => sets[0]?.complete),
		[true, true],
	);
	const zeros = Buffer.alloc(200_000);
	const uri = newestFile((await begin(maas, zeros, { name: 'zeros', filetype: 'tgz' })).json<Resource>()).upload_uri ?? '';
	const answers = await Promise.all(Array.from({ length: 5 }, () => put(maas, uri, zeros.subarray(0, 50_000))));
	assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 200, 400]);
});

test('boot resources: nothing is imported, and that is said', async (t) => {
	const { ann, bob } = await startMaas(t);
	assert.deepEqual((await bob.get('boot-resources/', { op: 'is_importing' })).json(), false);
	assert.equal((await ann.post('boot-resources/', 'stop_import')).text, 'Import of boot resources stopped');
	const asked = await ann.post('boot-resources/', 'import');
	assert.deepEqual([asked.status, /not fetched from boot sources yet/.test(asked.text)], [501, true]);
});

/** A body of chunks without a Content-Length. */
function putUnmeasured(url: string, key: string, uri: string, body: Uint8Array): Promise<[number | undefined, string]> {
	return new Promise((resolve, reject) => {
		const headers = { authorization: oauthHeader(key), 'content-type': 'application/octet-stream' };
		const sent = request(`${url}${uri}`, { method: 'PUT', headers }, async (answer) => {
			const chunks: Buffer[] = [];
			for await (const chunk of answer) chunks.push(chunk);
			resolve([answer.statusCode, Buffer.concat(chunks).toString()]);
		});
		sent.on('error', reject);
		sent.write(body.subarray(0, 1000));
		sent.end(body.subarray(1000));
	});
}
