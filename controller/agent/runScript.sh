# shellcheck shell=dash
# One script of the job: fetch, run with its time limit and its own room, stream, deliver.

KEEP=4194304 # bytes of each output that are kept

memory=$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo) # KiB

# capture FILE: standard input to FILE, as it comes; what is beyond the limit is read and dropped, so that the script
# does not hang on a full pipe. The limit is the kernel's (in units of 512 bytes): head would hold back what it has until
# a buffer is full, dd counts short reads as whole ones.
capture() {
	(
		ulimit -f $((KEEP / 512))
		exec cat >"$1"
	) 2>/dev/null
	cat >/dev/null
}

# run_script ID SECONDS NAME: 0 when the script ended with 0.
run_script() {
	id=$1 limit=$2 name=$3
	case $id in *[!A-Za-z0-9_-]* | '')
		say "the job names a script with the id '$id', which can't be one"
		return 1
		;;
	esac
	case $limit in *[!0-9]* | '') limit=0 ;; esac
	home=/run/script room=$home/room output=$home/output
	make_room
	if ! ask GET "script/$id"; then
		say "script $name can't be had ($status)"
		discard_room
		return 1
	fi
	cp "$answer" "$home/program"
	chmod 700 "$home/program"
	say "script $name"
	ask POST "start/$id"
	execute
	deliver
	discard_room
	return "$code"
}

# Each script has a tmpfs to work in and another one for what it prints: one that fills its room can still be reported.
make_room() {
	mkdir -p "$room" "$output"
	mount -t tmpfs -o "size=$((memory / 5))k" room "$room"
	mount -t tmpfs -o size=16m output "$output"
	: >"$output/combined"
	mkfifo "$home/both" "$home/out" "$home/err"
	# A group of processes that can be ended as one, whatever they forked or detached, and that can't take all memory.
	group=/run/cgroup/script
	mkdir -p "$group"
	echo $((memory * 1024 / 5 * 3)) >"$group/memory.max" 2>/dev/null
}

discard_room() {
	umount -l "$room" "$output"
	rmdir "$group"
	rm -rf "$home"
}

# shellcheck disable=SC2030,SC2031
start_program() {
	(
		echo 0 >"$group/cgroup.procs"
		echo 500 >/proc/self/oom_score_adj
		cd "$room" || exit 125
		export OUTPUT_COMBINED_PATH="$output/combined" OUTPUT_STDOUT_PATH="$output/stdout" OUTPUT_STDERR_PATH="$output/stderr"
		export RESULT_PATH="$output/result" DOWNLOAD_PATH="$room" RUNTIME="$limit" HAS_STARTED=False
		export BMC_CONFIG_PATH="$output/bmc_config" MAAS_BASE_URL="${url%/metadata/*}" TMPDIR="$room"
		export MAAS_RESOURCES_FILE=/tmp/machine-resources.json MAAS_MACHINE_EXTRA_FILE=/tmp/machine-extra.json
		export MAAS_STORAGE_CONFIG_FILE=/tmp/storage-config.json METALDESK_SCRIPT="$name"
		exec setsid "$home/program" </dev/null >"$home/out" 2>"$home/err"
	) &
	program=$!
}

# Sets $code, $seconds and $timedout.
execute() {
	local began now tick combined stdout stderr
	capture "$output/combined" <"$home/both" &
	combined=$!
	tee "$home/both" <"$home/out" | capture "$output/stdout" &
	stdout=$!
	tee "$home/both" <"$home/err" | capture "$output/stderr" &
	stderr=$!
	read -r began _ </proc/uptime
	start_program
	timedout=0 sent=0 tick=0
	while kill -0 "$program" 2>/dev/null; do
		read -r now _ </proc/uptime
		# /proc/uptime has two decimals: without the point these are hundredths of a second.
		if [ "$limit" -gt 0 ] && [ $((${now%.*}${now#*.} - ${began%.*}${began#*.})) -ge $((limit * 100)) ]; then
			timedout=1
			echo 1 >"$group/cgroup.kill"
			break
		fi
		# Look often at first, so that many short scripts cost no time, but send about once a second.
		tick=$((tick + 1))
		[ $((tick % 5)) = 0 ] && [ "$tick" -gt 10 ] && send_output
		if [ "$tick" -lt 10 ]; then sleep 0.05; else sleep 0.2; fi
	done
	wait "$program"
	code=$?
	[ "$timedout" = 1 ] && code=124
	read -r now _ </proc/uptime
	seconds=$(awk -v from="$began" -v to="$now" 'BEGIN { printf "%.2f", to - from }')
	# What the script left running would keep the pipes open.
	echo 1 >"$group/cgroup.kill"
	wait "$combined" "$stdout" "$stderr"
	if [ "$(stat -c %s "$output/combined")" -ge "$KEEP" ]; then
		printf '\n[the output was cut: 4 MiB are kept]\n' >>"$output/combined"
	fi
}

# What is there and not sent yet, at most 256 KiB a call so that a flood doesn't delay the time limit.
send_output() {
	local size length
	size=$(stat -c %s "$output/combined")
	[ "$size" -gt "$sent" ] || return 1
	tail -c "+$((sent + 1))" "$output/combined" | head -c 262144 >/run/chunk
	length=$(stat -c %s /run/chunk)
	# A controller that accepts and stays silent must not delay the script's time limit for long.
	patience=10 request POST "output/$id?offset=$sent" /run/chunk
	case $status in
	2??) sent=$((sent + length)) ;;
	4??) sent=$size ;; # the controller does not want it; it gets the result all the same
	*) return 1 ;;
	esac
}

deliver() {
	local ask_again stream result
	ask_again=20
	while [ "$(stat -c %s "$output/combined")" -gt "$sent" ] && [ "$ask_again" -gt 0 ]; do
		send_output || { ask_again=$((ask_again - 1)) && sleep 1; }
	done
	for stream in stdout stderr; do
		[ -s "$output/$stream" ] && ask POST "$stream/$id" "$output/$stream"
	done
	result=$output/result
	# The BMC script writes what it set up into a file of its own; it is that script's result.
	[ -s "$output/bmc_config" ] && result=$output/bmc_config
	[ -e "$result" ] || : >"$result"
	ask POST "result/$id?exit=$code&seconds=$seconds&timedout=$timedout" "$result"
	say "script $name ended with $code after $seconds s"
}
