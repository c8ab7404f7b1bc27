#!/bin/sh
for card in /sys/class/net/*; do
	[ -e "$card/device" ] || continue
	name=${card##*/}
	echo "== $name"
	/usr/sbin/ethtool -i "$name"
	/usr/sbin/ethtool "$name"
	# Optics and their light levels; copper ports and virtual cards have none.
	/usr/sbin/ethtool -m "$name" 2>/dev/null
done
exit 0
