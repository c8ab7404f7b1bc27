#!/bin/sh
# Compares the memory that the firmware says is plugged in with what the kernel can use: a module that is plugged in and
# not used (badly seated, mapped out after errors) shows here. One eighth and 512 MiB are left to firmware and graphics.
. /usr/lib/metaldesk/functions.sh
. /usr/lib/metaldesk/inventory/cpu.sh
usable=$(memory_total)
# "Size: 16 GB" or "Size: 512 MB"; an empty slot says "No Module Installed".
plugged=$(/usr/sbin/dmidecode -t 17 2>/dev/null | awk '
	$1 == "Size:" && $3 == "kB" { sum += $2 * 1024 }
	$1 == "Size:" && $3 == "MB" { sum += $2 * 1048576 }
	$1 == "Size:" && $3 == "GB" { sum += $2 * 1073741824 }
	$1 == "Size:" && $3 == "TB" { sum += $2 * 1099511627776 }
	END { printf "%.0f", sum }')
echo "usable: $usable bytes"
if [ "$plugged" = 0 ]; then
	echo 'The firmware does not say how much memory is plugged in.'
	exit 0
fi
echo "plugged in: $plugged bytes"
[ "$((usable + plugged / 8 + 536870912))" -ge "$plugged" ] ||
	fail "Only $usable of $plugged bytes of memory can be used: a memory module is likely to be badly seated or mapped out."
