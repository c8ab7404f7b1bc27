#!/bin/sh
# The card that the machine booted from must have its link, and not at a speed below what both sides can do.
. /usr/lib/metaldesk/functions.sh
wanted=$(boot_mac)
[ -n "$wanted" ] || {
	echo 'The boot loader did not say which card it used.'
	exit 0
}
for card in /sys/class/net/*; do
	read_value "$card/address"
	[ "$value" = "$wanted" ] && name=${card##*/}
done
[ -n "$name" ] || fail "The card $wanted, from which the machine booted, is not there: its driver is missing."
read_value "/sys/class/net/$name/carrier"
[ "$value" = 1 ] || fail "$name ($wanted) has no link."
read_value "/sys/class/net/$name/speed"
case $value in
'' | -*) echo "$name ($wanted): link up, speed not known" ;;
*)
	echo "$name ($wanted): link up, $value Mb/s"
	/usr/sbin/ethtool "$name" 2>/dev/null | awk -v speed="$value" -v name="$name" '
		function most(from) { while (match(from, /[0-9]+base/)) { n = substr(from, RSTART, RLENGTH - 4) + 0; if (n > best) best = n; from = substr(from, RSTART + RLENGTH) } }
		/Supported link modes:/ { mine = 1; theirs = 0 }
		/Supported pause|Advertised/ { mine = 0 }
		/Link partner advertised link modes:/ { theirs = 1 }
		/Link partner advertised pause/ { theirs = 0 }
		mine { best = 0; most($0); if (best > own) own = best }
		theirs { best = 0; most($0); if (best > partner) partner = best }
		END { can = own < partner ? own : partner; if (partner && can > speed) print name ": runs at " speed " Mb/s although both sides can do " can " Mb/s: look at the cable" }'
	;;
esac
exit 0
