#!/bin/sh
# --- Start MAAS 1.0 script metadata ---
# parameters: {storage: {type: storage}}
# results:
#   badblocks: {title: Bad blocks, description: Blocks that don't keep what is written to them}
#   read_errors: {title: Read errors}
#   write_errors: {title: Write errors}
#   comparison_errors: {title: Comparison errors}
# --- End MAAS 1.0 script metadata ---
# badblocks writes back what it has read; badblocks-destructive writes patterns over everything.
. /usr/lib/metaldesk/functions.sh
badblocks=/usr/sbin/badblocks
[ -x "$badblocks" ] || badblocks=/sbin/badblocks
[ -x "$badblocks" ] || fail 'The boot assets are older than this test: build them again.'
case $1 in --storage=/dev/*) name=${1#--storage=/dev/} ;; *) fail "Which disk? --storage=/dev/NAME is missing." ;; esac
case $METALDESK_SCRIPT in *-destructive) mode=-w ;; *) mode=-n ;; esac
# It counts blocks in 32 bits.
block=4096
while [ $(($(disk_bytes "$name") / block)) -ge 4294967295 ]; do block=$((block * 2)); done
"$badblocks" -b "$block" -c 256 "$mode" -v "/dev/$name" >bad 2>said
code=$?
cat said
head -n 100 bad
# Pass completed, 3 bad blocks found. (1/0/2 errors)
counts=$(sed -n 's|.*Pass completed, \([0-9]*\) bad blocks found. (\([0-9]*\)/\([0-9]*\)/\([0-9]*\) errors).*|\1 \2 \3 \4|p' said | tail -n 1)
[ -n "$counts" ] || fail "$name: badblocks ended with $code and no result."
# shellcheck disable=SC2086
set -- $counts
cat >"$RESULT_PATH" <<END
results:
  badblocks: $1
  read_errors: $2
  write_errors: $3
  comparison_errors: $4
END
[ "$1" = 0 ] || fail "$name has $1 bad blocks."
