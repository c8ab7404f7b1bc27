# shellcheck shell=dash
# Shared by the scripts that write to disks: deploy and erase.
. /usr/lib/metaldesk/functions.sh
. /usr/lib/metaldesk/inventory/pci.sh
. /usr/lib/metaldesk/inventory/storage.sh

# find_disk WANTED: name of the disk that is meant by /dev/NAME, serial:NUMBER or a name of /dev/disk/by-id; fails with
# the disks that are there. Never guesses: writing to the wrong disk can't be taken back.
find_disk() {
	local name type model serial found='' there=''
	for name in $(disks); do
		type=$(disk_type "$name")
		read_value "/sys/block/$name/device/model" && model=$(printf '%s' "$value" | sed 's/ *$//')
		serial=$(disk_serial "$name")
		there="$there $name (serial ${serial:-none});"
		case $1 in
		"/dev/$name" | "serial:${serial:-/}") found="$found $name" ;;
		/dev/disk/by-id/?*) [ "${1#/dev/disk/by-id/}" = "$(disk_id "$name" "$type" "$model" "$serial")" ] && found="$found $name" ;;
		esac
	done
	# shellcheck disable=SC2086
	set -- "$1" $found
	case $# in
	1) fail "The machine has no disk $1. It has:${there:- none}" ;;
	2) echo "$2" ;;
	*) fail "Several disks answer to $1:$found" ;;
	esac
}

zeroes_quickly() { # NAME: whether the disk can be told to zero a range by itself
	read_value "/sys/block/$1/queue/write_zeroes_max_bytes"
	[ "${value:-0}" -gt 0 ]
}

partitions() { # NAME: its partitions as "START NAME NUMBER", in the order on the disk
	local part start
	for part in "/sys/block/$1/$1"*; do
		[ -r "$part/partition" ] || continue
		read_value "$part/start" && start=$value
		read_value "$part/partition" && echo "$start ${part##*/} $value"
	done | sort -n
}

bytes_at() { # DEVICE OFFSET COUNT: as hexadecimal digits
	/usr/bin/dd if="$1" bs=1 skip="$2" count="$3" status=none | od -An -v -tx1 | tr -d ' \n'
}

filesystem() { # DEVICE: ext4 (any of the family), xfs, btrfs, lvm, vfat, or nothing
	case $(bytes_at "$1" 1080 2) in 53ef) echo ext4 && return ;; esac
	case $(bytes_at "$1" 0 4) in 58465342) echo xfs && return ;; esac
	case $(bytes_at "$1" 65600 8) in 5f42485266535f4d) echo btrfs && return ;; esac
	case $(bytes_at "$1" 512 8) in 4c4142454c4f4e45) echo lvm && return ;; esac
	case $(bytes_at "$1" 82 5) in 4641543332) echo vfat ;; esac
}

reread_partitions() { # NAME: until the kernel shows them; something may still have the disk open for a moment
	local try
	for try in 1 2 3 4 5; do
		blockdev --rereadpt "/dev/$1" 2>/dev/null && return
		sleep "$try"
	done
	fail "The kernel does not read the partitions of $1 again."
}
