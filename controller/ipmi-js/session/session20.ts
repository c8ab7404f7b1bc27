import { randomBytes, timingSafeEqual } from 'node:crypto';
import { badReply, IpmiError } from '../errors.ts';
import type { CipherSuite } from '../packet/cipherSuites.ts';
import { decodeResponse, encodeRequest } from '../packet/message.ts';
import { decodePacket20, encodePacket20, type Protection, payloadType } from '../packet/packet20.ts';
import * as rakp from '../packet/rakp.ts';
import { rakpRefusal } from '../packet/rakpStatus.ts';
import { createReplayWindow } from '../packet/replayWindow.ts';
import { createExchange, type Exchange, type Patience } from './exchange.ts';
import { CLOSE_PATIENCE, type Credentials, closeSessionRequest, fieldBytes, privilegeNumber, type Session } from './session.ts';
import type { Peer, Transport } from './transport.ts';

/** "Look the user up by name alone" (IPMI 2.0 table 13-11): without it some BMCs also match the role and find nobody. */
const NAME_ONLY_LOOKUP = 0x10;

/**
 * Logs in by RMCP+: open session, RAKP 1 to 4. Throws an IpmiError whose code says which of the two sides had what wrong.
 * A login in which packets were lost may fail for that alone (a BMC that saw RAKP 1 twice has made a second random number, one that saw
 * RAKP 3 twice calls the session unknown), so it is tried once more from the start.
 */
export async function openSession20(
	transport: Transport,
	peer: Peer,
	credentials: Credentials,
	suite: CipherSuite,
	patience: Patience,
): Promise<Session> {
	const first = await tryLogin(transport, peer, credentials, suite, patience);
	if (!(first instanceof LostInRepeats)) return first;
	const second = await tryLogin(transport, peer, credentials, suite, patience);
	if (second instanceof LostInRepeats) throw second.cause;
	return second;
}

class LostInRepeats {
	readonly cause: IpmiError;
	constructor(cause: IpmiError) {
		this.cause = cause;
	}
}

async function tryLogin(
	transport: Transport,
	peer: Peer,
	credentials: Credentials,
	suite: CipherSuite,
	patience: Patience,
): Promise<Session | LostInRepeats> {
	const exchange = createExchange(transport, peer);
	const receiver = transport.openSession(peer, exchange);
	try {
		const { bmcId, protection } = await logIn(exchange, receiver.consoleId, credentials, suite, patience);
		return converse(exchange, bmcId, receiver, protection, credentials);
	} catch (error) {
		receiver.close();
		if (!(error instanceof IpmiError)) throw error;
		// A BMC that answered the first question is there; saying nothing is a way to refuse what came after it.
		if (error.code === 'unreachable' && exchange.answers > 0)
			throw new IpmiError(
				'wrong-credentials',
				`the BMC fell silent when it ${exchange.answers === 1 ? 'heard the user name' : 'was shown the password'}`,
			);
		const ambiguous = error.code === 'wrong-credentials' || error.code === 'rejected';
		if (ambiguous && exchange.repeats > 0) return new LostInRepeats(error);
		throw error;
	}
}

async function logIn(exchange: Exchange, consoleId: number, credentials: Credentials, suite: CipherSuite, patience: Patience) {
	const role = privilegeNumber[credentials.privilege];
	const { workarounds } = credentials;
	const userName = fieldBytes(credentials.userName, 16, 'user name');
	const login: rakp.Login = {
		suite,
		userName: workarounds.has('intel20') ? Buffer.concat([userName, Buffer.alloc(16 - userName.length)]) : userName,
		password: fieldBytes(credentials.password, 20, 'password'),
		kg: credentials.kg,
		role: role | NAME_ONLY_LOOKUP,
		consoleId,
		consoleRandom: randomBytes(16),
	};
	/** Plain packets of the login; the tag tells a late reply of an earlier step apart. */
	const ask = <T extends { tag: number; status: number }>(
		tag: number,
		type: number,
		payload: Buffer,
		wanted: number,
		decode: (payload: Buffer) => T,
	) => {
		const datagram = encodePacket20({ payloadType: type, sessionId: 0, sequence: 0, payload }, null);
		const read = (received: Buffer) => {
			const packet = decodePacket20(received, null);
			if (packet.payloadType !== wanted) return null;
			const reply = decode(packet.payload);
			// ipmi_sim refuses a cipher suite in two bytes, with a tag of its own.
			const cutOff = reply.status !== 0 && packet.payload.length < 8;
			return reply.tag === tag || cutOff ? reply : null;
		};
		return exchange.ask(() => datagram, read, patience);
	};

	const request = rakp.encodeOpenSession(1, workarounds.has('opensesspriv') ? role : 0, consoleId, suite);
	const opened = await ask(
		1,
		payloadType.openSessionRequest,
		request,
		payloadType.openSessionResponse,
		rakp.decodeOpenSessionResponse,
	);
	if (!opened.accepted) throw rakpRefusal('the session request', opened.status);
	const { accepted } = opened;
	// Signing with less than was asked for would be a downgrade.
	const same = (['authentication', 'integrity', 'confidentiality'] as const).every((part) => accepted[part] === suite[part]);
	if (!same) throw new IpmiError('cipher-refused', `the BMC answered cipher suite ${suite.id} with other algorithms`);

	const { bmcId } = accepted;
	const rakp2 = await ask(2, payloadType.rakp1, rakp.encodeRakp1(2, login, bmcId), payloadType.rakp2, rakp.decodeRakp2);
	if (!rakp2.challenge) throw rakpRefusal('the user', rakp2.status);
	const challenge = { bmcId, ...rakp2.challenge };
	const proven = matches(rakp2.code, rakp.rakp2Code(login, challenge), workarounds.has('supermicro20'));
	if (!proven) throw new IpmiError('wrong-credentials', 'the BMC holds another password for this user');

	const rakp3 = rakp.encodeRakp3(3, bmcId, rakp.rakp3Code(login, challenge));
	const rakp4 = await ask(3, payloadType.rakp3, rakp3, payloadType.rakp4, rakp.decodeRakp4);
	if (rakp4.status !== 0) throw rakpRefusal('the password', rakp4.status);
	const { sik, keys } = rakp.deriveKeys(login, challenge);
	const check = rakp.rakp4Check(login, challenge, sik);
	// The password is known to be right by now, so only K_g is left to be wrong.
	if (!matches(rakp4.check, check, workarounds.has('supermicro20')))
		throw new IpmiError('wrong-credentials', login.kg ? 'the BMC has another K_g key' : 'the BMC wants a K_g key');
	return { bmcId, protection: { suite, keys } };
}

function matches(received: Buffer, expected: Buffer, allowLonger: boolean): boolean {
	const compared = allowLonger ? received.subarray(0, expected.length) : received;
	return compared.length === expected.length && timingSafeEqual(compared, expected);
}

function converse(
	exchange: Exchange,
	bmcId: number,
	receiver: { close(): void },
	protection: Protection,
	credentials: Credentials,
): Session {
	const replays = createReplayWindow();
	const checkSums = !credentials.workarounds.has('nochecksumcheck');
	let packetSequence = 0;
	let messageSequence = 0;
	const session: Session = {
		protocol: `IPMI 2.0, cipher suite ${protection.suite.id}`,
		privilege: 'user',
		request(request, patience) {
			messageSequence = (messageSequence + 1) & 0x3f;
			const sequence = messageSequence;
			const payload = encodeRequest({ ...request, sequence });
			const datagram = () => {
				packetSequence = (packetSequence + 1) >>> 0 || 1;
				return encodePacket20({ payloadType: payloadType.ipmi, sessionId: bmcId, sequence: packetSequence, payload }, protection);
			};
			const read = (received: Buffer) => {
				const packet = decodePacket20(received, protection);
				if (!replays.accept(packet.sequence)) throw badReply('a packet of this session came twice');
				if (packet.payloadType !== payloadType.ipmi) return null;
				const response = decodeResponse(packet.payload, checkSums);
				const awaited =
					response.sequence === sequence && response.command === request.command && response.netFn === (request.netFn | 1);
				return awaited ? response : null;
			};
			return exchange.ask(datagram, read, patience);
		},
		async close() {
			await session.request(closeSessionRequest(bmcId), CLOSE_PATIENCE).catch((error) => {
				if (!(error instanceof IpmiError)) throw error;
			});
			receiver.close();
		},
		drop: receiver.close,
	};
	return session;
}
