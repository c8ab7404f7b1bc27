#!/bin/sh
# The agent: reports the machine, runs the scripts that the controller names, streams what they print, ends as told.
# Protocol: POST report, then for each script GET script/ID, POST start/ID, output/ID…, stdout/ID, result/ID; POST done.
. /usr/lib/metaldesk/functions.sh
. /usr/lib/metaldesk/http.sh
. /usr/lib/metaldesk/runScript.sh
answer=/run/answer
url=$(argument metaldesk.url)
token=$(argument metaldesk.token)

firmware_facts() { # sets $firmware and $secure_boot
	firmware=bios secure_boot=false
	[ -d /sys/firmware/efi ] || return
	firmware=uefi
	local variable
	# An EFI variable is four bytes of attributes and its value, here one byte. It is read as a stream, because efivarfs
	# does not seek.
	for variable in /sys/firmware/efi/efivars/SecureBoot-*; do
		[ -r "$variable" ] && [ "$(cat "$variable" | od -An -v -tu1 | tr -s ' ' | cut -d ' ' -f 6)" = 1 ] && secure_boot=true
	done
}

report_json() {
	local architecture comma card key file memory uptime
	firmware_facts
	case $(uname -m) in x86_64) architecture=amd64 ;; aarch64) architecture=arm64 ;; *) architecture=$(uname -m) ;; esac
	printf '{"architecture":%s,"macs":[' "$(json_string "$architecture")"
	comma=
	for card in /sys/class/net/*; do
		[ -e "$card/device" ] || continue
		read_value "$card/address"
		printf '%s%s' "$comma" "$(json_string "$value")"
		comma=,
	done
	printf '],"boot_mac":%s' "$(json_string "$(boot_mac)")"
	while read -r key file; do
		read_value "/sys/class/dmi/id/$file"
		printf ',"%s":%s' "$key" "$(json_string "$value")"
	done <<-END
		uuid product_uuid
		serial product_serial
		vendor sys_vendor
		product product_name
	END
	memory=$(awk '$1 == "MemTotal:" { printf "%.0f", $2 * 1024 }' /proc/meminfo)
	read -r uptime _ </proc/uptime
	printf ',"firmware":"%s","secure_boot":%s,"memory":%s,"kernel_seconds":%s}\n' "$firmware" "$secure_boot" "$memory" "$uptime"
}

refused() { # what the controller said no to
	say "the controller refused ($status): $(head -c 300 "$answer" | tr -d '\000-\010\013-\037')"
	sleep 30
	poweroff -f
}

heartbeat() {
	answer=/run/alive.answer
	while sleep 20; do request POST alive; done
}

# Runs one manifest; the controller's closing word is in $answer. A deploy or an erase stops at its first failure: the
# later steps would work on a disk that is not what they expect.
run_manifest() { # FILE
	local kind='' failed='' word first second rest
	while read -r word first second rest; do
		case $word in
		job) kind=$second ;;
		end) ending=$first ;;
		script)
			if [ -n "$failed" ]; then
				case $kind in deploy | erase | release)
					say "skipped $rest: an earlier step failed"
					continue
					;;
				esac
			fi
			run_script "$first" "$second" "$rest" || failed=1
			;;
		esac
	done <"$1"
}

finish() {
	say "$ending"
	case $ending in
	reboot)
		sync
		reboot -f
		;;
	stay)
		while :; do
			setsid cttyhack sh -l
			sleep 1
		done
		;;
	*)
		sync
		poweroff -f
		;;
	esac
}

case $url in http://?*/?*) ;; *)
	say "metaldesk.url is missing on the kernel command line"
	exit 1
	;;
esac
ending=poweroff
report_json >/run/report.json
content_type=application/json ask POST report /run/report.json
case $? in 1) refused ;; 2) exit 1 ;; esac
heartbeat &
alive=$!
while :; do
	cp "$answer" /run/manifest
	say "$(head -n 1 /run/manifest)"
	run_manifest /run/manifest
	ask POST "done"
	case $? in 1) refused ;; 2) exit 1 ;; esac
	read -r word first _ <"$answer"
	[ "$word" = job ] && continue
	[ "$word" = end ] && ending=$first
	break
done
[ "$ending" = stay ] || kill "$alive"
finish
