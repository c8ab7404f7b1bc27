import dgram from 'node:dgram';
import net from 'node:net';

/** Sockets that were open before the process began, named as netport names them: `udp:67@eth1`. Each can be had once. */
export interface InheritedSockets {
	udp(spec: string): Promise<dgram.Socket> | null;
	tcp(spec: string): Promise<net.Server> | null;
}

const FIRST_DESCRIPTOR = 3;

/**
 * systemd's socket activation (sd_listen_fds(3)): `LISTEN_FDS` descriptors from 3 on, named by `FileDescriptorName=`. systemd
 * joins names by colons, so in them `_` stands for the colon of ours: `udp_67@eth1`.
 */
export function inheritedSockets(environment: NodeJS.ProcessEnv, pid = process.pid): InheritedSockets {
	const descriptors = new Map<string, number>();
	if (environment.LISTEN_PID === String(pid)) {
		const names = (environment.LISTEN_FDNAMES ?? '').split(':').slice(0, Number(environment.LISTEN_FDS) || 0);
		for (const [i, name] of names.entries()) descriptors.set(name, FIRST_DESCRIPTOR + i);
	}
	const claim = (spec: string): number | undefined => {
		const name = spec.replace(':', '_');
		const descriptor = descriptors.get(name);
		descriptors.delete(name);
		return descriptor;
	};
	return {
		udp(spec) {
			const fd = claim(spec);
			if (fd === undefined) return null;
			const socket = dgram.createSocket('udp4');
			return new Promise((opened, failed) => {
				socket.once('error', failed);
				socket.bind({ fd }, () => {
					socket.removeAllListeners('error');
					opened(socket);
				});
			});
		},
		tcp(spec) {
			const fd = claim(spec);
			if (fd === undefined) return null;
			const server = net.createServer();
			return new Promise((opened, failed) => {
				server.once('error', failed);
				server.listen({ fd }, () => {
					server.removeAllListeners('error');
					opened(server);
				});
			});
		},
	};
}
