#!/bin/sh
# Tells the image's cloud-init where its metadata is, and the token that proves which machine it runs on.
. /usr/lib/metaldesk/disk.sh
name=$(find_disk "$DISK") || exit 1
reread_partitions "$name"
root=$TMPDIR/root
mkdir -p "$root"

# The root partition is the one with an os-release; the largest are at the end in nearly every image, so look there first.
mounted=
for part in $(partitions "$name" | sort -rn | awk '{ print $2 }'); do
	kind=$(filesystem "/dev/$part")
	case $kind in ext4 | xfs | btrfs) ;; *) continue ;; esac
	/usr/sbin/modprobe -q "$kind"
	/usr/bin/mount -t "$kind" "/dev/$part" "$root" 2>"$TMPDIR/error" || {
		echo "$part: $(cat "$TMPDIR/error")"
		continue
	}
	if [ -e "$root/etc/os-release" ] || [ -L "$root/etc/os-release" ]; then
		mounted=$part
		break
	fi
	/usr/bin/umount "$root"
done
[ -n "$mounted" ] || fail "No partition of $name holds a Linux system (etc/os-release)."
echo "Root file system on $mounted"
[ -d "$root/etc/cloud" ] || {
	/usr/bin/umount "$root"
	fail 'The image has no cloud-init (etc/cloud): it could take neither SSH keys nor user data.'
}

mkdir -p "$root/etc/cloud/cloud.cfg.d"
umask 077
# JSON strings are YAML. The list stays on one line: cloud-init's ds-identify reads it with a shell.
credentials=$(printf 'consumer_key: %s, token_key: %s, token_secret: %s' \
	"$(json_string "$CONSUMER_KEY")" "$(json_string "$TOKEN_KEY")" "$(json_string "$TOKEN_SECRET")")
cat >"$root/etc/cloud/cloud.cfg.d/90_maas.cfg" <<-END
	datasource_list: [ MAAS ]
	datasource:
	  MAAS: { metadata_url: $(json_string "$METADATA_URL"), $credentials }
	reporting:
	  maas: { type: webhook, endpoint: $(json_string "${STATUS_URL:-${METADATA_URL%/}/status/${HOSTNAME%%.*}}"), $credentials }
END
written=$?
# An image that was started before keeps the instance that it was.
rm -rf "$root/var/lib/cloud/instance" "$root/var/lib/cloud/instances" "$root/var/lib/cloud/data"
case $HOSTNAME in
'' | *[!A-Za-z0-9.-]*) ;;
*) (umask 022 && printf '%s\n' "${HOSTNAME%%.*}" >"$root/etc/hostname") ;;
esac
/usr/bin/umount "$root" || fail "The file system on $mounted can't be closed."
[ "$written" = 0 ] || fail "cloud-init's configuration can't be written to $mounted."
progress 100 'cloud-init configured'
