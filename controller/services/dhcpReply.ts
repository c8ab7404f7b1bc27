import type { Ipv4 } from '../domain/address.ts';
import type { DhcpAnswer, DhcpRequest, DhcpSettings } from '../domain/bootRequest.ts';
import type { DhcpMessage } from '../wire/dhcp.ts';
import type { DhcpOptions } from '../wire/dhcpOptions.ts';

/** Builds the reply that carries a domain answer, with what each kind of firmware must find in it. */
export function writeReply(message: DhcpMessage, request: DhcpRequest, answer: DhcpAnswer, serverId: Ipv4): DhcpMessage {
	const common: DhcpMessage = {
		op: 'reply',
		hardwareType: message.hardwareType,
		hops: 0,
		xid: message.xid,
		secs: 0,
		broadcast: message.broadcast,
		ciaddr: '0.0.0.0',
		yiaddr: '0.0.0.0',
		siaddr: '0.0.0.0',
		giaddr: message.giaddr,
		chaddr: message.chaddr,
		sname: '',
		file: '',
		options: { serverId, ...echoed(message.options) },
	};
	switch (answer.kind) {
		case 'nak':
			// RFC 2131 4.3.2: a relay must broadcast it, since the client's address is not to be believed.
			return {
				...common,
				broadcast: common.broadcast || message.giaddr !== '0.0.0.0',
				options: { ...common.options, messageType: 'nak', message: answer.message.slice(0, 255) },
			};
		case 'inform-ack':
			return withSettings(
				{ ...common, ciaddr: message.ciaddr, options: { ...common.options, messageType: 'ack' } },
				request,
				answer,
			);
		case 'offer':
		case 'ack': {
			const lease = {
				messageType: answer.kind,
				leaseSeconds: answer.leaseSeconds,
				// RFC 2131 4.4.5 gives these as the client's defaults; busybox' udhcpc has others of its own.
				renewalSeconds: Math.floor(answer.leaseSeconds / 2),
				rebindingSeconds: Math.floor((answer.leaseSeconds * 7) / 8),
			};
			const ciaddr = answer.kind === 'ack' ? message.ciaddr : '0.0.0.0';
			return withSettings(
				{ ...common, ciaddr, yiaddr: answer.address, options: { ...common.options, ...lease } },
				request,
				answer,
			);
		}
	}
}

/** RFC 4361/6842: the client identifier goes back; RFC 3046: the relay's words too; RFC 4578: the machine's identifier. */
function echoed({ clientId, relayAgentInfo, machineId }: DhcpOptions): DhcpOptions {
	return { ...(clientId && { clientId }), ...(machineId && { machineId }), ...(relayAgentInfo && { relayAgentInfo }) };
}

function withSettings(reply: DhcpMessage, request: DhcpRequest, settings: DhcpSettings): DhcpMessage {
	const { subnetMask, routers, dnsServers, domain, hostname, boot } = settings;
	const options: DhcpOptions = {
		...reply.options,
		subnetMask,
		...(routers?.length && { routers }),
		...(dnsServers?.length && { dnsServers }),
		...(domain && { domainName: domain }),
		...(hostname && { hostName: hostname }),
	};
	if (!boot) return { ...reply, options };
	const nextServer = boot.nextServer ?? (options.serverId as Ipv4);
	// A long URL does not fit into `file`; clients that want it read option 67 as well.
	const file = boot.file.length < 128 ? boot.file : '';
	return {
		...reply,
		siaddr: nextServer,
		file,
		options: { ...options, bootFileName: boot.file, tftpServerName: nextServer, ...firmwareOptions(request) },
	};
}

/** PXE 2.1, table 2-1: discovery control with bit 3 set means "use the boot file of this offer, look for no boot server". */
const USE_THIS_BOOT_FILE = Buffer.of(6, 1, 8, 255);

function firmwareOptions({ firmware }: DhcpRequest): DhcpOptions {
	// UEFI's HTTP boot drops offers that do not say HTTPClient, and takes the URL from the boot file name (UEFI 2.10, 24.7.3.1).
	if (firmware.http) return { vendorClass: 'HTTPClient' };
	return firmware.pxe ? { vendorClass: 'PXEClient', vendorSpecific: USE_THIS_BOOT_FILE } : {};
}
