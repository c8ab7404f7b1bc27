import { randomInt } from 'node:crypto';
import { type Mac, macToBytes } from '../../domain/address.ts';
import type { DhcpMessage } from '../../wire/dhcp.ts';
import { type Hardware, uuidBytes } from '../hardware/hardware.ts';
import type { Wire } from './wire.ts';

/** The way from the network card to the boot script, and what follows it. */
export interface NetworkBoot {
	/** Rejects when nobody answers, and with the signal's reason when the power goes. */
	boot(card: Mac, hardware: Hardware, signal: AbortSignal): Promise<BootOrders>;
	/** As an operating system asks for its address; answers it. */
	askAddress(card: Mac, signal: AbortSignal): Promise<string>;
}
export interface BootOrders {
	/** iPXE's or GRUB's */
	readonly script: string;
	readonly address: string;
	/** Fetches what the script names; the kernel then asks for its address again. */
	loadKernel(): Promise<void>;
}

type Options = DhcpMessage['options'];

/**
 * Boots as firmware does: it asks DHCP, fetches the loader that it is told (BIOS and UEFI over TFTP, some UEFI over HTTP), and the
 * loader (iPXE, or shim and GRUB) fetches its script.
 */
export function createNetworkBoot(wire: Wire): NetworkBoot {
	const fetchUrl = async (url: string, from: string, signal: AbortSignal): Promise<Buffer> => {
		const answer = await wire.http('GET', url, { from, signal });
		if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
		return answer.body;
	};

	/** DISCOVER and REQUEST; answers the ACK. */
	const lease = async (card: Mac, says: Options, signal: AbortSignal): Promise<DhcpMessage> => {
		const xid = randomInt(2 ** 32);
		const ask = (options: Options) => wire.askDhcp(question(card, xid, { ...says, ...options }), signal);
		const offer = await ask({ messageType: 'discover' });
		const { serverId = '' } = offer.options;
		const ack = await ask({ messageType: 'request', requestedAddress: offer.yiaddr, serverId });
		if (ack.options.messageType !== 'ack') throw new Error(`refused: ${ack.options.message}`);
		wire.takeAddress(ack.yiaddr);
		return ack;
	};

	const fetchScript = async (loader: string, server: string, from: string, card: Mac, says: Options, signal: AbortSignal) => {
		const tftp = (name: string) => wire.fetchTftp(server, from, name, signal);
		if (loader.startsWith('http')) await fetchUrl(loader, from, signal);
		else await tftp(loader);
		if (loader.endsWith('bootx64.efi')) {
			await tftp('grubx64.efi');
			await tftp('/grub/grub.cfg');
			return (await tftp(`/grub/grub.cfg-${card}`)).toString();
		}
		const ipxe = await lease(card, { ...says, userClasses: ['iPXE'] }, signal);
		return (await fetchUrl(fileOf(ipxe), from, signal)).toString();
	};

	return {
		async boot(card, hardware, signal) {
			const says = firmwareSays(hardware);
			const ack = await lease(card, says, signal);
			const address = ack.yiaddr;
			const server = ack.options.tftpServerName ?? ack.options.serverId ?? '';
			// firmware that is iPXE itself is told its script at once; these are not
			const script = await fetchScript(fileOf(ack), server, address, card, says, signal);
			return {
				script,
				address,
				async loadKernel() {
					for (const [, url = ''] of script.matchAll(/^(?:kernel|initrd --name initrd) (http\S+)/gm))
						await fetchUrl(url, address, signal);
					for (const [, name = ''] of script.matchAll(/^(?:linux|initrd) (\/\S+)/gm))
						await wire.fetchTftp(server, address, name, signal);
					await lease(card, {}, signal);
				},
			};
		},
		askAddress: async (card, signal) => (await lease(card, {}, signal)).yiaddr,
	};
}

/** RFC 4578: options 93, 60 and 97. UEFI's HTTP boot has numbers of its own (IANA, processor architecture types). */
function firmwareSays({ firmware, httpBoot, uuid }: Hardware): Options {
	const architecture = firmware === 'bios' ? 0 : httpBoot ? 16 : 7;
	const client = httpBoot ? 'HTTPClient' : 'PXEClient';
	return {
		vendorClass: `${client}:Arch:${String(architecture).padStart(5, '0')}:UNDI:003016`,
		clientArchitectures: [architecture],
		// a zero for the kind of identifier (RFC 4578 2.3)
		machineId: Buffer.concat([Buffer.alloc(1), uuidBytes(uuid)]),
	};
}

const fileOf = (message: DhcpMessage) => message.options.bootFileName ?? message.file;

function question(card: Mac, xid: number, options: Options): DhcpMessage {
	const none = '0.0.0.0';
	return {
		...{ op: 'request', hardwareType: 1, hops: 0, xid, secs: 0, broadcast: true },
		...{ ciaddr: none, yiaddr: none, siaddr: none, giaddr: none, chaddr: macToBytes(card), sname: '', file: '' },
		options: { parameterRequestList: [1, 3, 66, 67], maxDatagramSize: 1472, ...options },
	};
}
