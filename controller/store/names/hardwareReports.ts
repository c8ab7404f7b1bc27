import type { Database } from '../database.ts';

/** What machines have printed of their hardware, as tags ask it. */
export interface HardwareReports {
	/** The newest result of maas-lshw that has printed something, by machine. */
	newest(): Map<number, number>;
	/** lshw's XML of a result. */
	read(resultId: number): string | null;
}

export function createHardwareReports(db: Database): HardwareReports {
	return {
		newest() {
			// asked of each machine, so that an index leads to its few results instead of a walk through everybody's outputs
			const query = db.sql
				.selectFrom('node')
				.select(({ selectFrom }) => [
					'node.id',
					selectFrom('script_result')
						.select(({ fn }) => fn.max('script_result.id').as('newest'))
						.whereRef('script_result.node_id', '=', 'node.id')
						.where('script_result.kind', 'in', ['commissioning', 'enlist'])
						.where('script_result.name', '=', 'maas-lshw')
						.where('script_result.stdout', 'is not', null)
						.as('result'),
				])
				.where('node.kind', '=', 'machine');
			return new Map(db.all(query).flatMap(({ id, result }) => (result === null ? [] : [[id, Number(result)]])));
		},
		read(resultId) {
			const row = db.first(db.sql.selectFrom('script_result').select('stdout').where('id', '=', resultId));
			return row?.stdout ? Buffer.from(row.stdout).toString('utf8') : null;
		},
	};
}
