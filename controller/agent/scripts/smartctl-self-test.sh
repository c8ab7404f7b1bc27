#!/bin/sh
# --- Start MAAS 1.0 script metadata ---
# parameters: {storage: {type: storage}}
# --- End MAAS 1.0 script metadata ---
# Lets a disk test itself (smartctl-short, smartctl-long, smartctl-conveyance, by the name that it runs under), waits
# for the end, and reads the newest entry of the disk's own log. A disk that can't do the test is named and passes.
. /usr/lib/metaldesk/functions.sh
kind=${METALDESK_SCRIPT#smartctl-}
case $1 in --storage=/dev/*) name=${1#--storage=/dev/} ;; *) fail "Which disk? --storage=/dev/NAME is missing." ;; esac

log() { /usr/sbin/smartctl -l selftest "/dev/$name" 2>&1; }
# NVMe says "No self-test in progress" when there is none.
running() { { /usr/sbin/smartctl -c "/dev/$name" && log; } 2>&1 | grep -v 'No self-test' | grep -i -E 'in progress|of test remaining'; }
# The newest entry is the first: "# 1 …" on ATA and SCSI, " 0 …" on NVMe.
newest() { log | grep -E '^(# ?1|  ?0) ' | head -n 1; }

if running >/dev/null; then fail "$name is testing itself already."; fi
before=$(log)
answer=$(/usr/sbin/smartctl -t "$kind" "/dev/$name" 2>&1)
# bits 0 to 2: the command line, the device, the command (smartctl(8))
if [ $(($? & 7)) -ne 0 ]; then
	echo "$name: can't do a $kind self-test:"
	printf '%s\n' "$answer" | tail -n 5
	exit 0
fi
printf '%s\n' "$answer"
sleep 5
while state=$(running); do
	printf '%s\n' "$state"
	sleep 15
done
log
case $(newest) in
*'Completed without error'* | *' Completed  '*) echo "$name: passed" ;;
'') fail "$name: its log has no self-test." ;;
*) fail "$name: $(newest)" ;;
esac
[ "$(log)" != "$before" ] || fail "$name: the test left no trace in its log."
