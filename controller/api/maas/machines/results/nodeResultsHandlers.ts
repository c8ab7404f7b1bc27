import { cleanLine } from '../../../../domain/clean.ts';
import { storedXz } from '../../../../domain/storedXz.ts';
import { tarOf } from '../../../../domain/tarOf.ts';
import type { ResultKind, ScriptResult } from '../../../../store/results.ts';
import type { Parts } from '../../../parts.ts';
import { modelTime } from '../../dates.ts';
import { conflict, MaasRefusal, notFound, unfit } from '../../failures.ts';
import { Reply } from '../../reply.ts';
import { type Implemented, on, uriOf } from '../../resource.ts';
import { checkEdit, findNode } from '../../rights.ts';
import { nodeResultsResource, scriptResultResource, scriptResultsResource } from './nodeResults.ts';
import { readSetId, type SetType, setIdOf, setTypeOf, setTypes } from './resultSets.ts';
import { outputsOf, type Printed, type ResultSet, setObject } from './setObject.ts';

export function nodeResultHandlers(parts: Parts): Implemented[] {
	const { store, now } = parts;
	const scriptIds = () => new Map(store.scripts.all().map((script) => [script.name, script.id]));
	const setsOf = (node: { id: number; systemId: string }): ResultSet[] => {
		const jobs = store.results.jobs(node.id);
		const ofJob = Map.groupBy(store.results.ofJobs(jobs.map(({ id }) => id)), ({ jobId }) => jobId);
		return jobs.flatMap((job) =>
			[...Map.groupBy(ofJob.get(job.id) ?? [], ({ kind }) => setTypeOf[kind])].map(([type, results]) => ({
				systemId: node.systemId,
				...{ job, type, results },
			})),
		);
	};
	const find = ({ system_id, id }: { system_id: string; id: string }): ResultSet => {
		const node = findNode(store, system_id);
		const sets = setsOf(node);
		const [, current] = /^current-(\w+)$/.exec(id) ?? [];
		const wanted = current === undefined && /^\d{1,15}$/.test(id) ? readSetId(Number(id)) : undefined;
		const found = sets.find(({ job, type }) =>
			current === undefined ? job.id === wanted?.jobId && type === wanted.type : type === current,
		);
		if (!found) throw notFound('ScriptSet');
		return found;
	};
	/** The results of a set that the filters leave. */
	const filtered = (set: ResultSet, filters: Filters): ResultSet => {
		const words = filters.filters ?? [];
		const hardware = filters.hardware_type ? readHardware(filters.hardware_type) : undefined;
		if (words.length === 0 && hardware === undefined) return set;
		const scripts = new Map(store.scripts.all().map((script) => [script.name, script]));
		const fits = ({ name }: ScriptResult) => {
			const script = scripts.get(name);
			const named = words.length === 0 || words.some((word) => word === name || script?.tags.includes(word));
			return named && (hardware === undefined || (script?.hardwareType ?? 'node') === hardware);
		};
		return { ...set, results: set.results.filter(fits) };
	};
	const shown = (set: ResultSet, filters: Filters & { include_output?: boolean | undefined }) => {
		const left = filtered(set, filters);
		return setObject(left, scriptIds(), filters.include_output ? outputsOf(store, left.results) : undefined);
	};

	return [
		on(scriptResultsResource, {
			read(input, { uri }) {
				const type = input.type ? readType(input.type) : undefined;
				const sets = setsOf(findNode(store, uri.system_id)).filter((set) => type === undefined || set.type === type);
				return sets.map((set) => shown(set, input)).filter((set) => set.results.length > 0);
			},
		}),
		on(scriptResultResource, {
			read: (input, { uri }) => shown(find(uri), input),
			update({ suppressed, ...filters }, { uri, user }) {
				checkEdit(user, findNode(store, uri.system_id));
				if (suppressed !== undefined)
					store.transaction(() => {
						for (const { id, nodeId } of filtered(find(uri), filters).results) {
							store.results.update(id, { suppressed });
							store.machines.touched(nodeId);
						}
					});
				return shown(find(uri), filters);
			},
			delete(_, { uri }) {
				const { job, type } = find(uri);
				if (job.state === 'pending' || job.state === 'running') throw conflict('This work is going on: abort it first.');
				store.results.deleteResults(job.id, kindsOf(type));
				store.machines.touched(job.nodeId);
				return Reply.nothing();
			},
			download({ output = 'combined', filetype = 'txt', ...filters }, { uri }) {
				const set = filtered(find(uri), filters);
				const files = filesOf(set, outputsOf(store, set.results), output);
				const name = `${set.systemId}-${set.type}-${setIdOf(set.job.id, set.type)}`;
				const disposition = { 'content-disposition': `attachment; filename="${name}.${filetype}"` };
				if (filetype === 'tar.xz') {
					const inFolder = files.map(({ name: file, bytes }) => ({ name: `${name}/${file}`, bytes }));
					return Reply.bytes(storedXz(tarOf(inFolder, now())), 'application/x-xz', disposition);
				}
				return Reply.bytes(asText(files), 'application/binary', disposition);
			},
		}),
		on(nodeResultsResource, {
			read({ system_id: systemIds = [], name: names = [], result_type: word }) {
				const type = word ? readType(word) : undefined;
				const machines = systemIds.length > 0 ? store.machines.bySystemIds(systemIds) : store.machines.all();
				const systemId = new Map(machines.map((machine) => [machine.id, machine.systemId]));
				if (store.results.latestBytes(systemId.keys(), names) > MOST_AT_ONCE)
					throw new MaasRefusal(400, 'That is more than fits into one answer: name some machines (system_id) or scripts (name).');
				return store.results
					.latestOf(systemId.keys(), names)
					.filter(({ kind }) => type === undefined || setTypeOf[kind] === type)
					.map(({ stdout, createdAt, ...result }) => ({
						id: result.id,
						created: modelTime(createdAt),
						updated: modelTime(result.endedAt ?? result.startedAt ?? createdAt),
						name: result.name,
						script_result: result.exitStatus ?? 0,
						result_type: setTypes.indexOf(setTypeOf[result.kind]),
						node: { system_id: systemId.get(result.nodeId) ?? '' },
						data: Buffer.from(stdout ?? '').toString('base64'),
						resource_uri: uriOf(nodeResultsResource.path),
					}));
			},
		}),
	];
}

/** Bytes of output in one list; base64 makes a third more of it. */
const MOST_AT_ONCE = 128 << 20;

interface Filters {
	readonly filters?: readonly string[] | undefined;
	readonly hardware_type?: string | undefined;
}

const kindsOf = (type: SetType) => (Object.keys(setTypeOf) as ResultKind[]).filter((kind) => setTypeOf[kind] === type);

function readType(word: string): SetType {
	const type = setTypes.find((each, number) => each === word.toLowerCase() || String(number) === word);
	if (!type) throw unfit('type', `${cleanLine(word)} is no type of results: choose one of ${setTypes.join(', ')}.`);
	return type;
}

const hardwareTypes = ['node', 'cpu', 'memory', 'storage', 'network', 'gpu'];

function readHardware(word: string): string {
	const type = hardwareTypes.find((each, number) => each === word.toLowerCase() || String(number) === word);
	if (!type)
		throw unfit('hardware_type', `${cleanLine(word)} is no type of hardware: choose one of ${hardwareTypes.join(', ')}.`);
	return type;
}

interface Named {
	readonly name: string;
	readonly bytes: Uint8Array;
}

/** MAAS's file names: the script's for the combined output, with a suffix for the others. Empty ones are left out of `all`. */
function filesOf(set: ResultSet, printed: (result: ScriptResult) => Printed, which: string): Named[] {
	return set.results.flatMap((result) => {
		const { output, stdout, stderr, result: body } = printed(result);
		const files = [
			{ key: 'combined', name: result.name, bytes: output },
			{ key: 'stdout', name: `${result.name}.out`, bytes: stdout },
			{ key: 'stderr', name: `${result.name}.err`, bytes: stderr },
			{ key: 'result', name: `${result.name}.yaml`, bytes: body },
		];
		return files.filter(({ key, bytes }) => (which === 'all' ? bytes.length > 0 : key === which));
	});
}

/** One output as it is; several with a headline each. */
function asText(files: readonly Named[]): Buffer {
	const [only] = files;
	if (files.length === 1 && only) return Buffer.from(only.bytes);
	const line = '-'.repeat(80);
	const centred = (name: string) => name.padStart(40 + Math.ceil(name.length / 2));
	return Buffer.concat(
		files.flatMap(({ name, bytes }) => [Buffer.from(`${line}\n${centred(name)}\n${line}\n`), bytes, Buffer.from('\n')]),
	);
}
