#!/bin/sh
# On UEFI: an entry for the disk's own loader, after the entries that are there, so that the network stays first and the
# controller keeps the say. A firmware that refuses is no failure: the controller can also chain to the disk's loader.
. /usr/lib/metaldesk/disk.sh
name=$(find_disk "$DISK") || exit 1
[ -d /sys/firmware/efi ] || {
	echo 'BIOS: nothing to do.'
	exit 0
}
number=
for part in $(partitions "$name" | awk '{ print $2 }'); do
	[ "$(filesystem "/dev/$part")" = vfat ] || [ "$(bytes_at "/dev/$part" 54 3)" = 464154 ] || continue
	read_value "/sys/block/$name/$part/partition" && number=$value
	break
done
[ -n "$number" ] || {
	echo "Warning: $name has no EFI system partition; the firmware can't start it by itself."
	exit 0
}
label='Metaldesk disk'
# A second deploy replaces the entry of the first.
/usr/bin/efibootmgr 2>/dev/null | sed -n "s/^Boot\([0-9A-F]\{4\}\)[* ] $label.*/\1/p" | while read -r entry; do
	/usr/bin/efibootmgr -q -b "$entry" -B
done
order=$(/usr/bin/efibootmgr 2>/dev/null | sed -n 's/^BootOrder: *//p')
if answer=$(/usr/bin/efibootmgr -C -d "/dev/$name" -p "$number" -L "$label" -l '\EFI\BOOT\BOOTX64.EFI' 2>&1); then
	entry=$(printf '%s\n' "$answer" | sed -n "s/^Boot\([0-9A-F]\{4\}\)[* ] $label.*/\1/p" | head -n 1)
	/usr/bin/efibootmgr -q -o "${order:+$order,}$entry" || echo 'Warning: the firmware does not take a new boot order.'
	/usr/bin/efibootmgr
else
	echo "Warning: the firmware does not take a boot entry: $answer"
fi
exit 0
