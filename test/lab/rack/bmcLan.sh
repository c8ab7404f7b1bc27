#!/bin/sh
# ipmi_sim's lan_config_program: bmcLan.sh MACHINE_FOLDER … get|set NAME [VALUE] ... answers what `ipmitool lan print` shows,
# so that the machine itself finds its BMC's address in-band. One file a value in the folder lan.
cd "$1/lan" || exit 1
while [ $# -gt 0 ] && [ "$1" != get ] && [ "$1" != set ]; do shift; done
what=$1
shift
case $what in
get) for name; do if read -r value <"$name"; then echo "$name:$value"; fi 2>/dev/null; done ;;
set)
	while [ $# -ge 2 ]; do
		echo "$2" >"$1"
		shift 2
	done
	;;
esac
