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
			const query = db.sql
				.selectFrom('script_result')
				.select(({ fn }) => ['node_id', fn.max('id').as('id')])
				.where('name', '=', 'maas-lshw')
				.where('kind', 'in', ['commissioning', 'enlist'])
				.where('stdout', 'is not', null)
				.groupBy('node_id');
			return new Map(db.all(query).map((row) => [row.node_id, row.id]));
		},
		read(resultId) {
			const row = db.first(db.sql.selectFrom('script_result').select('stdout').where('id', '=', resultId));
			return row?.stdout ? Buffer.from(row.stdout).toString('utf8') : null;
		},
	};
}
