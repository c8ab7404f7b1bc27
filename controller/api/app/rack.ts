import { type Ipv4, parseIpv4 } from '../../domain/address.ts';
import { Refusal } from '../../domain/errors.ts';
import type { InterfaceState } from '../../flows/serveInterface.ts';
import type { Parts } from '../parts.ts';
import type { BootAssetsView, InterfaceView, ServiceView } from '../views.ts';
import { administrator, type Handlers, type NamesOf } from './handlers.ts';

/** The network that is served, and what it serves. */
export function rackHandlers(parts: Parts): Handlers<NamesOf<'network' | 'services' | 'bootAssets' | 'settings'>> {
	const { store, interfaces, bootAssets, now } = parts;
	return {
		'network.interfaces': () => interfaceViews(parts),
		'network.probe': async ({ name }) => {
			const { pool, foreignServers, addressesInUse } = await interfaces.probe(name);
			const clean = foreignServers.length === 0;
			return {
				clean,
				at: now().toISOString(),
				pool,
				foreignServers: [...foreignServers],
				addressesInUse: [...addressesInUse],
				text: clean
					? `No other DHCP server answered on ${name}.`
					: `Another DHCP server answers on ${name}: ${foreignServers.map((server) => server.address).join(', ')}.`,
				nextStep: clean ? null : 'Use a network of your own for the rack, or switch that server off.',
			};
		},
		'network.setMode': async ({ name, mode, pool }, { user }) => {
			administrator(user);
			const state = await interfaces.setMode(
				name,
				mode,
				pool ? { start: address(pool.start), end: address(pool.end) } : null,
				user.username,
			);
			return (await interfaceViews(parts)).find((view) => view.name === state.card.name) as InterfaceView;
		},
		'services.get': () => serviceViews(parts),
		'services.stopServing': async (_, { user }) => {
			for (const { card, mode } of await interfaces.list())
				if (mode !== 'off') await interfaces.setMode(card.name, 'off', null, user.username);
			return interfaceViews(parts);
		},
		'bootAssets.get': () => bootAssetsView(parts),
		'bootAssets.build': (_, { user }) => {
			administrator(user);
			void bootAssets.build();
			return bootAssetsView(parts);
		},
		'settings.get': () => store.settings.get(),
		'settings.set': (change, { user }) => {
			administrator(user);
			const settings = store.settings.set(change);
			store.events.append({ kind: 'user', text: `Settings: ${JSON.stringify(change)}`, by: user.username });
			return settings;
		},
	};
}

export async function interfaceViews({ store, interfaces, now }: Parts): Promise<InterfaceView[]> {
	const leases = store.leases.countBound(now().toISOString());
	return (await interfaces.list()).map((state) => interfaceView(state, leases.get(state.card.name) ?? 0));
}

function interfaceView({ card, mode, state, pool, problem }: InterfaceState, leases: number): InterfaceView {
	return {
		name: card.name,
		mac: card.mac ?? '',
		addresses: card.ipv4.map(({ address, prefix }) => `${address}/${prefix}`),
		up: card.up,
		carrier: card.carrier,
		speed: card.speed === 0 ? null : card.speed,
		internet: card.defaultRoute,
		loopback: card.loopback,
		mode,
		state,
		pool,
		leases,
		problem,
	};
}

export function serviceViews({ interfaces }: Parts): ServiceView[] {
	const running = interfaces.services();
	const machineFacing = (['dhcp', 'tftp', 'http-boot'] as const).flatMap((name): ServiceView[] => {
		const mine = running.filter((service) => service.name === name);
		if (mine.length === 0) return [{ name, state: 'off', where: null, problem: null }];
		return mine.map(({ where, problem }) => ({ name, state: problem ? 'failed' : 'running', where, problem }));
	});
	return [{ name: 'api', state: 'running', where: null, problem: null }, ...machineFacing];
}

export function bootAssetsView({ bootAssets }: Parts): BootAssetsView {
	const { state, builtAt, manifest, progress, problem } = bootAssets.get();
	return {
		state,
		builtAt,
		kernel: manifest?.kernelVersion ?? null,
		packages: manifest?.packages.length ?? 0,
		size: manifest?.files.reduce((sum, file) => sum + file.size, 0) ?? 0,
		progress,
		problem,
	};
}

function address(text: string): Ipv4 {
	const parsed = parseIpv4(text);
	if (!parsed) throw new Refusal('bad-input', `“${text.slice(0, 40)}” is no IPv4 address.`, { field: 'pool' });
	return parsed;
}
