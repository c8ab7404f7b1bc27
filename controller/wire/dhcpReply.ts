import type { DhcpMessage } from './dhcp.ts';

/** Where a reply goes, named as RFC 2131 section 4.1 tells the cases apart. */
export type ReplyDestination =
	/** To the relay that forwarded the request, at its server port (67). */
	| { readonly kind: 'relay'; readonly address: string }
	/** To the client at the address it already uses. */
	| { readonly kind: 'client'; readonly address: string }
	/** To everybody on the wire: the client said it can't take unicast yet, or its address is being refused. */
	| { readonly kind: 'broadcast' }
	/** To the address being given, in a frame to the client's own MAC, since it can't answer ARP yet; broadcasting is allowed too. */
	| { readonly kind: 'hardware'; readonly address: string };

/** `request` is what the client sent, `reply` is the answer to it. */
export function replyDestination(request: DhcpMessage, reply: DhcpMessage): ReplyDestination {
	if (request.giaddr !== '0.0.0.0') return { kind: 'relay', address: request.giaddr };
	// "In all cases, when 'giaddr' is zero, the server broadcasts any DHCPNAK messages to 0xffffffff."
	if (reply.options.messageType === 'nak') return { kind: 'broadcast' };
	if (request.ciaddr !== '0.0.0.0') return { kind: 'client', address: request.ciaddr };
	if (request.broadcast) return { kind: 'broadcast' };
	return { kind: 'hardware', address: reply.yiaddr };
}
