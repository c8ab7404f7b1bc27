import { Binary, serialize } from 'bson';
import type { Store } from '../../../store/store.ts';
import { Reply } from '../reply.ts';

/** What the newest lshw and LLDP scripts printed, as the BSON document that MAAS answers: each a binary, or null. */
export function hardwareDetails(store: Store, machineId: number): Reply {
	const latest = store.results.latest(machineId);
	const printed = (script: string): Binary | null => {
		const result = latest.findLast((each) => each.name === script && each.status === 'passed');
		const bytes = result && store.results.files(result.id).stdout;
		return bytes ? new Binary(Buffer.from(bytes)) : null;
	};
	const document = { lshw: printed('maas-lshw'), lldp: printed('maas-capture-lldpd') };
	return Reply.bytes(Buffer.from(serialize(document)), 'application/bson');
}
