#!/bin/sh
# What a person who looks into a problem asks for first.
section() {
	echo "-----BEGIN $*-----"
	# The kernel's log begins with its command line; the token of this boot is no fact about the machine.
	"$@" 2>&1 | sed 's/\(metaldesk\.token=\)[^ ]*/\1-/'
	echo
}
section uname -a
section cat /proc/cpuinfo
section cat /proc/meminfo
section cat /proc/interrupts
section /usr/bin/lspci -nnvv
section /usr/bin/lsblk --output-all
section ip addr
section ip route
section lsmod
section dmesg
[ -d /sys/firmware/efi ] && section /usr/bin/efibootmgr -v
exit 0
