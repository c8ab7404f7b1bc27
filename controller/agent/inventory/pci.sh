# shellcheck shell=dash
# PCI and USB devices, and the names of vendors and products for cards and disks.

pci_list=$TMPDIR/lspci
/usr/bin/lspci -D -vmm -nn -k >"$pci_list" 2>/dev/null

pci_address() { # SYSFS-PATH: the PCI device that it lies below, empty when none
	local real address='' step
	real=$(readlink -f "$1")
	local IFS=/
	for step in $real; do
		case $step in [0-9a-f][0-9a-f][0-9a-f][0-9a-f]:[0-9a-f][0-9a-f]:[0-9a-f][0-9a-f].[0-7]) address=$step ;; esac
	done
	printf '%s\n' "$address"
}

usb_address() { # SYSFS-PATH: "bus:device" of the USB device that it lies below, empty when none
	local at
	at=$(readlink -f "$1")
	while [ "${at#/sys/devices/}" != "$at" ]; do
		if [ -r "$at/busnum" ] && [ -r "$at/devnum" ]; then
			read_value "$at/busnum" && printf '%s:' "$value"
			read_value "$at/devnum" && printf '%s\n' "$value"
			return
		fi
		at=${at%/*}
	done
}

pci_field() { # ADDRESS FIELD: from lspci, e.g. Vendor: "Intel Corporation [8086]"
	awk -v slot="$1" -v field="$2:" '
		$1 == "Slot:" { here = $2 == slot }
		here && $1 == field { sub(/^[^\t]*\t/, ""); print; exit }' "$pci_list"
}

# "Intel Corporation [8086]" to its name; lspci says "Vendor" and "Device" for what its list does not know.
without_id() { sed 's/ *\[[0-9a-f]*\]$//; /^\(Vendor\|Device\)$/d'; }

numa_node() { # SYSFS-DEVICE: -1 (no node known) counts as 0
	read_value "$1/numa_node"
	case $value in '' | -*) echo 0 ;; *) echo "$value" ;; esac
}

pci_json() {
	local device address comma='' driver
	printf '{"devices":['
	for device in /sys/bus/pci/devices/*; do
		[ -e "$device" ] || continue
		address=${device##*/}
		driver=$(readlink "$device/driver")
		printf '%s{"pci_address":"%s"' "$comma" "$address"
		read_value "$device/vendor" && printf ',"vendor_id":"%s"' "${value#0x}"
		read_value "$device/device" && printf ',"product_id":"%s"' "${value#0x}"
		printf ',"vendor":%s' "$(json_string "$(pci_field "$address" Vendor | without_id)")"
		printf ',"product":%s' "$(json_string "$(pci_field "$address" Device | without_id)")"
		printf ',"driver":%s,"numa_node":%s}' "$(json_string "${driver##*/}")" "$(numa_node "$device")"
		comma=,
	done
	printf '],"total":%s}' "$(ls /sys/bus/pci/devices 2>/dev/null | wc -l)"
}

usb_json() {
	local device comma='' count=0
	printf '{"devices":['
	for device in /sys/bus/usb/devices/*; do
		[ -r "$device/idVendor" ] || continue
		printf '%s{' "$comma"
		read_value "$device/busnum" && printf '"bus_address":%s' "$(json_number "$value")"
		read_value "$device/devnum" && printf ',"device_address":%s' "$(json_number "$value")"
		read_value "$device/idVendor" && printf ',"vendor_id":%s' "$(json_string "$value")"
		read_value "$device/idProduct" && printf ',"product_id":%s' "$(json_string "$value")"
		read_value "$device/manufacturer" && printf ',"vendor":%s' "$(json_string "$value")"
		read_value "$device/product" && printf ',"product":%s}' "$(json_string "$value")"
		comma=, count=$((count + 1))
	done
	printf '],"total":%s}' "$count"
}
