import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { BootFileWord } from '../../../controller/domain/bootFile.ts';
import { Refusal } from '../../../controller/domain/errors.ts';
import { imageFor, type WantedSystem } from '../../../controller/flows/chooseImage.ts';
import { sha256 } from '../../support/diskFile.ts';
import { makeStore } from '../../support/makeStore.ts';

const noble = { osystem: 'ubuntu', distroSeries: 'noble' };
const diskOf = (name: string) => {
	const bytes = Buffer.alloc(1024, name);
	bytes.set([0x55, 0xaa], 510);
	return bytes;
};

/** Uploads each name; `amd64/generic` unless the name says another architecture behind a blank. */
async function withImages(t: TestContext, ...names: string[]) {
	const { store } = makeStore(t);
	const upload = async (word: string, filetype: BootFileWord = 'ddraw', bytes = diskOf(word)) => {
		const [name = '', architecture = 'amd64/generic'] = word.split(' ');
		const begun = store.bootResources.begin({ name, architecture, filetype, sha256: sha256(bytes), size: bytes.length });
		const set = await store.bootResources.append(begun.sets[0]?.id ?? 0, bytes);
		return filetype === 'ddraw' ? store.images.prepare(set) : undefined;
	};
	for (const name of names) await upload(name);
	const chosen = (wanted: WantedSystem, fallback = noble) => {
		const { image, osystem, distroSeries, resource } = imageFor(store, wanted, fallback);
		assert.equal(resource.sets[0]?.imageId, image.id);
		return `${image.name}: ${osystem} ${distroSeries}`;
	};
	const refused = (wanted: WantedSystem, text: string) =>
		assert.throws(() => imageFor(store, wanted, noble), new Refusal('bad-input', text, { field: 'distro_series' }));
	return { store, upload, chosen, refused };
}

test('a system is found by each of its names', async (t) => {
	const { chosen, store } = await withImages(t, 'ubuntu/jammy', 'ubuntu/noble', 'golden', 'centos/8');
	const byName = new Map(store.images.list().map(({ name, id }) => [name, String(id)]));
	for (const [wanted, found] of [
		[{ distroSeries: 'ubuntu/jammy' }, 'ubuntu/jammy: ubuntu jammy'],
		[{ distroSeries: 'jammy' }, 'ubuntu/jammy: ubuntu jammy'],
		[{ osystem: 'ubuntu', distroSeries: 'jammy' }, 'ubuntu/jammy: ubuntu jammy'],
		[{ osystem: 'centos', distroSeries: '8' }, 'centos/8: centos 8'],
		[{ distroSeries: 'centos/8' }, 'centos/8: centos 8'],
		[{ distroSeries: 'golden' }, 'golden: custom golden'],
		[{ distroSeries: 'custom/golden' }, 'golden: custom golden'],
		[{ osystem: 'custom', distroSeries: 'golden' }, 'golden: custom golden'],
		[{ distroSeries: byName.get('golden') }, 'golden: custom golden'],
		[{}, 'ubuntu/noble: ubuntu noble'],
		[{ distroSeries: ' ' }, 'ubuntu/noble: ubuntu noble'],
		[{ distroSeries: null, architecture: 'amd64/ga-22.04' }, 'ubuntu/noble: ubuntu noble'],
	] as const)
		assert.equal(chosen(wanted), found, JSON.stringify(wanted));
	assert.equal(chosen({}, { osystem: 'custom', distroSeries: 'golden' }), 'golden: custom golden');
});

test('a name of one’s own comes before Ubuntu’s, and the machine’s architecture decides between two', async (t) => {
	const { chosen } = await withImages(t, 'jammy', 'ubuntu/jammy', 'golden', 'golden arm64/generic');
	assert.equal(chosen({ distroSeries: 'jammy' }), 'jammy: custom jammy');
	assert.equal(chosen({ distroSeries: 'golden', architecture: 'arm64/generic' }), 'golden (arm64): custom golden');
	assert.equal(chosen({ distroSeries: 'golden', architecture: 'amd64/generic' }), 'golden: custom golden');
});

test('nothing wanted is the only image there is', async (t) => {
	const { chosen, upload, refused } = await withImages(t, 'golden');
	assert.equal(chosen({}), 'golden: custom golden');
	await upload('silver');
	refused({}, "'ubuntu/noble' is not a valid distro_series.  It should be one of: 'custom/golden', 'custom/silver'.");
});

test('a name that is none is refused with all choices for this machine', async (t) => {
	const { refused } = await withImages(t, 'golden', 'ubuntu/jammy', 'other arm64/generic');
	const architecture = 'amd64/generic';
	const choices = "It should be one of: 'custom/golden', 'ubuntu/jammy'.";
	for (const distroSeries of ['hardy', 'ubuntu/hardy', 'other', '4711'])
		refused({ distroSeries, architecture }, `'${distroSeries}' is not a valid distro_series.  ${choices}`);
	refused({ distroSeries: 'a\n\u202eb', architecture }, `'a b' is not a valid distro_series.  ${choices}`);
	const { refused: empty } = await withImages(t);
	empty({}, "'ubuntu/noble' is not a valid distro_series.  It should be one of: no image is here.");
});

test('what is there but can’t be deployed says why; an older version that can is taken', async (t) => {
	const { store, upload, refused, chosen } = await withImages(t, 'golden');
	await upload('tarball', 'tgz', Buffer.alloc(1500));
	await upload('waiting', 'ddgz');
	await upload('broken', 'ddxz');
	store.bootResources.setProblem(
		store.bootResources.list().find(({ name }) => name === 'broken')?.sets[0]?.id ?? 0,
		'it is damaged.',
	);
	store.bootResources.begin({ name: 'half', architecture: 'amd64/generic', filetype: 'ddraw', sha256: '0'.repeat(64), size: 5 });
	store.bootResources.begin({
		name: 'golden',
		architecture: 'amd64/generic',
		filetype: 'ddraw',
		sha256: '0'.repeat(64),
		size: 5,
	});
	refused(
		{ distroSeries: 'tarball' },
		"'custom/tarball' is the root file system of a system (a tar archive), and this version of Metaldesk writes whole disks only: upload a disk image, with filetype ddraw, ddgz or ddxz.",
	);
	refused({ distroSeries: 'waiting' }, "'custom/waiting' is still being checked and converted: try again in a moment.");
	refused({ distroSeries: 'broken' }, "'custom/broken' can’t be deployed: it is damaged.");
	refused({ distroSeries: 'half' }, "'custom/half' has not been uploaded to its end.");
	assert.throws(() => chosen({ distroSeries: 'golden' }), /Expected/);
	assert.equal(imageFor(store, { distroSeries: 'golden' }, noble).image.name, 'golden');
});
