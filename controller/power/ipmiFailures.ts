import type { Bmc } from '../ipmi-js/client.ts';
import type { IpmiError, IpmiErrorCode } from '../ipmi-js/errors.ts';
import { fail, type PowerErrorCode, type PowerFailure } from './driver.ts';

interface Advice {
	readonly code: PowerErrorCode;
	text(subject: string, bmc: Bmc, error: IpmiError): string;
	readonly nextStep: string;
}

const user = (bmc: Bmc): string => (bmc.userName === '' ? 'the empty user name' : `user "${bmc.userName}"`);

/** From what the IPMI client found out to what a person reads and does. */
const advice: Readonly<Record<IpmiErrorCode, Advice>> = {
	unreachable: {
		code: 'unreachable',
		text: (subject, bmc, error) => `${subject} does not answer on UDP port ${bmc.port ?? 623}: ${error.message}.`,
		nextStep: 'Check the address, the cable of the BMC, and that IPMI over LAN is enabled in its settings.',
	},
	'wrong-credentials': {
		code: 'wrong-credentials',
		text: (subject, bmc, error) => `${subject} does not accept the user name or password of ${user(bmc)}: ${error.message}.`,
		nextStep: "Correct the user name, the password or the K_g key in the machine's power settings.",
	},
	'cipher-refused': {
		code: 'cipher-refused',
		text: (subject, _bmc, error) => `${subject} refuses the cipher suite: ${error.message}.`,
		nextStep: "Choose another cipher suite (3 or 17) in the machine's power settings, or allow it in the settings of the BMC.",
	},
	'session-limit': {
		code: 'session-limit',
		text: (subject, _bmc, error) => `${subject} has no free session: ${error.message}.`,
		nextStep:
			'Close other consoles on this BMC or wait a minute until it drops old sessions; restart the BMC if that does not help.',
	},
	'privilege-too-low': {
		code: 'privilege-too-low',
		text: (subject, bmc, error) => `${subject} does not let ${user(bmc)} do this: ${error.message}.`,
		nextStep: "Give the user the operator role on the BMC, or choose a lower privilege level in the machine's power settings.",
	},
	'bad-reply': {
		code: 'bad-reply',
		text: (subject, _bmc, error) => `${subject} sent a reply that is not valid IPMI: ${error.message}.`,
		nextStep: 'Try a workaround flag, or update the firmware of the BMC.',
	},
	unsupported: {
		code: 'unsupported',
		text: (subject, _bmc, error) => `${subject} cannot do this: ${error.message}.`,
		nextStep: 'Update the firmware of the BMC, or do it by hand.',
	},
	rejected: {
		code: 'bad-reply',
		text: (subject, _bmc, error) => `${subject} refused the order: ${error.message}.`,
		nextStep: 'Try again in a minute; restart the BMC if it stays so.',
	},
	'bad-parameters': {
		code: 'bad-parameters',
		text: (subject, _bmc, error) => `${subject} cannot be asked: ${error.message}.`,
		nextStep: "Correct the machine's power settings.",
	},
	closed: {
		code: 'unreachable',
		text: (subject) => `${subject} was not asked because the controller is stopping.`,
		nextStep: 'Try again when the controller runs.',
	},
};

export function describeIpmiFailure(subject: string, bmc: Bmc, error: IpmiError): PowerFailure {
	const { code, text, nextStep } = advice[error.code];
	return fail(code, text(subject, bmc, error), nextStep);
}
