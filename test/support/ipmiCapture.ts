import { createSocket, type RemoteInfo } from 'node:dgram';
import { type CipherSuiteId, cipherSuite } from '../../controller/ipmi-js/packet/cipherSuites.ts';
import { decodeResponse } from '../../controller/ipmi-js/packet/message.ts';
import { decodePacket15 } from '../../controller/ipmi-js/packet/packet15.ts';
import { decodePacket20, type Packet20, type Protection, payloadType } from '../../controller/ipmi-js/packet/packet20.ts';
import * as rakp from '../../controller/ipmi-js/packet/rakp.ts';

/** Datagrams between a console and a BMC, in order. */
export interface Captured {
	readonly from: 'console' | 'bmc';
	readonly bytes: Buffer;
}

/** Stands between the two on loopback and writes down what passes. */
export async function startRecorder(bmc: { address: string; port: number }, address: string, port: number) {
	const captured: Captured[] = [];
	/** RMCP class 7; ipmitool also sends ASF presence pings. */
	const keep = (from: Captured['from'], bytes: Buffer) => {
		if (bytes[3] === 7) captured.push({ from, bytes });
	};
	const [inner, outer] = [createSocket('udp4'), createSocket('udp4')];
	let console: RemoteInfo | null = null;
	outer.on('message', (bytes, from) => {
		console = from;
		keep('console', bytes);
		inner.send(bytes, bmc.port, bmc.address);
	});
	inner.on('message', (bytes) => {
		keep('bmc', bytes);
		if (console) outer.send(bytes, console.port, console.address);
	});
	await new Promise<void>((resolve) => outer.bind(port, address, resolve));
	return {
		captured,
		stop() {
			inner.close();
			outer.close();
		},
	};
}

/** One line a datagram: who, then hex. */
export const formatCapture = (captured: readonly Captured[]): string =>
	captured.map(({ from, bytes }) => `${from} ${bytes.toString('hex')}\n`).join('');

export function parseCapture(text: string): Captured[] {
	const lines = text.trimEnd().split('\n');
	return lines.map((line) => {
		const [from, hex] = line.split(' ');
		return { from: from === 'bmc' ? 'bmc' : 'console', bytes: Buffer.from(hex ?? '', 'hex') };
	});
}

/** What a capture contains, read with the codecs of the client and the keys that follow from its login. */
export interface Decoded {
	readonly captured: Captured;
	readonly text: string;
	/** The RMCP+ packet and what protects it; null for IPMI 1.5. */
	readonly packet: Packet20 | null;
	readonly protection: Protection | null;
}

/** For captures in which the user's password is `password`. Throws when a signature or a code of the login is wrong. */
export function decodeCapture(captured: readonly Captured[], suiteId: CipherSuiteId, password: string): Decoded[] {
	const suite = cipherSuite(suiteId);
	const secret = Buffer.from(password);
	const padded = Buffer.concat([secret, Buffer.alloc(16)]).subarray(0, 16);
	let login: rakp.Login | null = null;
	let challenge: rakp.Challenge | null = null;
	let protection: Protection | null = null;

	function describePlain(packet: Packet20): string {
		const { payload } = packet;
		switch (packet.payloadType) {
			case payloadType.openSessionRequest:
				return `open session: console ID ${hex(payload.subarray(4, 8))}`;
			case payloadType.openSessionResponse: {
				const { accepted, status } = rakp.decodeOpenSessionResponse(payload);
				challenge = { bmcId: accepted?.bmcId ?? 0, bmcRandom: Buffer.alloc(0), bmcGuid: Buffer.alloc(0) };
				return accepted ? `open session accepted: ${JSON.stringify(accepted)}` : `open session refused: status ${status}`;
			}
			case payloadType.rakp1: {
				const userName = payload.subarray(28, 28 + payload.readUInt8(27));
				const consoleId = 0;
				login = {
					suite,
					userName,
					password: secret,
					kg: null,
					role: payload.readUInt8(24),
					consoleId,
					consoleRandom: payload.subarray(8, 24),
				};
				return `RAKP 1: user "${userName}", role 0x${payload.readUInt8(24).toString(16)}`;
			}
			case payloadType.rakp2: {
				const reply = rakp.decodeRakp2(payload);
				if (!reply.challenge || !login || !challenge) return `RAKP 2 refused: status ${reply.status}`;
				login = { ...login, consoleId: payload.readUInt32LE(4) };
				challenge = { ...challenge, ...reply.challenge };
				return `RAKP 2: GUID ${hex(reply.challenge.bmcGuid)}, ${verdict(reply.code, rakp.rakp2Code(login, challenge))}`;
			}
			case payloadType.rakp3:
				if (!login || !challenge || payload[1] !== 0) return `RAKP 3: status ${payload[1]}`;
				return `RAKP 3: ${verdict(payload.subarray(8), rakp.rakp3Code(login, challenge))}`;
			case payloadType.rakp4: {
				const reply = rakp.decodeRakp4(payload);
				if (!login || !challenge || reply.status !== 0) return `RAKP 4 refused: status ${reply.status}`;
				const { sik, keys } = rakp.deriveKeys(login, challenge);
				protection = { suite, keys };
				return `RAKP 4: ${verdict(reply.check, rakp.rakp4Check(login, challenge, sik))}`;
			}
			default:
				return `payload type ${packet.payloadType}: ${hex(payload)}`;
		}
	}

	return captured.map((datagram) => {
		const { from, bytes } = datagram;
		if (bytes[4] !== 6) {
			const packet = decodePacket15(bytes, padded);
			const head = `1.5 ${packet.authentication} session ${packet.sessionId.toString(16)} sequence ${packet.sequence}`;
			return {
				captured: datagram,
				text: `${from}: ${head} · ${describeMessage(from, packet.payload)}`,
				packet: null,
				protection: null,
			};
		}
		const inSession = bytes.readUInt32LE(6) !== 0;
		const packet = decodePacket20(bytes, inSession ? protection : null);
		const what = packet.payloadType === payloadType.ipmi ? describeMessage(from, packet.payload) : describePlain(packet);
		const head = inSession ? `session ${packet.sessionId.toString(16)} sequence ${packet.sequence} · ` : '';
		return { captured: datagram, text: `${from}: ${head}${what}`, packet, protection: inSession ? protection : null };
	});
}

function describeMessage(from: Captured['from'], payload: Buffer): string {
	if (from === 'console')
		return `request ${hex(payload.subarray(1, 2))} ${hex(payload.subarray(5, 6))} data ${hex(payload.subarray(6, -1)) || 'none'}`;
	const { netFn, command, sequence, completionCode, data } = decodeResponse(payload);
	const numbers = [netFn, command, completionCode].map((number) => number.toString(16).padStart(2, '0'));
	return `response netFn ${numbers[0]} command ${numbers[1]} sequence ${sequence} code ${numbers[2]} data ${hex(data) || 'none'}`;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function verdict(received: Buffer, expected: Buffer): string {
	if (!received.equals(expected)) throw new Error(`code ${hex(received)}, expected ${hex(expected)}`);
	return 'code proves the password';
}
