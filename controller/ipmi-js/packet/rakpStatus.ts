import { IpmiError, type IpmiErrorCode } from '../errors.ts';

/** RMCP+ and RAKP status codes (IPMI 2.0 table 13-15) by what somebody can do about them. */
const refusals: Readonly<Record<number, readonly [IpmiErrorCode, string]>> = {
	1: ['session-limit', 'no resources for another session'],
	2: ['rejected', 'invalid session ID'],
	3: ['rejected', 'invalid payload type'],
	4: ['cipher-refused', 'invalid authentication algorithm'],
	5: ['cipher-refused', 'invalid integrity algorithm'],
	6: ['cipher-refused', 'no matching authentication payload'],
	7: ['cipher-refused', 'no matching integrity payload'],
	8: ['rejected', 'inactive session ID'],
	9: ['privilege-too-low', 'invalid role'],
	10: ['privilege-too-low', 'role or privilege level not allowed'],
	11: ['session-limit', 'no resources for another session at this role'],
	12: ['wrong-credentials', 'invalid user name length'],
	13: ['wrong-credentials', 'user name unknown'],
	14: ['rejected', 'GUID not allowed'],
	15: ['wrong-credentials', 'invalid integrity check value'],
	16: ['cipher-refused', 'invalid confidentiality algorithm'],
	17: ['cipher-refused', 'no cipher suite with these algorithms'],
	18: ['rejected', 'illegal parameter'],
};

/** The error for a reply whose status is not 0; `what` is what the BMC refused. */
export function rakpRefusal(what: string, status: number): IpmiError {
	const [code, reason] = refusals[status] ?? ['rejected', 'unknown status'];
	return new IpmiError(code, `the BMC refused ${what}: ${reason} (RAKP status 0x${status.toString(16).padStart(2, '0')})`);
}
