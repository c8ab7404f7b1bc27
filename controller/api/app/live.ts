import type { FastifyInstance } from 'fastify';
import type { WebSocket } from 'ws';
import type { Auth } from '../auth.ts';
import type { Parts } from '../parts.ts';
import type { LiveMessage } from '../views.ts';
import { imageViews } from './library.ts';
import { machineView, machineViews } from './machineView.ts';
import { bootAssetsView, interfaceViews, serviceViews } from './rack.ts';
import { eventView } from './timelineView.ts';

/** Changes of one machine within this time are sent as one. */
const GATHER_MS = 50;
/** How often changes in the number of leases are looked for. */
const LEASES_MS = 5000;
/** A page that leaves so much untaken, beyond the first lists, is dropped; it reconnects and gets everything anew. */
const BACKLOG_BYTES = 8 * 1024 * 1024;

/** The WebSocket `/MAAS/app/live`: everything once, then what changes (LiveMessage). */
export function registerLive(app: FastifyInstance, parts: Parts, auth: Auth): { stop(): void } {
	const { store, now } = parts;
	/** with what may wait for each: the first lists of ten thousand machines are more than any backlog */
	const sockets = new Map<WebSocket, number>();
	const dirty = new Set<number>();
	/** a deleted machine is gone from the store when its page has to be told */
	const systemIds = new Map(store.machines.all().map((machine) => [machine.id, machine.systemId]));
	let timer: NodeJS.Timeout | undefined;

	const tell = (message: LiveMessage) => {
		if (sockets.size === 0) return;
		const text = JSON.stringify(message);
		for (const [socket, allowed] of sockets) {
			if (socket.bufferedAmount > allowed) socket.terminate();
			else socket.send(text);
		}
	};
	const systemIdOf = (id: number): string | null => {
		const known = systemIds.get(id) ?? store.machines.byId(id)?.systemId ?? null;
		if (known) systemIds.set(id, known);
		return known;
	};
	const flush = () => {
		timer = undefined;
		const ids = [...dirty];
		dirty.clear();
		if (sockets.size === 0) return;
		for (const id of ids) {
			const machine = store.machines.byId(id);
			const systemId = systemIdOf(id);
			if (machine) {
				tell({ type: 'machine', machine: machineView(store, machine, now()) });
				tell({ type: 'machine-detail', systemId: machine.systemId });
			} else if (systemId) tell({ type: 'machine-gone', systemId });
		}
	};
	const touched = (id: number) => {
		systemIdOf(id);
		dirty.add(id);
		timer ??= setTimeout(flush, GATHER_MS);
	};
	const tellInterfaces = () => {
		void interfaceViews(parts).then(
			(interfaces) => {
				tell({ type: 'interfaces', interfaces });
				tell({ type: 'services', services: serviceViews(parts) });
			},
			(error: unknown) => parts.log.warn('the interfaces could not be read', { cause: String(error) }),
		);
	};

	// leases come and go by themselves; the strip at the bottom of the page counts them
	let leases = '';
	const countLeases = () => {
		if (sockets.size === 0) return;
		const counted = JSON.stringify([...store.leases.countBound(now().toISOString())]);
		if (counted !== leases) tellInterfaces();
		leases = counted;
	};
	const counting = setInterval(countLeases, LEASES_MS).unref();

	const ends = [
		() => clearInterval(counting),
		store.machines.subscribe(touched),
		store.events.subscribe((event) => {
			tell({ type: 'event', event: eventView(event, event.nodeId === null ? null : systemIdOf(event.nodeId)) });
			if (event.nodeId !== null) touched(event.nodeId);
		}),
		parts.agentJob.onOutput(({ machineId, resultId, offset, bytes }) => {
			const systemId = systemIdOf(machineId);
			if (systemId) tell({ type: 'output', systemId, resultId, offset, text: Buffer.from(bytes).toString('utf8') });
		}),
		parts.bootAssets.onChange(() => tell({ type: 'boot-assets', bootAssets: bootAssetsView(parts) })),
		parts.interfaces.onChange(tellInterfaces),
		parts.onImagesChanged(() => tell({ type: 'images', images: imageViews(parts) })),
	];

	app.get('/MAAS/app/live', { websocket: true }, async (socket, request) => {
		const origin = request.headers.origin;
		// browsers let any page open a WebSocket to any host, cookies included unless SameSite stops them
		if (!auth.who(request) || (origin !== undefined && hostOf(origin) !== request.headers.host)) {
			socket.close(4401, 'not signed in');
			return;
		}
		const say = (message: LiveMessage) => socket.send(JSON.stringify(message));
		// what is gathered is for those who listened then: the newcomer gets everything as it is now
		clearTimeout(timer);
		flush();
		say({ type: 'hello', version: parts.version, pid: process.pid });
		say({ type: 'machines', machines: machineViews(store, now()) });
		say({ type: 'services', services: serviceViews(parts) });
		say({ type: 'boot-assets', bootAssets: bootAssetsView(parts) });
		say({ type: 'images', images: imageViews(parts) });
		sockets.set(socket, socket.bufferedAmount + BACKLOG_BYTES);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => sockets.delete(socket));
		say({ type: 'interfaces', interfaces: await interfaceViews(parts) });
	});

	return {
		stop() {
			clearTimeout(timer);
			for (const end of ends) end();
			for (const socket of sockets.keys()) socket.terminate();
		},
	};
}

/** A sandboxed frame says `null`, which is the host of nobody. */
const hostOf = (origin: string) => (URL.canParse(origin) ? new URL(origin).host : null);
