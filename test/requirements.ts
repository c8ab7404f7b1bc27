import { labRequirements, type Requirement } from './lab/requirements.ts';

/** Debian packages that the tests need beyond Node and npm, and a file by which each is seen to be there. */
export const testRequirements: readonly Requirement[] = [
	...labRequirements(true),
	{ package: 'qemu-utils', file: '/usr/bin/qemu-img' },
	{ package: 'fdisk', file: '/usr/sbin/sfdisk' },
	// real peers of our protocols
	{ package: 'freeipmi-tools', file: '/usr/sbin/ipmipower' },
	{ package: 'dnsmasq-base', file: '/usr/sbin/dnsmasq' },
	{ package: 'busybox', file: '/usr/bin/busybox' },
	{ package: 'isc-dhcp-client', file: '/usr/sbin/dhclient' },
	{ package: 'atftp', file: '/usr/bin/atftp' },
	{ package: 'tftp-hpa', file: '/usr/bin/tftp' },
	{ package: 'curl', file: '/usr/bin/curl' },
	{ package: 'tcpdump', file: '/usr/bin/tcpdump' },
	// clients of MAAS's API, unchanged
	{ package: 'golang-go', file: '/usr/bin/go' },
	{ package: 'golang-github-juju-gomaasapi-dev', file: '/usr/share/gocode/src/github.com/juju/gomaasapi/controller.go' },
	// MAAS's datasource, used as a library; where there is no datasource its services switch themselves off
	{ package: 'cloud-init', file: '/usr/lib/python3/dist-packages/cloudinit/sources/DataSourceMAAS.py' },
	// windows and pages
	{ package: 'xvfb', file: '/usr/bin/Xvfb' },
	{ package: 'xauth', file: '/usr/bin/xauth' },
	{ package: 'chromium', file: '/usr/bin/chromium' },
	{ package: 'fonts-dejavu-core', file: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' },
	{ package: 'libgtk-3-0', file: '/usr/lib/x86_64-linux-gnu/libgtk-3.so.0' },
	{ package: 'libnss3', file: '/usr/lib/x86_64-linux-gnu/libnss3.so' },
	{ package: 'libasound2', file: '/usr/lib/x86_64-linux-gnu/libasound.so.2' },
	{ package: 'libgbm1', file: '/usr/lib/x86_64-linux-gnu/libgbm.so.1' },
];
