# shellcheck shell=dash
# HTTP for the agent. busybox wget cuts a POST body at its first NUL byte and throws away the text of an error answer,
# so requests are written out and sent with nc. HTTP/1.0: the answer ends with the connection, without chunks.

# request METHOD PATH [BODY-FILE]: PATH is below $url. The body of the answer is in $answer (a file), its code in $status;
# $status is 000 when there was no whole answer.
request() {
	local authority prefix host port size
	authority=${url#http://}
	prefix=/${authority#*/}
	authority=${authority%%/*}
	case $authority in
	*:*) host=${authority%:*} port=${authority##*:} ;;
	*) host=$authority port=80 ;;
	esac
	size=0
	[ -n "$3" ] && size=$(stat -c %s "$3")
	status=000
	rm -f /run/answer.raw
	{
		printf '%s %s HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\n' "$1" "$prefix/$2" "$authority" "$token"
		printf 'Content-Type: %s\r\nContent-Length: %s\r\nConnection: close\r\n\r\n' "${content_type:-application/octet-stream}" "$size"
		[ -n "$3" ] && cat "$3"
	} | timeout "${patience:-60}" nc -w 10 "$host" "$port" >/run/answer.raw 2>/dev/null
	split_answer </run/answer.raw
}

# The head is read line by line, the rest is the body: checked against the announced length, so that a connection that
# broke in the middle counts as no answer.
split_answer() {
	local length code line
	length=
	IFS=' ' read -r _ code _ || return 0
	while IFS= read -r line; do
		line=${line%?}
		[ -z "$line" ] && break
		case $line in [Cc]ontent-[Ll]ength:*) length=${line#*:} length=${length# } ;; esac
	done
	cat >"$answer"
	[ -n "$length" ] && [ "$(stat -c %s "$answer")" != "$length" ] && return 0
	case $code in [1-5][0-9][0-9]) status=$code ;; esac
}

# ask METHOD PATH [BODY-FILE]: as request, but repeats for ten minutes while the server is away or says 5xx. Returns 0 for
# an answer of 2xx, 1 for a refusal, 2 when the time was over.
ask() {
	local wait now give_up
	wait=1
	read -r now _ </proc/uptime
	give_up=$((${now%.*} + 600))
	while :; do
		request "$@"
		case $status in
		2??) return 0 ;;
		4??) return 1 ;;
		esac
		read -r now _ </proc/uptime
		if [ "${now%.*}" -ge "$give_up" ]; then
			say "the controller did not answer $1 $2 for 10 minutes (last answer $status)"
			return 2
		fi
		[ "$wait" = 1 ] && say "the controller does not answer $1 $2 ($status); trying again"
		sleep "$wait"
		[ "$wait" -lt 15 ] && wait=$((wait * 2))
	done
}
