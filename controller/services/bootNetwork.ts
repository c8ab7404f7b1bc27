import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ipv4 } from '../domain/address.ts';
import type { DhcpAnswer, DhcpRequest } from '../domain/bootRequest.ts';
import type { Log } from '../log.ts';
import { createDhcpServer } from './dhcp.ts';
import { type BootHttpAnswer, type BootHttpRequest, createHttpBoot } from './httpBoot.ts';
import type { BootFile } from './httpFile.ts';
import { type Netport, NetportError, openDhcpSockets } from './netport.ts';
import { createTftpServer, type TftpFile } from './tftp.ts';

export interface BootNetworkSettings {
	readonly netport: Netport;
	readonly interface: { readonly name: string; readonly address: Ipv4; readonly prefix: number };
	readonly ports: { readonly tftp: number; readonly http: number };
	readonly answerDhcp: (request: DhcpRequest) => Promise<DhcpAnswer | 'silence'>;
	readonly tftpFile: (name: string, client: Ipv4) => Promise<TftpFile>;
	readonly httpFile: (path: string) => Promise<BootFile | null>;
	readonly httpDynamic: (request: BootHttpRequest) => Promise<BootHttpAnswer | null>;
	/** the region's API for booted machines: metadata */
	readonly httpFallback: (request: IncomingMessage, response: ServerResponse) => void;
	/** see dhcp.ts */
	readonly relaysAreTranslated?: boolean;
	/** a file has arrived at its client whole */
	readonly fetched: (client: Ipv4, name: string) => void;
	readonly log: Log;
}

type Name = 'dhcp' | 'tftp' | 'http-boot';

/**
 * Everything that answers on one served interface: DHCP, TFTP, HTTP boot and router advertisements, each on sockets that reach this
 * interface alone. A port that can't be had takes its own service away and no other.
 */
export async function openBootNetwork(settings: BootNetworkSettings) {
	const { netport, log, ports } = settings;
	const device = settings.interface.name;
	const running: (() => Promise<void> | void)[] = [];

	const start = async (name: Name, where: string, open: () => Promise<() => Promise<void> | void>) => {
		try {
			running.unshift(await open());
			return { name, where, problem: null };
		} catch (error) {
			const text = error instanceof Error ? error.message : String(error);
			log.warn('a service has no port', { service: name, where, cause: text });
			return { name, where, problem: { text, nextStep: portAdvice(error) } };
		}
	};

	const services = [
		await start('http-boot', `${ports.http}/tcp on ${device}`, async () => {
			const http = createHttpBoot({
				listening: await netport.tcp(ports.http, device),
				dynamic: settings.httpDynamic,
				files: settings.httpFile,
				fallback: settings.httpFallback,
				onTransfer: (event) => event.state === 'done' && event.status === 200 && settings.fetched(event.client, event.path),
				log: log.part('http-boot'),
			});
			return () => http.stop();
		}),
		await start('tftp', `${ports.tftp}/udp on ${device}`, async () => {
			const tftp = createTftpServer({
				socket: await netport.udp(ports.tftp, device),
				transferSockets: (count) => netport.udpClients(count, device),
				openFile: (name, client) => settings.tftpFile(name, client.address),
				onTransfer: (event) => event.state === 'done' && settings.fetched(event.client.address, event.name),
				log: log.part('tftp'),
			});
			return () => tftp.stop();
		}),
		// DHCP last: nobody is told of a service before it listens
		await start('dhcp', `67/udp on ${device}`, async () => {
			const dhcp = createDhcpServer({
				...(await openDhcpSockets(netport, device, settings.interface.address)),
				interface: settings.interface,
				answer: settings.answerDhcp,
				relaysAreTranslated: settings.relaysAreTranslated ?? false,
				log: log.part('dhcp'),
			});
			const advertising = netport.advertise(device);
			return async () => {
				advertising.stop();
				await dhcp.stop();
			};
		}),
	];
	return {
		services,
		async stop() {
			for (const end of running) await end();
		},
	};
}

function portAdvice(error: unknown): string {
	const code = error instanceof NetportError ? error.code : 'failed';
	if (code === 'port-in-use')
		return 'Another program has this port: stop it (ss -ulpn shows which), then turn the interface off and on again.';
	if (code === 'no-permission') return 'Give netport its capability once: see “Ports” in the README.';
	if (code === 'no-netport') return 'Install a C compiler (apt install gcc libc6-dev), or the package that carries netport.';
	return 'Turn the interface off and on again; the log has the details.';
}
