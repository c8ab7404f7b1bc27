# shellcheck shell=dash
# Shared by the agent and by its builtin scripts. Data from the machine is never evaluated and always escaped.

say() { # TEXT…: one line on the console with the seconds since the kernel started
	local uptime
	read -r uptime _ </proc/uptime
	echo "[metaldesk $uptime] $*"
}

read_value() { # FILE: its first line in $value; empty when there is none
	value=
	[ -r "$1" ] && IFS= read -r value <"$1" 2>/dev/null
	return 0
}

argument() { # NAME: value of NAME=… on the kernel's command line, the last one if it is there twice
	local found='' word
	set -f
	for word in $(cat /proc/cmdline); do
		case $word in "$1="*) found=${word#*=} ;; esac
	done
	set +f
	printf '%s\n' "$found"
}

boot_mac() { # MAC of the card that was booted from, aa:bb:cc:dd:ee:ff; empty when not told
	# iPXE and pxelinux write 01-aa-bb-…, GRUB 01-aa:bb:…; 01 is the hardware type, Ethernet.
	argument BOOTIF | tr 'A-F-' 'a-f:' | sed -n 's/^01:\(\([0-9a-f]\{2\}:\)\{5\}[0-9a-f]\{2\}\)$/\1/p'
}

json_string() { # TEXT: as a JSON string with its quotes
	case $1 in
	*[!A-Za-z0-9\ ._:/+=,@\(\)#-]*)
		# Bytes that JSON or UTF-8 could stumble over become visible: control characters a blank, others a question mark.
		printf '"%s"' "$(printf '%s' "$1" | tr '\000-\037\177' ' ' | tr '\200-\377' '?' | sed 's/[\\"]/\\&/g')"
		;;
	*) printf '"%s"' "$1" ;;
	esac
}

json_number() { # TEXT [DEFAULT]: TEXT when it is a whole number, else DEFAULT or 0
	case $1 in
	'' | *[!0-9]*) printf '%s' "${2:-0}" ;;
	*) printf '%s' "$1" | sed 's/^0*\(.\)/\1/' ;;
	esac
}

progress() { # PERCENT TEXT…: a line that the controller shows as the step's progress
	local percent=$1
	shift
	echo "::progress $percent $*"
}

fail() { # TEXT…: says why on standard error and ends the script
	echo "$*" >&2
	exit 1
}

disks() { # names of all disks that can be written, one a line: no RAM disks, loops, CD drives, partitions
	local block name
	for block in /sys/block/*; do
		name=${block##*/}
		case $name in ram* | loop* | zram* | sr* | fd* | dm-* | md* | nbd*) continue ;; esac
		[ -e "$block/device" ] || continue
		read_value "$block/ro"
		[ "$value" = 1 ] && continue
		read_value "$block/size"
		[ "${value:-0}" -gt 0 ] && echo "$name"
	done
}

disk_bytes() { # NAME: size in bytes (the kernel counts 512-byte units whatever the sector size is)
	read_value "/sys/block/$1/size"
	echo $((${value:-0} * 512))
}

disk_serial() { # NAME: serial number; empty when it has none
	# virtio disks show it themselves, NVMe and SCSI on their device; lsblk knows none of them without udev.
	local file
	for file in "/sys/block/$1/serial" "/sys/block/$1/device/serial"; do
		read_value "$file"
		[ -n "$value" ] && break
	done
	if [ -z "$value" ] && [ -r "/sys/block/$1/device/vpd_pg80" ]; then
		# SCSI page 80h: four bytes of header, then the number.
		value=$(tail -c +5 "/sys/block/$1/device/vpd_pg80" | tr -d '\000')
	fi
	printf '%s\n' "$value" | sed 's/^ *//; s/ *$//'
}
