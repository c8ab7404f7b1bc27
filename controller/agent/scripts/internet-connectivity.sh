#!/bin/sh
# --- Start MAAS 1.0 script metadata ---
# description: Finds a host by name and connects to it, by way of the network that the machine has booted from; http
#   addresses are fetched, of https ones the connection is what counts.
# parameters:
#   url: {type: url, allow_list: true, default: "https://connectivity-check.ubuntu.com", description: What to reach}
# --- End MAAS 1.0 script metadata ---
# By nslookup and nc: wget of a static busybox 1.35 crashes in glibc's getaddrinfo.
. /usr/lib/metaldesk/functions.sh
url=${1#--url=}
case $url in
http://?*) port=80 ;;
https://?*) port=443 ;;
*) fail "'$url' is no address that can be reached: http://… or https://…" ;;
esac
rest=${url#*://}
authority=${rest%%/*}
path=/${rest#"$authority"}
path=/${path#//}
case $authority in *:*) port=${authority##*:} ;; esac
host=${authority%:*}

address() { # of HOST
	case $1 in *[!0-9.]*) ;; *) echo "$1" && return ;; esac
	nslookup -type=a "$1" 2>&1 | awk '/^Name:/ { found = 1 } found && /^Address/ && $NF ~ /^[0-9.]+$/ { print $NF; exit }'
}

reach() {
	ip=$(address "$host")
	if [ -z "$ip" ]; then echo "$host is not known to the name server." && return 1; fi
	case $url in
	https://*)
		nc -w 10 "$ip" "$port" </dev/null || { echo "$host ($ip) takes no connection at port $port." && return 1; }
		echo "$host ($ip) takes connections at port $port."
		;;
	*)
		line=$(printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$path" "$authority" | nc -w 20 "$ip" "$port" | head -n 1 | tr -d '\r')
		echo "$host ($ip) answered: ${line:-nothing}"
		case $line in 'HTTP/'*' '[123]*) ;; *) return 1 ;; esac
		;;
	esac
}

for try in 1 2 3; do
	reach && exit 0
	sleep "$try"
done
fail "$url can't be reached."
