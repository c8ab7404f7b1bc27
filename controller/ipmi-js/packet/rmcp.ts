import { badReply } from '../errors.ts';

/** RMCP (ASF 2.0 section 3.2, IPMI 2.0 section 13.1.3): four bytes before every IPMI session header. */
export const RMCP_PORT = 623;
export const RMCP_HEADER_LENGTH = 4;

const VERSION = 0x06;
const NO_ACKNOWLEDGE = 0xff;
const CLASS_IPMI = 0x07;

export const rmcpHeader = (): Buffer => Buffer.from([VERSION, 0, NO_ACKNOWLEDGE, CLASS_IPMI]);

/** Returns what follows the header; anything but an IPMI message is a `bad-reply`. */
export function stripRmcp(datagram: Buffer): Buffer {
	if (datagram.length < RMCP_HEADER_LENGTH) throw badReply(`RMCP header: ${datagram.length} of ${RMCP_HEADER_LENGTH} bytes`);
	if (datagram[0] !== VERSION) throw badReply(`RMCP version 0x${datagram[0]?.toString(16)}, expected 0x06`);
	// Bit 7 marks an acknowledgement, which carries no message (ASF 2.0 section 3.2.3.2).
	if (datagram[3] !== CLASS_IPMI) throw badReply(`RMCP class 0x${datagram[3]?.toString(16)}, expected 0x07`);
	return datagram.subarray(RMCP_HEADER_LENGTH);
}
