#!/bin/sh
# --- Start MAAS 1.0 script metadata ---
# description: Pings the controller that the machine has booted from.
# --- End MAAS 1.0 script metadata ---
. /usr/lib/metaldesk/functions.sh
controller=${MAAS_BASE_URL#*://}
controller=${controller%%[:/]*}
[ -n "$controller" ] || fail 'The controller’s address is not known.'
ping -c 5 -W 2 "$controller" || fail "The controller $controller does not answer."
