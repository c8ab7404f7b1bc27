# shellcheck shell=dash
# Disks as LXD's resources API shows them. No udev runs here, so serial numbers come from /sys.

disk_type() { # NAME
	local real
	real=$(readlink -f "/sys/block/$1/device")
	case $real in
	*/nvme/*) echo nvme ;;
	*/usb*) echo usb ;;
	*/virtio*) echo virtio ;;
	*/ata[0-9]*) echo sata ;;
	*) echo scsi ;;
	esac
}

# The name that udev gives the disk in /dev/disk/by-id on the installed machine; empty when it can't be known from here.
disk_id() { # NAME TYPE MODEL SERIAL
	[ -n "$4" ] || return
	case $2 in
	virtio) printf 'virtio-%s\n' "$4" ;;
	nvme) printf 'nvme-%s_%s\n' "$3" "$4" | tr -s ' /' '_' ;;
	sata) printf 'ata-%s_%s\n' "$3" "$4" | tr -s ' /' '_' ;;
	esac
}

# A disk that turns and doesn't say how fast counts as 1, as LXD has it.
disk_rpm() { # NAME TYPE
	local rpm
	read_value "/sys/block/$1/queue/rotational"
	[ "$value" = 1 ] || { echo 0 && return; }
	rpm=$([ "$2" = virtio ] || /usr/sbin/smartctl -i "/dev/$1" 2>/dev/null | sed -n 's/^Rotation Rate: *\([0-9]*\) rpm.*/\1/p')
	echo "${rpm:-1}"
}

partitions_json() { # NAME
	local part comma=''
	for part in "/sys/block/$1/$1"*; do
		[ -r "$part/partition" ] || continue
		printf '%s{"id":%s' "$comma" "$(json_string "${part##*/}")"
		read_value "$part/partition" && printf ',"partition":%s' "$(json_number "$value")"
		read_value "$part/size" && printf ',"size":%s' $((${value:-0} * 512))
		read_value "$part/ro" && printf ',"read_only":%s}' "$([ "$value" = 1 ] && echo true || echo false)"
		comma=,
	done
}

disk_json() { # NAME
	local path=/sys/block/$1 type model serial file
	type=$(disk_type "$1")
	read_value "$path/device/model" && model=$(printf '%s' "$value" | sed 's/ *$//')
	serial=$(disk_serial "$1")
	printf '{"id":%s,"device_path":%s,"type":"%s"' "$(json_string "$1")" "$(json_string "/dev/$1")" "$type"
	read_value "$path/dev" && printf ',"device":%s' "$(json_string "$value")"
	printf ',"device_id":%s,"model":%s,"serial":%s' "$(json_string "$(disk_id "$1" "$type" "$model" "$serial")")" \
		"$(json_string "$model")" "$(json_string "$serial")"
	printf ',"size":%s' "$(disk_bytes "$1")"
	# The logical sector size: what addresses on the disk count in.
	read_value "$path/queue/logical_block_size" && printf ',"block_size":%s' "$(json_number "$value" 512)"
	printf ',"rpm":%s' "$(disk_rpm "$1" "$type")"
	read_value "$path/removable" && printf ',"removable":%s' "$([ "$value" = 1 ] && echo true || echo false)"
	printf ',"read_only":false'
	for file in firmware_rev rev; do
		read_value "$path/device/$file"
		[ -n "$value" ] && break
	done
	printf ',"firmware_version":%s' "$(json_string "${value%% *}")"
	printf ',"wwn":' && read_value "$path/wwid" && printf '%s' "$(json_string "$value")"
	printf ',"numa_node":%s,"pci_address":%s' "$(numa_node "$path/device")" "$(json_string "$(pci_address "$path/device")")"
	printf ',"usb_address":%s,"partitions":[' "$(json_string "$(usb_address "$path/device")")"
	partitions_json "$1"
	printf ']}'
}

storage_json() {
	local name comma='' count=0
	printf '{"disks":['
	for name in $(disks); do
		printf '%s' "$comma"
		disk_json "$name"
		comma=, count=$((count + 1))
	done
	printf '],"total":%s}' "$count"
}
