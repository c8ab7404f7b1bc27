#!/bin/sh
# --- Start MAAS 1.0 script metadata ---
# description: Fetches a page by way of the network that the machine has booted from.
# parameters:
#   url: {type: url, allow_list: true, default: "https://connectivity-check.ubuntu.com", description: What to fetch}
# --- End MAAS 1.0 script metadata ---
. /usr/lib/metaldesk/functions.sh
url=${1#--url=}
[ -n "$url" ] || fail 'Which address? --url=ADDRESS is missing.'
for try in 1 2 3; do
	wget -T 20 -O /dev/null "$url" && exit 0
	sleep "$try"
done
fail "$url can't be fetched."
