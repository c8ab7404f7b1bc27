# shellcheck shell=dash
# Network cards with their ports (LXD: resources.network) and addresses (LXD: networks).

network_names() { # names of ports with a device behind them
	local port
	for port in /sys/class/net/*; do [ -e "$port/device" ] && echo "${port##*/}"; done
}

port_json() { # NAME
	local up=false speed
	read_value "/sys/class/net/$1/carrier"
	[ "$value" = 1 ] && up=true
	# Without a link the kernel says -1, virtio says nothing.
	read_value "/sys/class/net/$1/speed"
	case $value in '' | -*) speed=0 ;; *) speed=$value ;; esac
	printf '{"id":%s' "$(json_string "$1")"
	read_value "/sys/class/net/$1/address" && printf ',"address":%s' "$(json_string "$value")"
	read_value "/sys/class/net/$1/dev_port" && printf ',"port":%s' "$(json_number "$value")"
	printf ',"protocol":"ethernet","supported_modes":['
	/usr/sbin/ethtool "$1" 2>/dev/null | awk '
		/Supported link modes:/ { on = 1; sub(/.*modes:/, "") }
		/Supported pause/ { on = 0 }
		on { for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+base[A-Za-z0-9\/]+$/) { printf "%s\"%s\"", comma, $i; comma = "," } }'
	printf '],"link_detected":%s,"link_speed":%s}' "$up" "$speed"
}

# Ports of one device are one card. `seen` keeps the devices that were shown.
network_json() {
	local seen=' ' name device address usb driver comma='' port comma2 count=0
	printf '{"cards":['
	for name in $(network_names); do
		device=$(readlink -f "/sys/class/net/$name/device")
		case $seen in *" $device "*) continue ;; esac
		seen="$seen$device "
		address=$(pci_address "/sys/class/net/$name/device")
		usb=$(usb_address "/sys/class/net/$name/device")
		driver=$(readlink "/sys/class/net/$name/device/driver")
		printf '%s{"driver":%s,"numa_node":%s' "$comma" "$(json_string "${driver##*/}")" "$(numa_node "/sys/class/net/$name/device")"
		printf ',"firmware_version":%s' "$(json_string "$(/usr/sbin/ethtool -i "$name" 2>/dev/null | sed -n 's/^firmware-version: *//p')")"
		printf ',"pci_address":%s,"usb_address":%s' "$(json_string "$address")" "$(json_string "$usb")"
		if [ -n "$address" ]; then
			read_value "/sys/bus/pci/devices/$address/vendor" && printf ',"vendor_id":%s' "$(json_string "${value#0x}")"
			read_value "/sys/bus/pci/devices/$address/device" && printf ',"product_id":%s' "$(json_string "${value#0x}")"
			printf ',"vendor":%s' "$(json_string "$(pci_field "$address" Vendor | without_id)")"
			printf ',"product":%s' "$(json_string "$(pci_field "$address" Device | without_id)")"
			read_value "/sys/bus/pci/devices/$address/sriov_totalvfs"
			[ -n "$value" ] && printf ',"sriov":{"maximum_vfs":%s,"current_vfs":0,"vfs":[]}' "$(json_number "$value")"
		fi
		printf ',"ports":['
		comma2=''
		for port in $(network_names); do
			[ "$(readlink -f "/sys/class/net/$port/device")" = "$device" ] || continue
			printf '%s' "$comma2"
			port_json "$port"
			comma2=, count=$((count + 1))
		done
		printf ']}'
		comma=,
	done
	printf '],"total":%s}' "$count"
}

addresses_json() {
	local name comma='' state
	printf '{'
	for name in lo $(network_names); do
		read_value "/sys/class/net/$name/operstate"
		case $value in down) state=down ;; *) state=up ;; esac
		printf '%s%s:{"type":"%s"' "$comma" "$(json_string "$name")" "$([ "$name" = lo ] && echo loopback || echo broadcast)"
		read_value "/sys/class/net/$name/address" && printf ',"hwaddr":%s' "$(json_string "$value")"
		printf ',"state":"%s","addresses":[' "$state"
		ip -o addr show dev "$name" 2>/dev/null | awk '
			$3 == "inet" || $3 == "inet6" {
				split($4, part, "/"); scope = "global"
				for (i = 5; i < NF; i++) if ($i == "scope") scope = $(i + 1)
				printf "%s{\"family\":\"%s\",\"address\":\"%s\",\"netmask\":\"%s\",\"scope\":\"%s\"}", comma, $3, part[1], part[2], scope
				comma = ","
			}'
		printf '],"bond":null,"bridge":null,"vlan":null}'
		comma=,
	done
	printf '}'
}
