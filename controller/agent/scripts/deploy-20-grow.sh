#!/bin/sh
# The partition table gets the disk's real size, the last partition the room that is left, its file system too.
. /usr/lib/metaldesk/disk.sh
name=$(find_disk "$DISK") || exit 1
device=/dev/$name
read_value "/sys/block/$name/queue/logical_block_size" && sector=$value
gpt=$([ "$(bytes_at "$device" "$sector" 8)" = 4546492050415254 ] && echo yes)
if [ -z "$gpt" ] && [ "$(bytes_at "$device" 512 8)" = 4546492050415254 ]; then
	fail "The image was made for sectors of 512 bytes; $name has sectors of $sector bytes and can't be read with it."
fi
if [ -n "$gpt" ]; then
	# The backup table belongs at the real end of the disk.
	answer=$(/usr/sbin/sgdisk -e "$device" 2>&1) || fail "The partition table can't be moved to the end of $name: $answer"
fi
reread_partitions "$name"
last=$(partitions "$name" | tail -n 1)
[ -n "$last" ] || fail "The image has no partitions that the kernel understands."
number=${last##* } part=${last#* } part=${part% *}
kind=$(filesystem "/dev/$part")
case $kind in
ext4) ;;
xfs | btrfs)
	echo "Partition $number holds $kind: cloud-init grows it at its first start."
	exit 0
	;;
*)
	echo "Partition $number, the last one, holds ${kind:-no known file system}: left as it is."
	exit 0
	;;
esac
answer=$(echo ', +' | /usr/sbin/sfdisk -q -N "$number" --no-reread --force "$device" 2>&1) || fail "Partition $number can't be grown: $answer"
reread_partitions "$name"
progress 50 "partition $number grown"
answer=$(/usr/sbin/e2fsck -fy "/dev/$part" 2>&1)
# 1 and 2: errors were found and mended.
[ $? -le 2 ] || fail "The file system on $part is damaged: $answer"
answer=$(/usr/sbin/resize2fs "/dev/$part" 2>&1) || fail "The file system on $part can't be grown: $answer"
read_value "/sys/block/$name/$part/size"
progress 100 "file system on $part has $((value * 512)) bytes"
