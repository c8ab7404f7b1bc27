#!/bin/sh
# Called by udhcpc with the lease in its environment.
# shellcheck disable=SC2154
case $1 in
deconfig)
	ip addr flush dev "$interface"
	ip link set "$interface" up
	;;
bound | renew)
	ip addr replace "$ip/${mask:-24}" dev "$interface"
	[ -n "$router" ] && ip route replace default via "${router%% *}" dev "$interface"
	if [ -n "$dns" ]; then
		for server in $dns; do echo "nameserver $server"; done >/etc/resolv.conf
	fi
	[ -n "$hostname" ] && hostname "$hostname"
	;;
esac
exit 0
