#!/bin/sh
# --- Start MAAS 1.0 script metadata ---
# description: Pings the gateway that DHCP has named.
# --- End MAAS 1.0 script metadata ---
. /usr/lib/metaldesk/functions.sh
gateway=$(ip route show default | awk '$2 == "via" { print $3; exit }')
[ -n "$gateway" ] || fail 'DHCP has named no gateway.'
ping -c 5 -W 2 "$gateway" || fail "The gateway $gateway does not answer."
