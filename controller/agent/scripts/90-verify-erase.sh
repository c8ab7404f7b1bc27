#!/bin/sh
# Reads back what the erase must have zeroed, from the disks and not from memory: the first and last 2 MiB of each; after
# a full erase also SAMPLES (64) pieces of 64 KiB at random places.
. /usr/lib/metaldesk/disk.sh
edge=2097152 piece=65536
/usr/bin/dd if=/dev/zero of="$TMPDIR/zeros" bs=1M count=2 status=none
sync
echo 3 >/proc/sys/vm/drop_caches

check() { # NAME OFFSET LENGTH: prints where the first other byte is
	/usr/bin/dd if="/dev/$1" of="$TMPDIR/read" bs=64k skip="$2" count="$3" iflag=skip_bytes,count_bytes,direct status=none ||
		fail "$1: can't be read at offset $2"
	[ "$(stat -c %s "$TMPDIR/read")" = "$3" ] || fail "$1: reading at offset $2 gave $(stat -c %s "$TMPDIR/read") bytes instead of $3"
	/usr/bin/dd if="$TMPDIR/zeros" bs=64k count="$3" iflag=count_bytes status=none | cmp -s - "$TMPDIR/read" && return
	first=$(/usr/bin/dd if="$TMPDIR/zeros" bs=64k count="$3" iflag=count_bytes status=none | cmp - "$TMPDIR/read" | sed 's/.* \(char\|byte\) \([0-9]*\).*/\2/')
	fail "$1: NOT ERASED: there is data at offset $(($2 + ${first:-1} - 1))"
}

for name in $(disks); do
	size=$(disk_bytes "$name")
	ends=$((size < edge ? size : edge))
	check "$name" 0 "$ends"
	check "$name" $((size - ends)) "$ends"
	count=0
	if [ "$ERASE_MODE" = full ]; then
		while [ "$count" -lt "${SAMPLES:-64}" ] && [ "$size" -ge "$piece" ]; do
			random=$(od -An -N 6 -t u8 /dev/urandom | tr -d ' ')
			check "$name" $((random % (size / piece) * piece)) $piece
			count=$((count + 1))
		done
	fi
	echo "$name: zero in the first and last $ends bytes and in $count random pieces of $piece bytes, of $size bytes in all"
done
echo 'All samples are zero.'
