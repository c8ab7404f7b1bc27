import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/**
 * The house rules: which folder may import which, how long a file may be, what lies at the top, and that each file that decides
 * something has its test. A folder without a row here fails.
 */
const root = path.resolve(import.meta.dirname, '../..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
	.split('\n')
	.filter((file) => file !== '' && existsSync(path.join(root, file)));
const sources = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !file.endsWith('.d.mts'));

/** folder → what it may import besides itself and npm packages; the longest matching row counts. */
const may: Record<string, readonly string[]> = {
	'controller/index.ts': ['controller/'],
	// what index.ts needs only for a demo rack
	'controller/joinSimulation.ts': ['controller/'],
	'controller/process.ts': ['controller/index.ts', 'controller/config.ts', 'controller/log.ts'],
	'controller/config.ts': [],
	'controller/log.ts': [],
	'controller/domain/': [],
	'controller/wire/': [],
	'controller/ipmi-js/': [],
	'controller/power/': ['controller/domain/', 'controller/wire/', 'controller/log.ts', 'controller/ipmi-js/'],
	'controller/services/': ['controller/domain/', 'controller/wire/', 'controller/log.ts'],
	'controller/store/': ['controller/domain/'],
	'controller/agent/': ['controller/domain/'],
	'controller/bootAssets/': ['controller/domain/', 'controller/agent/', 'controller/log.ts'],
	// the other end of the wire: what it knows of the controller it hears over sockets
	'controller/simulation/': ['controller/domain/', 'controller/wire/', 'controller/services/netport.ts', 'controller/log.ts'],
	'controller/flows/': ['controller/domain/', 'controller/store/', 'controller/power/', 'controller/log.ts'],
	'controller/api/contract.ts': ['controller/api/views.ts'],
	'controller/api/views.ts': ['controller/api/contract.ts'],
	'controller/api/': ['controller/domain/', 'controller/flows/', 'controller/store/', 'controller/power/', 'controller/log.ts'],
	'controller/cli/': [
		'controller/api/contract.ts',
		'controller/api/maas/describe.ts',
		'controller/domain/clean.ts',
		'controller/config.ts',
		'controller/log.ts',
		'controller/process.ts',
		'controller/store/',
		'controller/bootAssets/',
	],
	'main/index.ts': ['main/'],
	'main/ipc/contract.ts': [],
	'main/ipc/': [],
	'main/config.ts': ['main/supervisor/'],
	'main/log.ts': ['main/supervisor/logLine.ts'],
	'main/window/': ['main/ipc/', 'main/settings/', 'main/log.ts'],
	'main/supervisor/': ['main/ipc/contract.ts', 'main/log.ts'],
	'main/settings/': [],
	'main/launch/': [],
	'renderer/index.tsx': ['renderer/app/', 'renderer/api/', 'renderer/styles/'],
	'renderer/env.d.ts': [],
	'renderer/app/': ['renderer/features/', 'renderer/components/', 'renderer/api/', 'renderer/styles/'],
	'renderer/features/': ['renderer/components/', 'renderer/api/', 'renderer/styles/'],
	'renderer/components/': ['renderer/styles/'],
	'renderer/api/': ['controller/api/', 'main/ipc/contract.ts'],
	'renderer/styles/': [],
	'electron.config.ts': [],
	'test/': ['controller/', 'main/', 'renderer/'],
};

/** npm packages that a part of the house must not touch. */
const neverImports: readonly [folder: string, pattern: RegExp, why: string][] = [
	['controller/', /^(electron|electron-log|react|react-dom|zustand)(\/|$)/, 'the controller runs without Electron and React'],
	['renderer/', /^(node:|fs$|path$|electron$|better-sqlite3|fastify)/, 'the renderer runs in a browser'],
	['controller/domain/', /^node:(fs|net|dgram|http|child_process|timers)/, 'domain has no I/O and no clock'],
	['controller/wire/', /^node:(fs|net|dgram|http|child_process|timers)/, 'wire has no I/O and no clock'],
];

const topLevel =
	/^(package\.json|package-lock\.json|electron\.config\.ts|tsconfig\.json|README\.md|LICENSE|\..+|(main|renderer|controller|assets|test)\/.*)$/;

const rowOf = (file: string) =>
	Object.keys(may)
		.filter((row) => file === row || (row.endsWith('/') && file.startsWith(row)))
		.toSorted((a, b) => b.length - a.length)[0];

interface Import {
	readonly from: string;
	readonly target: string;
	readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
	const text = readFileSync(path.join(root, file), 'utf8');
	const found = [...text.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)].map(
		(match) => ({
			target: match[2] as string,
			typeOnly: match[1] !== undefined,
		}),
	);
	const dynamic = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)].map((match) => ({
		target: match[1] as string,
		typeOnly: false,
	}));
	return [...found, ...dynamic].map((each) => ({
		...each,
		from: file,
		target: each.target.startsWith('.') ? path.posix.join(path.posix.dirname(file), each.target) : each.target,
	}));
}

test('each folder imports only what its row allows', () => {
	const wrong: string[] = [];
	for (const file of sources) {
		const row = rowOf(file);
		if (!row) {
			wrong.push(`${file}: its folder has no row in this test`);
			continue;
		}
		const home = row.endsWith('/') ? row : `${path.posix.dirname(row)}/`;
		const allowed = [...(may[row] as string[]), row.endsWith('/') ? row : file];
		for (const { target, typeOnly } of importsOf(file)) {
			if (!/^(main|renderer|controller|assets|test)\//.test(target)) continue;
			// inside a folder of pages, each page keeps to itself
			if (row === 'renderer/features/' && target.startsWith('renderer/features/') && target.split('/')[2] !== file.split('/')[2])
				wrong.push(`${file} → ${target}: a page never imports another page`);
			if (row === 'renderer/api/' && target.startsWith('controller/') && !typeOnly) wrong.push(`${file} → ${target}: types only`);
			if (!allowed.some((place) => target === place || (place.endsWith('/') && target.startsWith(place))))
				wrong.push(`${file} → ${target}: ${home} may import ${allowed.join(', ')}`);
		}
	}
	assert.deepEqual(wrong, []);
});

test('no part of the house touches a package that is not for it', () => {
	const wrong = sources.flatMap((file) =>
		importsOf(file).flatMap(({ target }) =>
			neverImports
				.filter(([folder, pattern]) => file.startsWith(folder) && pattern.test(target))
				.map(([, , why]) => `${file} → ${target}: ${why}`),
		),
	);
	assert.deepEqual(wrong, []);
});

test('nothing imports in a circle', () => {
	const graph = new Map(
		sources.map((file) => [
			file,
			importsOf(file)
				.filter((each) => !each.typeOnly)
				.map((each) => each.target),
		]),
	);
	const circles: string[] = [];
	const state = new Map<string, 'open' | 'done'>();
	const visit = (file: string, trail: string[]): void => {
		if (state.get(file) === 'done') return;
		if (state.get(file) === 'open') {
			circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
			return;
		}
		state.set(file, 'open');
		for (const target of graph.get(file) ?? []) if (graph.has(target)) visit(target, [...trail, file]);
		state.set(file, 'done');
	};
	for (const file of graph.keys()) visit(file, []);
	assert.deepEqual(circles, []);
});

test('no file is longer than 400 lines', () => {
	const long = files
		.filter((file) => /\.(ts|tsx|mjs|cjs|js|sh|c|css)$/.test(file))
		.map((file) => ({ file, lines: readFileSync(path.join(root, file), 'utf8').split('\n').length - 1 }))
		.filter(({ lines }) => lines > 400);
	assert.deepEqual(long, []);
});

test('the top level holds what the card names, and what tools insist on', () => {
	assert.deepEqual(
		files.filter((file) => !topLevel.test(file)),
		[],
	);
});

test('every file of rules, codecs and flows has its test beside it in the mirror', () => {
	const decides = sources.filter((file) => /^controller\/(domain|wire|flows)\/[^/]+\.ts$/.test(file));
	const missing = decides.filter(
		(file) => !isTypesOnly(file) && !existsSync(path.join(root, 'test', file.replace(/\.ts$/, '.test.ts'))),
	);
	assert.deepEqual(missing, []);
});

test('nothing is switched off', () => {
	const marks =
		/\b(test|it|describe)\.(skip|only|todo)\(|@ts-(ignore|nocheck)|biome-ignore|:\s*any\s*[,;)=\]}|]|\bas any\b|<any>/;
	const wrong = sources
		.filter((file) => file !== 'test/architecture/layers.test.ts')
		.flatMap((file) =>
			readFileSync(path.join(root, file), 'utf8')
				.split('\n')
				.flatMap((line, at) => (marks.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
		);
	assert.deepEqual(wrong, []);
});

/** Nothing but interfaces, types and comments: there is nothing to run. */
function isTypesOnly(file: string): boolean {
	return !/^export (async )?(function|const|class)/m.test(readFileSync(path.join(root, file), 'utf8'));
}
