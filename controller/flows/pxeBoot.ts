import { cidrContains, type Ipv4, type Mac, netmask, parseMac } from '../domain/address.ts';
import type { BootTarget, DhcpAnswer, DhcpRequest } from '../domain/bootRequest.ts';
import { type BootPlan, grubEntry, grubScript, ipxeScript } from '../domain/bootScript.ts';
import { startsOver } from '../domain/bootStages.ts';
import { kernelOptionsProblem, kernelWords } from '../domain/kernelOptions.ts';
import { type BootPurpose, lifecycle } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import type { Store } from '../store/store.ts';
import type { Advance } from './advance.ts';
import type { BootTrail } from './bootTrail.ts';
import type { LeaseAddress, ServedNetwork } from './leaseAddress.ts';
import { snippetSettings } from './names/dhcpSettings.ts';
import { hearHost } from './names/hearHost.ts';

/**
 * What happens when a machine boots from the network, in the order in which it happens:
 *
 *   1. Its firmware asks DHCP.               `answerDhcp` leases an address and names the loader for this kind of firmware.
 *   2. It fetches the loader (TFTP or HTTP).  flows/bootFiles.ts hands out iPXE, or Debian's signed shim and GRUB.
 *   3. iPXE asks DHCP again.                  `answerDhcp` sees that it is iPXE and names the script instead: this ends the loop.
 *   4. The loader fetches its script.         iPXE: `ipxeScriptFor`, GRUB: `grubConfig`; what for is decided by the machine's status.
 *   5. Kernel and initramfs come over HTTP (iPXE) or TFTP (signed GRUB), and the agent in them reports (flows/agentJob.ts).
 *
 * Each step leaves one event in the boot's trail, so the machine's page tells this story too.
 */
export interface PxeBoot {
	answerDhcp(served: ServedNetwork, leases: LeaseAddress, request: DhcpRequest): Promise<DhcpAnswer | 'silence'>;
	/** A loader, kernel or initramfs has been fetched to its end by the machine at this address. */
	fetched(client: Ipv4, name: string): void;
	/** Any card gets one: an unknown machine is to enlist. */
	ipxeScriptFor(mac: Mac, server: Ipv4): string;
	/** The text of `/grub/grub.cfg…`; `null` for any other name. */
	grubConfig(name: string, server: Ipv4): string | null;
}

/** Firmware and loaders are gone within seconds; MAAS gives them 30 s. iPXE renews nothing, so it gets until its kernel asks again. */
const FIRMWARE_LEASE_SECONDS = 300;
const LEASE_SECONDS = 600;
/** Starts from the local disk, one after the other, after which a deployment is given up. */
const FRUITLESS_BOOTS = 3;

export function createPxeBoot(store: Store, trail: BootTrail, advance: Advance, httpPort: number): PxeBoot {
	// ---- 1 and 3: DHCP
	const answerDhcp: PxeBoot['answerDhcp'] = async (served, leases, request) => {
		const machine = store.machines.byMac(request.mac);
		const domain = (machine && store.domains.byId(machine.domainId)) ?? store.domains.default();
		// this controller is no router and no resolver, and a wrong one makes an installed system wait instead of fail: only what people
		// have entered with the subnet is told
		const settings = {
			subnetMask: netmask(served.network.prefix),
			...leases.settings(),
			domain: domain.name,
			...snippetSettings(store, served.server, request),
		};
		// a relay of a network that is not served here: an address of ours would be of no use there
		if (request.giaddr !== undefined && !cidrContains(served.network, request.giaddr)) return 'silence';
		const hostname = machine?.hostname;
		const named = hostname === undefined ? {} : { hostname };
		const seconds = request.firmware.name === 'none' ? LEASE_SECONDS : FIRMWARE_LEASE_SECONDS;
		switch (request.kind) {
			case 'discover': {
				const lease = await leases.offer(request.mac, request.requestedIp ?? null);
				if (!lease) return noAddressLeft(served, request.mac);
				return {
					kind: 'offer',
					address: lease.address,
					leaseSeconds: seconds,
					...settings,
					...named,
					...bootTarget(served, request),
				};
			}
			case 'select':
			case 'init-reboot':
			case 'renew':
			case 'rebind': {
				if (request.serverId !== undefined && request.serverId !== served.server) return 'silence';
				const address = request.requestedIp ?? request.ciaddr;
				if (!address) return 'silence';
				const lease = await leases.confirm(request.mac, address, request.hostname ?? null, seconds);
				if ('refused' in lease) return { kind: 'nak', message: lease.refused };
				gotAddress(served, request, lease.address);
				return {
					kind: 'ack',
					address: lease.address,
					leaseSeconds: seconds,
					...settings,
					...named,
					...bootTarget(served, request),
				};
			}
			case 'decline':
				if (request.requestedIp) await leases.decline(request.mac, request.requestedIp);
				return 'silence';
			case 'release':
				if (request.ciaddr) await leases.release(request.mac, request.ciaddr);
				return 'silence';
			case 'inform':
				return { kind: 'inform-ack', ...settings };
		}
	};

	const gotAddress = (served: ServedNetwork, request: DhcpRequest, address: Ipv4) => {
		const { firmware, mac } = request;
		if (firmware.pxe || firmware.http || firmware.ipxe) {
			const boot = trail.reached(mac, 'dhcp', {
				text: `Got the address ${address}`,
				ipxe: firmware.ipxe,
				data: { address, firmware: firmware.name },
			});
			// a card that carries iPXE needs no loader: its script is what has to come next
			if (firmware.ipxe && boot.stage === 'dhcp')
				trail.reached(mac, 'loader', { text: 'iPXE runs from its firmware', ipxe: true });
			return;
		}
		// no firmware: the small system's kernel, or an installed one
		const boot = store.boots.running(mac);
		if (boot?.stage === 'kernel') trail.reached(mac, 'boot', { text: `The kernel runs and got the address ${address}` });
		else if (!boot && !store.machines.byMac(mac))
			hearHost(store, { ip: address, mac, hostname: request.hostname ?? null, interfaceName: served.interface });
	};

	const noAddressLeft = (served: ServedNetwork, mac: Mac): 'silence' => {
		store.events.append({
			kind: 'network',
			level: 'error',
			nodeId: store.machines.byMac(mac)?.id ?? null,
			text: `No address is left on ${served.interface} for ${mac}.`,
			cause: `All addresses from ${served.pool.start} to ${served.pool.end} are leased.`,
			nextStep: 'Make the pool larger on the network page.',
		});
		return 'silence';
	};

	/** Which file this firmware is told to load. Facts of each firmware: reference lab, section 1. */
	const bootTarget = (served: ServedNetwork, request: DhcpRequest): { boot?: BootTarget } => {
		const { firmware } = request;
		const base = `http://${served.server}:${httpPort}/boot`;
		const machine = store.machines.byMac(request.mac);
		const useIpxe =
			store.settings.get().uefiLoader === 'ipxe' && purposeFor(request.mac, machine) !== 'local' && machine?.secureBoot !== true;
		if (firmware.ipxe) return { boot: { file: `${base}/ipxe/${request.mac}` } };
		if (firmware.http && firmware.name === 'uefi-http-x64') return { boot: { file: `${base}/ipxe.efi` } };
		if (!firmware.pxe) return {};
		if (firmware.name === 'bios') return { boot: { file: 'undionly.kpxe' } };
		if (firmware.name === 'uefi-x64') return { boot: { file: useIpxe ? 'ipxe.efi' : 'bootx64.efi' } };
		return {};
	};

	// ---- 2 and 5: files
	const fetched: PxeBoot['fetched'] = (client, name) => {
		const mac = store.leases.macOf(client);
		const stage = stageOfFile(name);
		const boot = mac && store.boots.running(mac);
		// A new boot begins with DHCP: a transfer that is over late, because its last packet was lost, begins none.
		if (!mac || !stage || !boot || startsOver(boot.stage, stage, false)) return;
		trail.reached(mac, stage, {
			text: stage === 'kernel' ? 'Loaded the kernel and its initramfs' : `Took ${name.replace(/^\/+/, '')}`,
		});
	};

	// ---- 4: scripts
	const plan = (mac: Mac, server: Ipv4, ipxe: boolean): BootPlan => {
		const machine = store.machines.byMac(mac);
		const purpose = purposeFor(mac, machine);
		const boot = trail.reached(mac, 'script', { text: `Read its boot script: ${purposeText[purpose]}`, ipxe });
		trail.serves(boot, purpose);
		const token = trail.giveToken(boot);
		if (machine && machine.bootMac !== mac) store.machines.update(machine.id, { bootMac: mac });
		if (purpose === 'local') {
			trail.done(boot, 'Handed over to the local disk');
			if (machine?.status === 'deploying') judgeLocalBoots(machine);
		}
		return { purpose, mac, server, httpPort, token, uefi: machine?.firmware === 'uefi', kernelOptions: kernelOptionsOf(machine) };
	};

	/** Devices and controllers are nobody's to install: they start from what they have, as in MAAS. */
	const purposeFor = (mac: Mac, machine: Machine | undefined): BootPurpose =>
		!machine && store.network.interfaces.byMac(mac) ? 'local' : purposeOf(machine);

	/** Those of the whole rack, then those of the machine's tags: the kernel mostly takes the last. */
	const kernelOptionsOf = (machine: Machine | undefined) =>
		[store.config.text('kernel_opts'), ...(machine ? store.tags.kernelOptsOf(machine.id).map(({ options }) => options) : [])]
			.filter((options) => kernelOptionsProblem(options) === null)
			.flatMap(kernelWords);

	/** An installed system that starts reports by cloud-init; one that only comes back to the network has not started. */
	const judgeLocalBoots = (machine: Machine) => {
		const latest = store.boots.latest(machine.id, FRUITLESS_BOOTS);
		if (latest.length < FRUITLESS_BOOTS || latest.some((boot) => boot.purpose !== 'local')) return;
		advance(machine.id, 'fail', {
			text: `It was handed to its local disk ${FRUITLESS_BOOTS} times, and no installed system has reported.`,
			nextStep:
				'Look at its console: its firmware may start another disk than the one written, or the image may not fit its firmware.',
		});
	};

	return {
		answerDhcp,
		fetched,
		ipxeScriptFor: (mac, server) => ipxeScript(plan(mac, server, true)),
		grubConfig(name, server) {
			if (name === 'grub/grub.cfg') return grubEntry;
			const mac = parseMac(/^grub\/grub\.cfg-([0-9a-f:-]{17})$/i.exec(name)?.[1] ?? '');
			return mac && grubScript(plan(mac, server, false));
		},
	};
}

/** What a machine in this state boots; an unknown one enlists. A deploying one whose disk is written starts from it. */
export function purposeOf(machine: Machine | undefined): BootPurpose {
	if (!machine) return 'enlist';
	if (machine.status === 'deploying' && !machine.netboot) return 'local';
	return lifecycle[machine.status].boot;
}

const purposeText: Record<BootPurpose, string> = {
	enlist: 'introduce itself',
	commission: 'commissioning',
	test: 'testing',
	deploy: 'deployment',
	erase: 'erasing its disks',
	rescue: 'rescue mode',
	local: 'start from the local disk',
	'power-off': 'power off, nothing to do',
};

function stageOfFile(name: string): 'loader' | 'kernel' | null {
	const file = name.split('/').at(-1) ?? '';
	if (file === 'initrd') return 'kernel';
	return ['undionly.kpxe', 'ipxe.efi', 'snponly.efi', 'bootx64.efi', 'grubx64.efi'].includes(file) ? 'loader' : null;
}
