# shellcheck shell=dash
# The machine as a thing: vendor, board, firmware, chassis, from the kernel's copy of the SMBIOS tables.

# dmi_fields KEY=FILE…: JSON members without braces
dmi_fields() {
	local pair comma=''
	for pair in "$@"; do
		read_value "/sys/class/dmi/id/${pair#*=}"
		printf '%s"%s":%s' "$comma" "${pair%%=*}" "$(json_string "$(printf '%s' "$value" | sed 's/ *$//')")"
		comma=,
	done
}

chassis_type() { # SMBIOS 3.6, 7.4.1; the names that LXD prints for the kinds that a rack holds
	read_value /sys/class/dmi/id/chassis_type
	case $value in
	1) echo Other ;;
	3) echo Desktop ;;
	9) echo Laptop ;;
	10) echo Notebook ;;
	17) echo 'Main Server Chassis' ;;
	23) echo 'Rack Mount Chassis' ;;
	25) echo 'Multi-system Chassis' ;;
	28) echo Blade ;;
	29) echo 'Blade Enclosure' ;;
	*) echo "Type ${value:-unknown}" ;;
	esac
}

system_json() {
	local type=physical
	grep -q '^flags.* hypervisor' /proc/cpuinfo && type=virtual-machine
	printf '{%s,"type":"%s"' "$(dmi_fields uuid=product_uuid vendor=sys_vendor product=product_name family=product_family \
		version=product_version sku=product_sku serial=product_serial)" "$type"
	printf ',"motherboard":{%s}' "$(dmi_fields vendor=board_vendor product=board_name serial=board_serial version=board_version)"
	printf ',"firmware":{%s}' "$(dmi_fields vendor=bios_vendor date=bios_date version=bios_version)"
	printf ',"chassis":{%s,"type":%s}}' "$(dmi_fields vendor=chassis_vendor serial=chassis_serial version=chassis_version)" \
		"$(json_string "$(chassis_type)")"
}

environment_json() {
	printf '{"kernel":"Linux","kernel_architecture":%s,"kernel_version":%s' "$(json_string "$(uname -m)")" "$(json_string "$(uname -r)")"
	printf ',"os_name":"debian","os_version":"12","server":"metaldesk-agent","server_name":%s,"server_version":"1"}' "$(json_string "$(hostname)")"
}
