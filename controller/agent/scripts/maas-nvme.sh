#!/bin/sh
ls /dev/nvme[0-9]* >/dev/null 2>&1 || {
	echo '{"Devices":[]}'
	exit 0
}
exec /usr/sbin/nvme list --output-format=json
