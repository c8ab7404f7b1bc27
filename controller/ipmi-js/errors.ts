/** The closed list of what can go wrong between us and a BMC. */
export type IpmiErrorCode =
	/** No reply after the last retransmission, or the network said that there is no way. */
	| 'unreachable'
	/** User name, password or K_g key is not the BMC's. */
	| 'wrong-credentials'
	/** The BMC does not offer the cipher suites asked for. */
	| 'cipher-refused'
	/** The BMC has no free session slot. */
	| 'session-limit'
	/** The user may not act at the privilege level asked for. */
	| 'privilege-too-low'
	/** Malformed, forged or contradictory. */
	| 'bad-reply'
	/** The BMC does not know the command. */
	| 'unsupported'
	/** The BMC knows the command and refused it; `completionCode` says why. */
	| 'rejected'
	/** The caller's own values cannot be sent (too long, not a host name, …). */
	| 'bad-parameters'
	/** The client was closed while the call waited. */
	| 'closed';

/** The only error that this library throws for anything that arrives from outside. */
export class IpmiError extends Error {
	readonly code: IpmiErrorCode;
	/** Of the IPMI response, where there was one. */
	readonly completionCode: number | null;

	constructor(code: IpmiErrorCode, message: string, completionCode: number | null = null) {
		super(message);
		this.name = 'IpmiError';
		this.code = code;
		this.completionCode = completionCode;
	}
}

/** Shorthand for decoders. */
export const badReply = (message: string): IpmiError => new IpmiError('bad-reply', message);
