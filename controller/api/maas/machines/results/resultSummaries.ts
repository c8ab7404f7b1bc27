import type { HardwareType } from '../../../../domain/scriptHeader.ts';
import type { ResultSummary } from '../../../../store/results.ts';
import type { Parts } from '../../../parts.ts';
import { type SetType, setIdOf, setTypeOf, statusOf, summaryOf } from './resultSets.ts';

/** MAAS's keys for what the tests look at; a network card's link is `interface` for MAAS's own tests, which we don't have. */
const tested: readonly (readonly [string, (type: HardwareType) => boolean])[] = [
	['cpu_test', (type) => type === 'cpu'],
	['memory_test', (type) => type === 'memory'],
	['storage_test', (type) => type === 'storage'],
	['network_test', (type) => type === 'network'],
	['interface_test', () => false],
	['other_test', (type) => type === 'node' || type === 'gpu'],
];

/** How the newest results of many machines stand (`commissioning_status` … `other_test_status_name`, `current_…_result_id`). */
export function resultSummaries(
	{ store, jobScripts }: Pick<Parts, 'store' | 'jobScripts'>,
	nodeIds: readonly number[],
): (nodeId: number) => Record<string, number | string | null> {
	const hardware = new Map(jobScripts.all().map((script) => [script.name, script.hardwareType ?? 'node']));
	const ofNode = Map.groupBy(store.results.summaries(nodeIds), ({ nodeId }) => nodeId);
	return (nodeId) => {
		const byType = Map.groupBy(ofNode.get(nodeId) ?? [], ({ kind }) => setTypeOf[kind]);
		const of = (type: SetType) => byType.get(type) ?? [];
		const current = (type: SetType) => Math.max(0, ...of(type).map(({ jobId }) => jobId));
		const inventory = of('commissioning').filter(({ jobId }) => jobId === current('commissioning'));
		const tests = of('testing');
		return {
			...named('commissioning', inventory),
			...named('testing', tests),
			...Object.assign(
				{},
				...tested.map(([key, fits]) =>
					named(
						key,
						tests.filter(({ name }) => fits(hardware.get(name) ?? 'node')),
					),
				),
			),
			...Object.fromEntries(
				(['commissioning', 'testing', 'installation'] as const).map((type) => [
					`current_${type}_result_id`,
					current(type) > 0 ? setIdOf(current(type), type) : null,
				]),
			),
		};
	};
}

function named(key: string, results: readonly ResultSummary[]): Record<string, number | string> {
	const { status, name } = statusOf(summaryOf(results));
	return { [`${key}_status`]: status, [`${key}_status_name`]: name };
}
