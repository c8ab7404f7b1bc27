import type { Mac } from '../domain/address.ts';
import { workingStatuses } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../store/users.ts';
import { type DemoBootNetwork, fillNetworks, plugIn } from './demoNetworks.ts';
import type { MachineActions } from './machineActions.ts';

/** Where a simulated machine stands and what it is good for. */
export interface DemoPlace {
	readonly row: number;
	readonly rack: number;
	readonly unit: number;
	readonly kind: 'compute' | 'storage';
}

/** What a demo rack has from the start, and the hand that accepts its machines. */
export interface DemoRack {
	/** Zones, pools, tags, networks and one image, unless they are there from an earlier start. */
	fill(): Promise<void>;
	/** Once: places new machines, and moves as many towards the goal as may be under way together. */
	look(): void;
	start(): void;
	stop(): void;
}

const LOOK_EVERY_MS = 400;
/** More at once would only wait for each other. */
const AT_ONCE = 12;
/** Nobody's account: a commissioning only writes down who asked for it. */
const BY: User = { id: 0, username: 'demo rack', email: '', isAdmin: true };
export const DEMO_IMAGE = 'demo-linux';
const ROWS = ['row-a', 'row-b', 'row-c'] as const;

/** MAAS's way to sort machines by what lshw says of them. */
const tags = [
	{ name: 'nvme', comment: 'Has an NVMe drive', definition: '//node[@id="nvme"]' },
	{
		name: 'fast-network',
		comment: 'Has a port of 25 Gbit/s or more',
		definition: '//node[@class="network"]/capacity >= 25000000000',
	},
] as const;

export function createDemoRack(parts: {
	store: Store;
	actions: MachineActions;
	placeOf: (mac: Mac) => DemoPlace | null;
	bootNetwork: DemoBootNetwork;
	goal: 'new' | 'ready' | 'deployed';
	log: Log;
	now: () => Date;
}): DemoRack {
	const { store, actions, placeOf, bootNetwork, goal, log } = parts;
	// each is moved once: what people do with it afterwards is theirs
	const placed = new Set<number>();
	const commissioned = new Set<number>();
	const plugged = new Set<number>();
	const deployed = new Set<number>();
	/** Those that have changed, and those that wait for their turn: a look at thousands that rest would cost more than all else. */
	const toLookAt = new Set(store.machines.all().map((machine) => machine.id));
	const unsubscribe = store.machines.subscribe((id) => toLookAt.add(id));
	let timer: NodeJS.Timeout | undefined;

	const place = (machine: Machine) => {
		placed.add(machine.id);
		const found = machine.bootMac === null ? null : placeOf(machine.bootMac);
		if (!found) return;
		const zone = store.zones.byName(ROWS[found.row % ROWS.length] ?? '');
		const pool = store.pools.byName(found.kind);
		store.machines.update(machine.id, {
			description: `Rack ${found.rack}, unit ${found.unit}`,
			...(zone ? { zoneId: zone.id } : {}),
			...(pool ? { poolId: pool.id } : {}),
		});
	};

	/** Its introduction is over: it is off, and told how its BMC is reached. */
	const isIntroduced = (machine: Machine) => machine.bmcId !== null && store.boots.runningOf(machine.id).length === 0;

	/** Moves one machine; answers whether there is nothing to do with it until it changes. `room`: another one may be set to work. */
	const move = (machine: Machine, room: boolean): 'moved' | 'rests' | 'waits' => {
		if (machine.status === 'new') {
			if (!placed.has(machine.id)) place(machine);
			if (goal === 'new' || commissioned.has(machine.id)) return 'rests';
			if (!room || !isIntroduced(machine)) return 'waits';
			commissioned.add(machine.id);
			actions.commission(machine, BY);
			return 'moved';
		}
		if (machine.status !== 'ready') return 'rests';
		// its links are made by the commissioning
		if (commissioned.has(machine.id) && !plugged.has(machine.id)) {
			plugged.add(machine.id);
			plugIn(store, machine);
		}
		if (goal !== 'deployed' || deployed.has(machine.id)) return 'rests';
		// a machine that is deployed belongs to somebody: it waits until there is an administrator
		const owner = store.users.firstAdmin();
		const image = store.images.list().find((each) => each.name === DEMO_IMAGE);
		if (!room || !owner || !image) return 'waits';
		deployed.add(machine.id);
		actions.deploy(machine, owner, { imageId: image.id, userData: null });
		return 'moved';
	};

	const look = () => {
		let room = AT_ONCE - store.machines.inStatus(workingStatuses).length;
		for (const id of toLookAt) {
			const machine = store.machines.byId(id);
			const now = machine ? move(machine, room > 0) : 'rests';
			if (now !== 'waits') toLookAt.delete(id);
			if (now === 'moved') room--;
		}
	};

	return {
		look,
		async fill() {
			if (!store.zones.byName(ROWS[0])) {
				for (const name of ROWS) store.zones.create(name, `Racks of ${name.replace('-', ' ')}, with their own power feed`);
				for (const [name, text] of [
					['compute', 'Machines for everything that calculates'],
					['storage', 'Machines with many disks'],
				] as const)
					if (!store.pools.byName(name)) store.pools.create(name, text);
				for (const tag of tags) store.tags.create(tag);
				// the machines' BMCs are simulated too: nothing real is written to
				store.settings.set({ configureBmcs: true });
				const networks = fillNetworks(store, bootNetwork);
				if (networks !== 'filled') log.warn('the demo rack has no networks', { cause: networks.problem });
			}
			if (!store.images.list().some((image) => image.name === DEMO_IMAGE))
				await store.images.import({ name: DEMO_IMAGE, filename: `${DEMO_IMAGE}.img`, bytes: demoImage() });
		},
		start() {
			timer = setInterval(() => {
				try {
					look();
				} catch (error) {
					log.warn('the machines of the demo rack could not be looked after', { cause: String(error) });
				}
			}, LOOK_EVERY_MS);
		},
		stop() {
			unsubscribe();
			clearInterval(timer);
		},
	};
}

/** A disk of 4 MiB with an empty partition table; it says what it is where a boot loader would be. */
async function* demoImage(): AsyncIterable<Uint8Array> {
	const disk = Buffer.alloc(4 * 2 ** 20);
	disk.write("Metaldesk's demo rack: this image is written to simulated disks and holds no system.\r\n", 'latin1');
	disk.writeUInt16LE(0xaa55, 510);
	yield disk;
}
