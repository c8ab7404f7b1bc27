#!/bin/sh
# Erases every disk. ERASE_MODE=quick: signatures of file systems, then the first and last 2 MiB; full: every byte.
. /usr/lib/metaldesk/disk.sh
edge=2097152

zero() { # NAME OFFSET LENGTH (both in whole sectors): by the disk itself where it can, else by writing
	zeroes_quickly "$1" && /usr/sbin/blkdiscard -f -z -o "$2" -l "$3" "/dev/$1" 2>/dev/null && return
	/usr/bin/dd if=/dev/zero of="/dev/$1" bs=1M seek="$2" count="$3" oflag=seek_bytes iflag=count_bytes conv=fsync,notrunc status=none
}

quick() { # NAME SIZE
	partitions "$1" | while read -r _ part _; do /usr/sbin/wipefs -q -a -f "/dev/$part"; done
	/usr/sbin/wipefs -q -a -f "/dev/$1" || return
	if [ "$2" -le $((edge * 2)) ]; then
		zero "$1" 0 "$2"
	else
		zero "$1" 0 $edge && zero "$1" $(($2 - edge)) $edge
	fi
}

full() { # NAME SIZE
	local at=0 step=1073741824
	while [ "$at" -lt "$2" ]; do
		[ $((at + step)) -le "$2" ] || step=$(($2 - at))
		zero "$1" "$at" "$step" || return
		at=$((at + step))
		progress $((at * 100 / $2)) "$1: $at of $2 bytes erased"
	done
}

case $ERASE_MODE in quick | full) ;; *) fail "ERASE_MODE is '$ERASE_MODE'; quick and full are known." ;; esac
failed=
[ -n "$(disks)" ] || echo 'The machine has no disks.'
for name in $(disks); do
	echo "$name: $ERASE_MODE erase of $(disk_bytes "$name") bytes, serial $(disk_serial "$name")"
	if "$ERASE_MODE" "$name" "$(disk_bytes "$name")"; then
		blockdev --rereadpt "/dev/$name" 2>/dev/null
	else
		echo "$name: could not be erased" >&2
		failed="$failed $name"
	fi
done
sync
[ -z "$failed" ] || fail "Not erased:$failed"
