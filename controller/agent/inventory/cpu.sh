# shellcheck shell=dash
# Processors and memory as LXD's resources API shows them.

# One line a thread: socket, core, thread number, NUMA node, MHz now, MHz at most.
cpu_threads() {
	local cpu number socket core node mhz turbo
	for cpu in /sys/devices/system/cpu/cpu[0-9]*; do
		number=${cpu##*/cpu}
		read_value "$cpu/topology/physical_package_id" && socket=${value:-0}
		read_value "$cpu/topology/core_id" && core=${value:-0}
		node=0
		for link in "$cpu"/node[0-9]*; do [ -e "$link" ] && node=${link##*/node}; done
		read_value "$cpu/cpufreq/base_frequency" && mhz=$((${value:-0} / 1000))
		read_value "$cpu/cpufreq/cpuinfo_max_freq" && turbo=$((${value:-0} / 1000))
		echo "$socket $core $number $node $mhz $turbo"
	done | sort -n -k 1,1 -k 2,2 -k 3,3
}

cpu_json() {
	# Some virtual processors show no frequency in /sys; /proc has the one that was measured at boot.
	MHZ=$(sed -n 's/^cpu MHz[^:]*: *\([0-9]*\).*/\1/p' /proc/cpuinfo | head -n 1)
	NAME=$(json_string "$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1)")
	VENDOR=$(json_string "$(sed -n 's/^vendor_id[^:]*: *//p' /proc/cpuinfo | head -n 1)")
	export MHZ NAME VENDOR
	cpu_threads | awk '
		function close_core() { if (core != "") printf "]}" }
		{
			mhz = $5 > 0 ? $5 : int(ENVIRON["MHZ"]); turbo = $6 > 0 ? $6 : mhz
			if ($1 != socket || NR == 1) {
				if (NR > 1) { close_core(); printf "]}," }
				printf "{\"socket\":%d,\"name\":%s,\"vendor\":%s,\"frequency\":%d,\"frequency_turbo\":%d,\"cores\":[",
					$1, ENVIRON["NAME"], ENVIRON["VENDOR"], mhz, turbo
				socket = $1; core = ""
			}
			if ($2 != core || core == "") {
				if (core != "") { close_core(); printf "," }
				printf "{\"core\":%d,\"frequency\":%d,\"threads\":[", $2, mhz
				core = $2; thread = 0
			} else printf ","
			printf "{\"id\":%d,\"thread\":%d,\"numa_node\":%d,\"online\":true}", $3, thread++, $4
		}
		BEGIN { printf "{\"architecture\":\"x86_64\",\"sockets\":[" }
		END { if (NR > 0) { close_core(); printf "]}" } printf "],\"total\":%d}", NR }'
}

# Memory as it is plugged in, with what the kernel keeps for itself: MAAS shows 512 MiB for a machine of 512 MiB.
memory_total() {
	local blocks
	read_value /sys/devices/system/memory/block_size_bytes
	blocks=$(cat /sys/devices/system/memory/memory*/online 2>/dev/null | grep -c 1)
	if [ -n "$value" ] && [ "$blocks" -gt 0 ]; then
		echo $((0x$value * blocks))
	else
		awk '$1 == "MemTotal:" { printf "%.0f\n", $2 * 1024 }' /proc/meminfo
	fi
}

memory_json() {
	local total node comma=''
	total=$(memory_total)
	printf '{"total":%s,"hugepages_size":%s,"nodes":[' "$total" \
		"$(awk '$1 == "Hugepagesize:" { size = $2 } END { printf "%.0f", size * 1024 }' /proc/meminfo)"
	for node in /sys/devices/system/node/node[0-9]*; do
		[ -e "$node/meminfo" ] || continue
		awk -v comma="$comma" -v number="${node##*/node}" '
			$3 == "MemTotal:" { total = $4 * 1024 }
			$3 == "HugePages_Total:" { huge = $4 }
			END { printf "%s{\"numa_node\":%d,\"total\":%.0f,\"hugepages_total\":%.0f}", comma, number, total, huge }' "$node/meminfo"
		comma=,
	done
	printf ']}'
}
