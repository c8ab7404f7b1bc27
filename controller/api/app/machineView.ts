import { lifecycle, statusCode } from '../../domain/lifecycle.ts';
import type { Machine } from '../../domain/machine.ts';
import type { Store } from '../../store/store.ts';
import type { ActionView, MachineAction, MachineDetail, MachineView } from '../views.ts';

/** All machines with a number of statements that does not grow with them. */
export function machineViews(store: Store, now: Date): MachineView[] {
	return viewsOf(store, store.machines.all(), now);
}

export function machineView(store: Store, machine: Machine, now: Date): MachineView {
	return viewsOf(store, [machine], now, [machine.id])[0] as MachineView;
}

/** `only` narrows every statement to these machines: one of ten thousand must not read about all of them. */
function viewsOf(store: Store, machines: readonly Machine[], now: Date, only?: readonly number[]): MachineView[] {
	const macs = store.inventory.macs(only);
	const disks = store.inventory.disks(only);
	const owners = store.users.names();
	const bmcs = only ? bmcsOf(store, machines) : store.bmcs.all();
	const addresses = store.leases.addresses(now.toISOString(), only && [...macs.values()].flat());
	const zones = new Map(store.zones.all().map((zone) => [zone.id, zone.name]));
	const pools = new Map(store.pools.all().map((pool) => [pool.id, pool.name]));
	const images = new Map(store.images.list().map((image) => [image.id, image.name]));
	const activity = store.events.latestOfRunningBoots(only);
	return machines.map((machine) => {
		const bmc = machine.bmcId === null ? undefined : bmcs.get(machine.bmcId);
		const cards = macs.get(machine.id) ?? [];
		const { name, tone } = lifecycle[machine.status];
		const image = machine.imageId === null ? undefined : images.get(machine.imageId);
		const step = activity.get(machine.id);
		return {
			systemId: machine.systemId,
			hostname: machine.hostname,
			status: statusCode(machine.status),
			statusName: name,
			tone,
			statusText: machine.statusText,
			statusAt: machine.statusAt,
			deadlineAt: machine.deadlineAt,
			power: { ...machine.power, driver: bmc?.driver ?? '', address: bmc?.address ?? null },
			zone: zones.get(machine.zoneId) ?? '',
			pool: pools.get(machine.poolId) ?? '',
			owner: machine.ownerId === null ? null : (owners.get(machine.ownerId) ?? null),
			reservation: machine.reservation.note === null && machine.reservation.until === null ? null : machine.reservation,
			locked: machine.locked,
			architecture: machine.architecture,
			firmware: machine.firmware,
			cores: machine.cpuCount,
			cpuModel: machine.cpuModel,
			memory: machine.memory,
			disks: disks.get(machine.id)?.count ?? 0,
			storage: disks.get(machine.id)?.size ?? 0,
			vendor: machine.vendor,
			product: machine.product,
			serial: machine.serial,
			macs: cards,
			addresses: cards.flatMap((mac) => addresses.get(mac) ?? []),
			image: machine.imageId !== null && image !== undefined ? { id: machine.imageId, name: image } : null,
			activity: step ? { stage: step.stage ?? '', text: step.text, at: step.at } : null,
			actions: actionsOf(machine),
		};
	});
}

export function machineDetail(store: Store, machine: Machine, now: Date): MachineDetail {
	const cards = store.inventory.interfaces(machine.id);
	const addresses = store.leases.addresses(
		now.toISOString(),
		cards.map((card) => card.mac),
	);
	return {
		...machineView(store, machine, now),
		uuid: machine.uuid,
		secureBoot: machine.secureBoot,
		inventoryAt: machine.inventoryAt,
		interfaces: cards.map(({ id: _, ...card }) => ({
			...card,
			boot: card.mac === machine.bootMac,
			addresses: addresses.get(card.mac) ?? [],
		})),
		blockDevices: store.inventory.blockDevices(machine.id).map(({ id: _, ...disk }) => ({ ...disk, tags: [...disk.tags] })),
		numaNodes: store.inventory.numaNodes(machine.id).map(({ index, cores, memory }) => ({ index, cores: [...cores], memory })),
		components: store.inventory.components(machine.id),
		results: store.results
			.latest(machine.id)
			.map(({ nodeId: _, jobId: __, suppressed: ___, parameters: ____, ...result }) => result),
	};
}

function bmcsOf(store: Store, machines: readonly Machine[]) {
	const found = machines.flatMap(({ bmcId }) => (bmcId === null ? [] : (store.bmcs.byId(bmcId) ?? [])));
	return new Map(found.map((bmc) => [bmc.id, bmc]));
}

interface ActionRow {
	readonly label: string;
	readonly destructive: boolean;
	/** why it is not possible now; null when it is */
	readonly reason: (machine: Machine) => string | null;
}

const needsEvent = (event: keyof (typeof lifecycle)['new']['moves'] | (string & {}), text: string) => (machine: Machine) =>
	event in lifecycle[machine.status].moves ? null : `${text} a machine that is ${lifecycle[machine.status].name}.`;
const needsBmc = (machine: Machine) => (machine.bmcId === null ? 'It has no power settings.' : null);
const notLocked = (machine: Machine) => (machine.locked ? 'It is locked.' : null);
const all =
	(...reasons: ((machine: Machine) => string | null)[]) =>
	(machine: Machine) =>
		reasons.map((reason) => reason(machine)).find((reason) => reason !== null) ?? null;

const actionTable: Record<MachineAction, ActionRow> = {
	commission: {
		label: 'Commission',
		destructive: false,
		reason: all(notLocked, needsEvent('commission', 'You can’t commission'), needsBmc),
	},
	test: { label: 'Test hardware', destructive: false, reason: all(notLocked, needsEvent('test', 'You can’t test'), needsBmc) },
	override_failed_testing: {
		label: 'Override failed tests',
		destructive: false,
		reason: all(notLocked, needsEvent('override_tests', 'There are no failed tests to override on')),
	},
	allocate: { label: 'Allocate…', destructive: false, reason: all(notLocked, needsEvent('allocate', 'You can’t allocate')) },
	deploy: {
		label: 'Deploy…',
		destructive: true,
		reason: all(
			notLocked,
			(machine) => (machine.status === 'ready' ? null : needsEvent('deploy', 'You can’t deploy')(machine)),
			needsBmc,
		),
	},
	release: {
		label: 'Release…',
		destructive: true,
		reason: all(notLocked, needsEvent('release', 'There is nothing to release on')),
	},
	abort: { label: 'Abort', destructive: true, reason: all(notLocked, needsEvent('abort', 'There is nothing to abort on')) },
	power_on: { label: 'Power on', destructive: false, reason: all(notLocked, needsBmc) },
	power_off: { label: 'Power off', destructive: true, reason: all(notLocked, needsBmc) },
	check_power: { label: 'Check power', destructive: false, reason: needsBmc },
	mark_broken: {
		label: 'Mark broken',
		destructive: false,
		reason: all(notLocked, needsEvent('mark_broken', 'You can’t mark broken')),
	},
	mark_fixed: {
		label: 'Mark fixed',
		destructive: false,
		reason: all(notLocked, needsEvent('mark_fixed', 'There is nothing to fix on')),
	},
	rescue_mode: {
		label: 'Rescue mode',
		destructive: true,
		reason: all(notLocked, needsEvent('enter_rescue', 'You can’t rescue'), needsBmc),
	},
	exit_rescue_mode: {
		label: 'Leave rescue mode',
		destructive: true,
		reason: all(notLocked, needsEvent('exit_rescue', 'There is no rescue to leave on')),
	},
	lock: { label: 'Lock', destructive: false, reason: (machine) => (machine.locked ? 'It is locked.' : null) },
	unlock: { label: 'Unlock', destructive: false, reason: (machine) => (machine.locked ? null : 'It is not locked.') },
	delete: { label: 'Delete…', destructive: true, reason: notLocked },
};

function actionsOf(machine: Machine): ActionView[] {
	return (Object.entries(actionTable) as [MachineAction, ActionRow][]).map(([action, { label, destructive, reason }]) => {
		const why = reason(machine);
		return { action, label, destructive, allowed: why === null, reason: why };
	});
}
