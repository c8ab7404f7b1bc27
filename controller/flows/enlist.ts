import type { AgentReport, Machine } from '../domain/machine.ts';
import type { Boot } from '../store/boots.ts';
import type { Store } from '../store/store.ts';
import type { BootTrail } from './bootTrail.ts';
import { freeHostname, freeSystemId } from './freeNames.ts';
import { placeInterfaces } from './network/machineLinks.ts';

/**
 * Whose report is this? A machine that is known by one of its cards, or by its UUID with the same serial, is the same machine, also
 * when it boots through a card that was never seen. Everything else becomes a new machine in status New.
 */
export type Enlist = (boot: Boot, report: AgentReport) => Machine;

export function createEnlist(store: Store, trail: BootTrail, now: () => Date): Enlist {
	return (boot, report) =>
		store.transaction(() => {
			const known = findKnown(store, report);
			const machine = known ?? insertMachine(store, now());
			const newCard = !store.inventory.interfaces(machine.id).some((card) => card.mac === boot.mac);
			store.inventory.addMacs(machine.id, report.macs);
			placeInterfaces(store, machine.id, false);
			store.machines.update(machine.id, {
				architecture: report.architecture,
				firmware: report.firmware,
				secureBoot: report.secureBoot,
				bootMac: report.bootMac,
				uuid: report.uuid,
				serial: report.serial,
				vendor: report.vendor,
				product: report.product,
				...(machine.memory === null ? { memory: report.memory } : {}),
			});
			if (boot.nodeId !== machine.id) trail.belongsTo(boot, machine.id);
			if (!known)
				store.events.append({
					nodeId: machine.id,
					bootId: boot.id,
					kind: 'enlist',
					text: `New machine: ${[report.vendor, report.product].filter(Boolean).join(' ') || report.architecture}, ${report.macs.length} network cards`,
				});
			else if (newCard)
				store.events.append({
					nodeId: machine.id,
					bootId: boot.id,
					kind: 'enlist',
					text: `Booted through another card, ${boot.mac}`,
				});
			return store.machines.byId(machine.id) as Machine;
		});
}

function findKnown(store: Store, report: AgentReport): Machine | undefined {
	for (const mac of [report.bootMac, ...report.macs]) {
		const machine = store.machines.byMac(mac);
		if (machine) return machine;
	}
	// Whole series of cheap boards share one UUID: it counts only together with a serial that agrees.
	const twin = report.uuid === null ? undefined : store.machines.byUuid(report.uuid);
	return twin && twin.serial !== null && twin.serial === report.serial ? twin : undefined;
}

/** A new machine under a name and an id that nobody has; `hostname` is one that the caller has found free. */
export function insertMachine(store: Store, now: Date, { hostname, status = 'new' }: NewRow = {}): Machine {
	const systemId = freeSystemId(store);
	const name = hostname ?? freeHostname(store);
	const { id } = store.machines.insert({ systemId, hostname: name, at: now.toISOString(), status });
	store.machines.update(id, { domainId: store.domains.default().id });
	return store.machines.byId(id) as Machine;
}

interface NewRow {
	readonly hostname?: string | undefined;
	readonly status?: 'new' | 'deployed';
}
