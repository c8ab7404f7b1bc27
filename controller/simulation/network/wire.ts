import type { DhcpMessage } from '../../wire/dhcp.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';

/** What joins a simulated machine to its controller: real datagrams and connections, by whichever way they get there. */
export interface Wire {
	/** Sends one question and answers the reply to it. Rejects when nobody replies, and with the signal's reason. */
	askDhcp(question: DhcpMessage, signal: AbortSignal): Promise<DhcpMessage>;
	/** The machine has this address from now on, and speaks from it. */
	takeAddress(address: string): void;
	fetchTftp(server: string, from: string, name: string, signal: AbortSignal): Promise<Buffer>;
	/** Never rejects but by its signal. */
	http(method: string, url: string, request: HttpRequest): Promise<HttpAnswer>;
}
