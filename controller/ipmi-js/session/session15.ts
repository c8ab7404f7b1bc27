import { randomBytes } from 'node:crypto';
import { commandRefusal } from '../commands/completionCodes.ts';
import { badReply, IpmiError } from '../errors.ts';
import { decodeResponse, encodeRequest, type Request, type Response } from '../packet/message.ts';
import { decodePacket15, encodePacket15, MD5, type Packet15 } from '../packet/packet15.ts';
import { Reader } from '../packet/reader.ts';
import { createReplayWindow } from '../packet/replayWindow.ts';
import { createExchange, type Patience } from './exchange.ts';
import {
	CLOSE_PATIENCE,
	type Credentials,
	closeSessionRequest,
	fieldBytes,
	netFn,
	privilegeNumber,
	type Session,
} from './session.ts';
import type { Peer, Transport } from './transport.ts';

/** "The channel that this arrives on". */
const THIS_CHANNEL = 0x0e;
const MD5_OFFERED = 0x04;

type Ask = (request: Omit<Request, 'sequence'>, patience: Patience) => Promise<Response>;

/**
 * Logs in by IPMI 1.5 with MD5 (IPMI 2.0 sections 22.13 to 22.17). Nothing is encrypted. Passwords in the clear and no password at all,
 * which 1.5 also knows, are not offered: a BMC without MD5 is `cipher-refused`.
 */
export async function openSession15(
	transport: Transport,
	peer: Peer,
	credentials: Credentials,
	patience: Patience,
): Promise<Session> {
	const password = Buffer.alloc(16);
	fieldBytes(credentials.password, 16, 'password').copy(password);
	const userName = Buffer.alloc(16);
	fieldBytes(credentials.userName, 16, 'user name').copy(userName);
	const privilege = privilegeNumber[credentials.privilege];
	const exchange = createExchange(transport, peer);
	const receiver = transport.openPeer(peer, exchange);
	const replays = createReplayWindow();
	/** What the next packet is sent with; each step of the login changes it. */
	let header: Omit<Packet15, 'payload'> = { authentication: 'none', sequence: 0, sessionId: 0 };
	let messageSequence = 0;

	const ask: Ask = (request, sendings) => {
		messageSequence = (messageSequence + 1) & 0x3f;
		const sequence = messageSequence;
		const payload = encodeRequest({ ...request, sequence });
		const datagram = () => {
			const bytes = encodePacket15({ ...header, payload }, password);
			// 0 stands for "no session yet"; inside one the numbers skip it.
			if (header.sequence !== 0) header = { ...header, sequence: (header.sequence + 1) >>> 0 || 1 };
			return bytes;
		};
		const read = (received: Buffer) => {
			const packet = decodePacket15(received, password);
			const response = decodeResponse(packet.payload);
			const awaited =
				response.sequence === sequence && response.command === request.command && response.netFn === (request.netFn | 1);
			if (!awaited) return null;
			const inside = header.sequence !== 0;
			if (inside && packet.sessionId !== header.sessionId) return null;
			if (inside && header.authentication === 'md5') {
				if (packet.authentication !== 'md5') throw badReply('an unsigned packet inside a signed session');
				if (!replays.accept(packet.sequence)) throw badReply('a packet of this session came twice');
			}
			return response;
		};
		return exchange.ask(datagram, read, sendings);
	};

	try {
		await checkMd5(ask, privilege, patience);
		const { temporaryId, challenge } = await getChallenge(ask, userName, patience);
		header = { authentication: 'md5', sequence: 0, sessionId: temporaryId };
		header = await activate(ask, privilege, challenge, patience);
	} catch (error) {
		receiver.close();
		throw error;
	}

	const session: Session = {
		protocol: 'IPMI 1.5, MD5, not encrypted',
		privilege: 'user',
		request: ask,
		async close() {
			await ask(closeSessionRequest(header.sessionId), CLOSE_PATIENCE).catch((error) => {
				if (!(error instanceof IpmiError)) throw error;
			});
			receiver.close();
		},
		drop: receiver.close,
	};
	return session;
}

async function checkMd5(ask: Ask, privilege: number, patience: Patience): Promise<void> {
	const name = 'Get Channel Authentication Capabilities';
	const response = await ask({ netFn: netFn.app, command: 0x38, data: Buffer.from([THIS_CHANNEL, privilege]) }, patience);
	if (response.completionCode !== 0) throw commandRefusal({ name }, response.completionCode);
	const reader = new Reader(response.data);
	reader.u8('channel');
	if ((reader.u8('authentication types') & MD5_OFFERED) === 0)
		throw new IpmiError('cipher-refused', 'the BMC offers no MD5 authentication for IPMI 1.5 at this privilege level');
}

async function getChallenge(ask: Ask, userName: Buffer, patience: Patience): Promise<{ temporaryId: number; challenge: Buffer }> {
	const response = await ask({ netFn: netFn.app, command: 0x39, data: Buffer.concat([Buffer.from([MD5]), userName]) }, patience);
	const refusals = {
		129: ['wrong-credentials', 'user name unknown'],
		130: ['wrong-credentials', 'the null user is disabled'],
		// ipmi_sim 2.0.33 says so when all its sessions are taken.
		196: ['session-limit', 'out of space'],
	} as const;
	if (response.completionCode !== 0) throw commandRefusal({ name: 'Get Session Challenge', refusals }, response.completionCode);
	const reader = new Reader(response.data);
	return { temporaryId: reader.u32('temporary session ID'), challenge: reader.bytes(16, 'challenge') };
}

async function activate(ask: Ask, privilege: number, challenge: Buffer, patience: Patience): Promise<Omit<Packet15, 'payload'>> {
	const data = Buffer.concat([Buffer.from([MD5, privilege]), challenge, randomBytes(4)]);
	// The BMC's numbers start at ours, which must not be 0.
	data[18] = (data[18] ?? 0) | 1;
	const response = await ask({ netFn: netFn.app, command: 0x3a, data }, patience).catch(silentRefusal);
	const refusals = {
		129: ['session-limit', 'no session slot'],
		130: ['session-limit', 'no session slot for this user'],
		131: ['session-limit', 'no session slot at this privilege level'],
		134: ['privilege-too-low', 'privilege level above the limit of the user or channel'],
	} as const;
	if (response.completionCode !== 0) throw commandRefusal({ name: 'Activate Session', refusals }, response.completionCode);
	const reader = new Reader(response.data);
	const authentication = reader.u8('authentication type') === MD5 ? 'md5' : 'none';
	const [sessionId, sequence] = [reader.u32('session ID'), reader.u32('initial sequence number')];
	return { authentication, sessionId, sequence: sequence || 1 };
}

/** IPMI 1.5 drops an activation that is signed with another password, since it can't be told from a forgery. */
function silentRefusal(error: unknown): never {
	if (error instanceof IpmiError && error.code === 'unreachable')
		throw new IpmiError('wrong-credentials', 'the BMC fell silent when it was shown the password');
	throw error;
}
