import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parsePackageRecords } from '../../../controller/bootAssets/apt/debControl.ts';
import { withLibraryPackages } from '../../../controller/bootAssets/apt/libraryPackages.ts';
import { unpackDeb } from '../../../controller/bootAssets/apt/unpack.ts';
import { indexPackageFiles } from '../../../controller/bootAssets/packageFiles.ts';

const SHA = '0'.repeat(64);
let scratch = '';
before(async () => {
	scratch = await mkdtemp(join(tmpdir(), 'metaldesk-debs-'));
});
after(async () => await rm(scratch, { recursive: true }));

/** Builds a .deb with dpkg-deb and unpacks it the way a build does. */
async function unpacked(name: string, files: Record<string, string | { copyOf: string } | { linkTo: string }>): Promise<string> {
	const tree = join(scratch, 'trees', name);
	await mkdir(join(tree, 'DEBIAN'), { recursive: true });
	await writeFile(
		join(tree, 'DEBIAN/control'),
		`Package: ${name}\nVersion: 1\nArchitecture: amd64\nMaintainer: A <a@example.org>\nDescription: d\n`,
	);
	for (const [path, content] of Object.entries(files)) {
		await mkdir(dirname(join(tree, path)), { recursive: true });
		if (typeof content === 'string') await writeFile(join(tree, path), content);
		else if ('copyOf' in content) await copyFile(content.copyOf, join(tree, path));
		else await symlink(content.linkTo, join(tree, path));
	}
	const deb = join(scratch, `${name}.deb`);
	execFileSync('dpkg-deb', ['--build', '--root-owner-group', '-Znone', tree, deb], { stdio: 'pipe' });
	const record = { name, version: '1', section: 'admin', depends: [], sha256: SHA, size: 1 };
	return await unpackDeb(deb, record, join(scratch, 'unpacked'));
}

describe('files of unpacked packages', () => {
	it('follows links from package to package and brings the libraries of a program', async () => {
		const program = await unpacked('program', {
			'bin/prog': { copyOf: '/bin/ls' },
			'usr/bin/alias': { linkTo: '../../bin/prog' },
		});
		const libraries = await unpacked('libraries', {
			'lib64/ld-linux-x86-64.so.2': { linkTo: '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2' },
			'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2': 'loader',
			'lib/x86_64-linux-gnu/libc.so.6': 'c',
			'usr/lib/x86_64-linux-gnu/libselinux.so.1': { linkTo: 'libselinux.so.1.0' },
			'usr/lib/x86_64-linux-gnu/libselinux.so.1.0': 'selinux',
		});
		const files = await indexPackageFiles([program, libraries]);
		assert.equal(files.resolve('usr/bin/alias'), join(program, 'bin/prog'));
		assert.equal(files.resolve('usr/bin/none'), null);
		assert.deepEqual([...(await files.withLibraries(['bin/prog'])).entries()].sort(), [
			['usr/bin/prog', join(program, 'bin/prog')],
			['usr/lib/x86_64-linux-gnu/libc.so.6', join(libraries, 'lib/x86_64-linux-gnu/libc.so.6')],
			['usr/lib/x86_64-linux-gnu/libselinux.so.1', join(libraries, 'usr/lib/x86_64-linux-gnu/libselinux.so.1.0')],
			['usr/lib64/ld-linux-x86-64.so.2', join(libraries, 'lib/x86_64-linux-gnu/ld-linux-x86-64.so.2')],
		]);
	});

	it('names what is missing and who wanted it', async () => {
		const files = await indexPackageFiles([await unpacked('alone', { 'bin/prog': { copyOf: '/bin/ls' } })]);
		await assert.rejects(files.withLibraries(['bin/prog', 'bin/none']), (error: Error) => {
			assert.match(error.message, /libc\.so\.6 \(wanted by usr\/bin\/prog\)/);
			assert.match(error.message, /usr\/bin\/none \(wanted by the selection\)/);
			return true;
		});
	});

	it('a package that does not unpack leaves nothing that looks unpacked', async () => {
		const broken = join(scratch, 'broken.deb');
		await writeFile(broken, '!<arch>\nnot a package');
		const record = { name: 'broken', version: '1', section: 'admin', depends: [], sha256: SHA, size: 1 };
		await assert.rejects(unpackDeb(broken, record, join(scratch, 'unpacked')), { name: 'CommandError' });
		assert.ok(!(await readdir(join(scratch, 'unpacked'))).includes(`broken_${SHA.slice(0, 16)}`));
	});
});

describe('packages to fetch', () => {
	const stanza = (name: string, section: string, depends: string) =>
		`Package: ${name}\nVersion: 1\nSection: ${section}\nDepends: ${depends}\nSize: 1\nSHA256: ${SHA}\n`;
	const archive = parsePackageRecords(
		[
			stanza('tool', 'admin', 'libone, perl, debconf | debconf-2.0'),
			stanza('libone', 'libs', 'libtwo | libthree'),
			stanza('libtwo', 'libs', 'libone'),
			stanza('perl', 'perl', 'libperl'),
			stanza('libperl', 'libs', ''),
		].join('\n'),
	);
	const show = async (names: readonly string[]) => archive.filter(({ name }) => names.includes(name));

	it('are the wanted ones and libraries, however deep, not other programs and their libraries', async () => {
		const records = await withLibraryPackages(['tool'], show);
		assert.deepEqual(
			records.map(({ name }) => name),
			['libone', 'libtwo', 'tool'],
		);
	});

	it('that no archive has are named', async () => {
		await assert.rejects(withLibraryPackages(['tool', 'nope', 'gone'], show), {
			message: 'the configured archives have no package nope, gone',
		});
	});
});
