#!/bin/sh
# Process 1 of the agent environment: mounts, drivers, network, then the agent. It ends by powering the machine off.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
. /usr/lib/metaldesk/functions.sh

mount_basics() {
	mount -t devtmpfs dev /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts pts /dev/pts
	mount -t proc proc /proc
	mount -t sysfs sys /sys
	# The agent's own files lie apart from everything that scripts can fill.
	mount -t tmpfs -o size=32m,mode=0700 run /run
	mount -t tmpfs -o "size=$(share_of_memory 10)k" tmp /tmp
	# The initramfs itself is a tmpfs of half the memory: a script that writes to / must hit a wall before the agent does.
	mount -o remount,size="$(($(used_kb /) + $(share_of_memory 10)))k" /
	mkdir -p /run/cgroup && mount -t cgroup2 cgroup /run/cgroup && echo '+memory' >/run/cgroup/cgroup.subtree_control
}

share_of_memory() { # PERCENT: that part of the memory in KiB
	while read -r name size _; do
		case $name in MemTotal:) echo $((size * $1 / 100)) ;; esac
	done </proc/meminfo
}

used_kb() { # MOUNT-POINT (df does not show the root of an initramfs)
	stat -f -c '%b %f %S' "$1" | while read -r blocks free size; do echo $(((blocks - free) * size / 1024)); done
}

# There is no udev: load a driver for whatever sysfs says it found. Twice, because virtio, NVMe and IPMI devices appear
# only when their bus has its driver.
load_drivers() {
	for _ in 1 2; do
		find /sys/devices -name modalias -exec cat {} + 2>/dev/null | sort -u | xargs -r /usr/sbin/modprobe -qab 2>/dev/null
	done
	for module in button af_packet sg ipmi_si ipmi_devintf efivarfs; do /usr/sbin/modprobe -q "$module"; done
	[ -d /sys/firmware/efi/efivars ] && mount -t efivarfs efivarfs /sys/firmware/efi/efivars 2>/dev/null
}

# The name of the card that the firmware booted from; the kernel's order of cards is not the firmware's.
boot_card() {
	wanted=$(boot_mac)
	for card in /sys/class/net/*; do
		read_value "$card/address"
		[ -n "$wanted" ] && [ "$value" = "$wanted" ] && echo "${card##*/}" && return
	done
}

# Cards with a device behind them, the boot card first.
cards() {
	first=$(boot_card)
	[ -n "$first" ] && echo "$first"
	for card in /sys/class/net/*; do
		name=${card##*/}
		[ -e "$card/device" ] && [ "$name" != "$first" ] && echo "$name"
	done
}

# Switches tell their name and port every 30 s (IEEE 802.1AB): listening begins at once, and costs no time.
listen_for_switches() {
	# tcpdump wants to find the user that it runs as
	[ -e /etc/passwd ] || echo 'root:x:0:0:root:/root:/bin/sh' >/etc/passwd
	for card in $(cards); do
		/usr/bin/tcpdump -Z root -i "$card" -nn -v -l -c 20 ether proto 0x88cc >"/run/lldp.$card" 2>/dev/null &
	done
}

# Never gives up: a switch port may take half a minute (spanning tree), a DHCP server may be restarting.
get_address() {
	ip link set lo up
	for card in $(cards); do ip link set "$card" up; done
	listen_for_switches
	round=0
	while :; do
		for card in $(cards); do
			# Without -q it stays and renews the lease: an erase runs for hours.
			if udhcpc -i "$card" -n -t 3 -T 2 -A 1 -s /usr/lib/metaldesk/udhcpc.script >/run/udhcpc.log 2>&1; then
				echo "$card" >/run/card
				say "address $(ip -4 -o addr show dev "$card" | awk '{ print $4 }') on $card"
				return
			fi
		done
		round=$((round + 1))
		say "no address yet on $(cards | tr '\n' ' ')(round $round)"
		[ -n "$(cards)" ] || load_drivers
		sleep 2
	done
}

mount_basics 2>/dev/null
exec </dev/console >/dev/console 2>&1
echo 3 >/proc/sys/kernel/printk
hostname metaldesk-agent
say 'started'
load_drivers
say 'drivers loaded'
get_address
# The agent outlives a shortage of memory; what scripts started does not.
echo -1000 >/proc/self/oom_score_adj
sh /usr/lib/metaldesk/agent.sh
say "agent ended ($?); powering off in 30 s"
sleep 30
poweroff -f
