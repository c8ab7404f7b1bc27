#!/bin/sh
# --- Start MAAS 1.0 script metadata ---
# description: The disk's own verdict, by its SMART data.
# parameters: {storage: {type: storage}}
# --- End MAAS 1.0 script metadata ---
# Disks without SMART (virtual ones, many RAID volumes) are named and pass: their controller is the one that knows.
# Without --storage=/dev/NAME every disk is asked.
. /usr/lib/metaldesk/functions.sh
case $1 in --storage=/dev/*) names=${1#--storage=/dev/} ;; *) names=$(disks) ;; esac
failed=
for name in $names; do
	answer=$(/usr/sbin/smartctl --xall "/dev/$name" 2>&1)
	bits=$?
	# smartctl(8), EXIT STATUS: bit 0 command line, bit 1 device open, bit 2 SMART command; bit 3 disk failing,
	# bit 4 attribute below threshold now.
	if [ $((bits & 8)) -ne 0 ] || printf '%s\n' "$answer" | grep -q -E 'self-assessment test result: FAILED|SMART Health Status: FAIL'; then
		echo "$name: FAILING, by its own account:"
		printf '%s\n' "$answer"
		failed="$failed $name"
	elif printf '%s\n' "$answer" | grep -q -E 'test result: PASSED|SMART Health Status: OK'; then
		echo "$name: healthy"
	elif [ $((bits & 3)) -ne 0 ] || printf '%s\n' "$answer" | grep -q -i -E 'unavailable|lacks SMART|unknown USB|Unable to detect'; then
		echo "$name: has no SMART"
	else
		echo "$name: SMART gives no verdict"
		printf '%s\n' "$answer" | tail -n 5
	fi
done
[ -z "$failed" ] || fail "Failing disks:$failed"
