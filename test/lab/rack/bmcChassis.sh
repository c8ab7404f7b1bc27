#!/bin/sh
# ipmi_sim's chassis_control program: bmcChassis.sh MACHINE_FOLDER MC get|set NAME [VALUE] ...
# ipmi_sim waits for it, one call at a time, and reads its output to the end: it must be quick, and what it leaves running must let go
# of its output. That is why it is a shell script (3 ms a call) and not a program of the lab.
# The folder holds qemu.sh (starts the machine), qemu.pid, qmp.in and qmp.out (QEMU's control pipe), boot (the override of one boot).
cd "$1" || exit 1
what=$3
shift 3

running() {
	read -r pid <qemu.pid && kill -0 "$pid"
} 2>/dev/null

override() {
	read -r device <boot && echo "$device" || echo none
} 2>/dev/null

# The machine's own order is network first; ipmi_sim says "default" for the disk. Smaller comes first.
order() {
	if [ "$1" = default ]; then echo 3 2; else echo 1 2; fi
}

qmp() {
	running && printf '%s\n' "$@" >qmp.in
}

# QEMU reads the order again whenever the machine is reset.
set_order() {
	set -- $(order "$1")
	# Two devices can't share a place: the card goes far away first.
	for step in "net0 $(($1 + 90))" "disk0 $2" "net0 $1"; do
		qmp "{\"execute\":\"qom-set\",\"arguments\":{\"path\":\"/machine/peripheral/${step% *}\",\"property\":\"bootindex\",\"value\":${step#* }}}"
	done
}

# The override is for one boot: it is gone as soon as the machine has started with it.
forget_override() {
	rm -f boot
	set_order none
}

# Follows QEMU's events until it ends; also keeps the pipe from filling up, which would stop QEMU's monitor.
watch_resets() {
	while read -r line; do
		case $line in *'"event": "RESET"'*) forget_override ;; esac
	done <qmp.out
}

power_on() {
	running && return
	set -- $(order "$(override)")
	rm -f qemu.pid
	setsid sh qemu.sh -set "device.net0.bootindex=$1" -set "device.disk0.bootindex=$2" </dev/null >/dev/null 2>qemu.err &
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
		running && break
		sleep 0.1
	done
	running || return 1
	qmp '{"execute":"qmp_capabilities"}'
	forget_override
	watch_resets </dev/null >/dev/null 2>&1 &
}

power_off() {
	running || return 0
	kill -9 "$pid"
	while running; do sleep 0.02; done
}

set_one() {
	case $1 in
	power) if [ "$2" = 1 ]; then power_on; else power_off; fi ;;
	reset) qmp '{"execute":"system_reset"}' ;;
	shutdown) qmp '{"execute":"system_powerdown"}' ;;
	boot)
		if [ "$2" = none ]; then rm -f boot; else echo "$2" >boot; fi
		running && set_order "$2"
		true
		;;
	esac
}

case $what in
get)
	for name; do
		case $name in
		power) if running; then echo power:1; else echo power:0; fi ;;
		boot) echo "boot:$(override)" ;;
		*) echo "$name:0" ;;
		esac
	done
	;;
set)
	while [ $# -ge 2 ]; do
		set_one "$1" "$2" || exit 1
		shift 2
	done
	;;
esac
