#!/bin/sh
# What switches have said of themselves since the start (init.sh listens). It does not wait for the next round: a switch
# that sends every 30 s may not have spoken yet, and a later commissioning hears it.
heard=
for file in /run/lldp.*; do
	[ -s "$file" ] || continue
	heard=1
	echo "== ${file#/run/lldp.}"
	cat "$file"
done
[ -n "$heard" ] || echo 'No switch was heard.'
exit 0
