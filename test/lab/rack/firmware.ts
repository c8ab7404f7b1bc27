/** The firmware that a machine starts with, and how QEMU is told so. All of them are real programs: SeaBIOS with iPXE, and EDK2. */

export const firmwareKinds = ['bios', 'uefi', 'secureboot', 'uefihttp'] as const;
export type Firmware = (typeof firmwareKinds)[number];

/** What `--firmware mixed` deals out, in turn. */
export const mixed: readonly Firmware[] = ['bios', 'uefi', 'secureboot', 'uefihttp'];

interface FirmwareSetup {
	/** a sentence part for people */
	description: string;
	arguments(variables: string): string[];
	/** the template of the machine's own firmware variables; null where there are none */
	variables: string | null;
	/** appended to the network card that boots */
	bootCard: string;
}

const ovmf = '/usr/share/OVMF';
const flash = (code: string, variables: string) => [
	...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${ovmf}/${code}`],
	...['-drive', `if=pflash,format=raw,unit=1,file=${variables}`],
];
/** An empty ROM file leaves the card to EDK2's own network stack: a genuine PXE client that is not iPXE. */
const ownStack = ',romfile=';

export const firmwareSetups: Record<Firmware, FirmwareSetup> = {
	bios: {
		description: "SeaBIOS, the network card's own iPXE",
		// graphics=off: SeaBIOS and iPXE then talk on the serial port.
		arguments: () => ['-machine', 'pc,graphics=off'],
		variables: null,
		bootCard: '',
	},
	uefi: {
		description: 'UEFI, PXE',
		arguments: (variables) => ['-machine', 'q35', ...flash('OVMF_CODE_4M.fd', variables)],
		variables: `${ovmf}/OVMF_VARS_4M.fd`,
		bootCard: ownStack,
	},
	secureboot: {
		description: 'UEFI, PXE, Secure Boot enforced',
		arguments: (variables) => [
			...['-machine', 'q35,smm=on', '-global', 'driver=cfi.pflash01,property=secure,value=on'],
			...['-global', 'ICH9-LPC.disable_s3=1', ...flash('OVMF_CODE_4M.ms.fd', variables)],
		],
		// Microsoft's keys are enrolled in this template; Debian's shim is signed with them.
		variables: `${ovmf}/OVMF_VARS_4M.ms.fd`,
		bootCard: ownStack,
	},
	uefihttp: {
		description: 'UEFI, HTTP boot',
		arguments: (variables) => [
			...['-machine', 'q35', ...flash('OVMF_CODE_4M.fd', variables)],
			...['-fw_cfg', 'name=opt/org.tianocore/IPv4PXESupport,string=no'],
			...['-fw_cfg', 'name=opt/org.tianocore/IPv6PXESupport,string=no'],
		],
		variables: `${ovmf}/OVMF_VARS_4M.fd`,
		bootCard: ownStack,
	},
};
