#!/bin/sh
# Finds the machine's own BMC through its in-band interface. With METALDESK_CONFIGURE_BMC=1 it also makes an
# account there for the controller. The password goes into the result and nowhere else.
. /usr/lib/metaldesk/functions.sh
user=${METALDESK_BMC_USER:-maas}
level=${METALDESK_BMC_PRIVILEGE:-ADMIN}
case $level in USER) privilege=2 ;; OPERATOR) privilege=3 ;; *) privilege=4 ;; esac

for module in ipmi_si ipmi_ssif ipmi_devintf; do /usr/sbin/modprobe -q "$module"; done
if [ ! -e /dev/ipmi0 ]; then
	echo 'No BMC found: the machine has no IPMI interface.'
	exit 0
fi
info=$(timeout 20 ipmitool mc info 2>&1) || fail "There is an IPMI interface, but the BMC does not answer: $info"
printf '%s\n' "$info" | sed -n 's/^\(Firmware Revision\|IPMI Version\|Manufacturer Name\)/BMC: \1/p'

# The LAN channel is 1 nearly everywhere, but Dell and others put shared ports on 2 to 8.
lan_setting() { # NAME: from `lan print`
	sed -n "s/^$1 *: *//p" "$TMPDIR/lan" | head -n 1
}
channel=
for number in 1 2 3 4 5 6 7 8; do
	ipmitool lan print "$number" >"$TMPDIR/lan" 2>/dev/null || continue
	address=$(lan_setting 'IP Address')
	case $address in '' | 0.0.0.0) continue ;; esac
	channel=$number
	break
done
[ -n "$channel" ] || fail 'The BMC has no network address: give it one, or let it use DHCP.'
mac=$(lan_setting 'MAC Address')
echo "BMC address $address, MAC $mac, LAN channel $channel"

if [ "$METALDESK_CONFIGURE_BMC" != 1 ]; then
	echo 'Its accounts are left alone: the setting that allows configuring BMCs is off.'
	exit 0
fi

# ID, name and the rest, one account a line; a free one has no name or "(Empty User)". 1 is the anonymous account.
ipmitool user list "$channel" >"$TMPDIR/users" || fail 'The BMC does not list its accounts.'
slot=$(awk -v user="$user" '$2 == user { print $1; exit }' "$TMPDIR/users")
if [ -z "$slot" ]; then
	# Some BMCs list only the accounts in use: then the first number that is not listed is free.
	slot=$(awk '$1 ~ /^[0-9]+$/ && $1 > 1 { free = $2 == "(Empty" || $2 == "true" || $2 == "false" || NF < 6; if (!free) used[$1] = 1 }
		END { for (n = 2; n <= 15; n++) if (!used[n]) { print n; exit } }' "$TMPDIR/users")
	[ -n "$slot" ] || fail 'The BMC has no free account.'
fi

# 16 bytes fit every BMC: IPMI 1.5 ones hold no more, and some of 2.0 take 20 and silently keep 16. Letters and digits
# pass every BMC's rules.
password=$(tr -dc 'A-Za-z0-9' </dev/urandom | head -c 16)
quietly() { # STEP COMMAND…: runs it; on failure names the step, never the command, which may hold the password
	step=$1
	shift
	"$@" >/dev/null 2>&1 || fail "The BMC refused: $step (account $slot, channel $channel)."
}
quietly 'naming the account' ipmitool user set name "$slot" "$user"
quietly 'setting the password' ipmitool user set password "$slot" "$password" 16
quietly 'giving it access to the LAN channel' ipmitool channel setaccess "$channel" "$slot" callin=on ipmi=on link=on privilege="$privilege"
quietly 'enabling the account' ipmitool user enable "$slot"
# What the BMC keeps is asked of itself: a password that it cut or dropped would only show at the first power command.
case $(ipmitool user test "$slot" 16 "$password" 2>&1) in *incorrect*) fail "The BMC did not keep the password of account $slot." ;; esac
# Many BMCs are shipped with LAN access off on the channel; not all let it be set, which shows later at the first query.
ipmitool lan set "$channel" access on >/dev/null 2>&1 || echo 'The BMC does not let LAN access be switched on by this program.'

boot_type=auto
[ -d /sys/firmware/efi ] && boot_type=efi
# JSON is YAML, too.
umask 077
printf '{"power_type":"ipmi","power_parameters":{"power_address":%s,"power_user":%s,"power_pass":%s,"power_driver":"LAN_2_0",' \
	"$(json_string "$address")" "$(json_string "$user")" "$(json_string "$password")" >"$BMC_CONFIG_PATH"
printf '"power_boot_type":"%s","cipher_suite_id":"%s","privilege_level":"%s","k_g":"","mac_address":%s}}\n' \
	"$boot_type" "${METALDESK_BMC_CIPHER_SUITE:-3}" "$level" "$(json_string "$mac")" >>"$BMC_CONFIG_PATH"
echo "Account $user (number $slot) is ready."
