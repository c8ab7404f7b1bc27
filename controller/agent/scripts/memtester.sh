#!/bin/sh
# --- Start MAAS 1.0 script metadata ---
# description: Writes patterns to half of the memory, and reads them back.
# --- End MAAS 1.0 script metadata ---
# A script may have three fifths of the memory (runScript.sh), and memtester locks what it tests.
. /usr/lib/metaldesk/functions.sh
[ -x /usr/sbin/memtester ] || fail 'The boot assets are older than this test: build them again.'
half=$(awk '$1 == "MemTotal:" { total = $2 } $1 == "MemAvailable:" { free = $2 } END { half = total * 0.55; print int(half < free * 0.9 ? half : free * 0.9) }' /proc/meminfo)
# It draws its progress with backspaces.
/usr/sbin/memtester "${half}K" 1 >said 2>&1
code=$?
tr '\b' '\n' <said | grep -v -E '^(setting|testing)? *[0-9]*$|^[-\\|/]$' | head -n 200
# memtester(8): 1 trouble with memory or the command line, 2 stuck address, 4 another test
[ "$code" = 0 ] || fail "memtester ended with $code."
