#!/bin/sh
# Streams the disk image onto the disk, without a copy in between, and checks its hash on the way.
. /usr/lib/metaldesk/disk.sh
cd "$TMPDIR" || exit 1
name=$(find_disk "$DISK") || exit 1
size=$(disk_bytes "$name")
[ "$size" -ge "$IMAGE_SIZE" ] || fail "Disk $name has $size bytes, the image needs $IMAGE_SIZE."
echo "Writing to $name: $size bytes, serial $(disk_serial "$name")"

unpack() {
	case $IMAGE_FORMAT in
	raw) cat ;;
	raw.gz) gzip -dc ;;
	raw.zst) /usr/bin/zstd -dc ;;
	esac
}
case $IMAGE_FORMAT in raw | raw.gz | raw.zst) ;; *) fail "The image has the format '$IMAGE_FORMAT'; raw, raw.gz and raw.zst can be written." ;; esac

# Holes of the image may be skipped only where the disk is known to read zeros.
conversion=fsync
if zeroes_quickly "$name" && /usr/sbin/blkdiscard -f -z -l $((IMAGE_SIZE / 4096 * 4096)) "/dev/$name" 2>/dev/null; then
	[ $((IMAGE_SIZE % 4096)) = 0 ] && conversion=sparse,fsync
fi

written() { # bytes that dd has behind it, skipped ones included
	sed -n 's/^pos:[^0-9]*//p' "/proc/$writer/fdinfo/1" 2>/dev/null
}

# Sets $problem to the reason when it did not work.
stream() {
	problem='' last=-1 still=0
	rm -f sum fetched unpacked
	mkfifo sum
	sha256sum <sum >digest &
	digest=$!
	{ wget -q -O - "$IMAGE_URL" 2>fetch.error; echo $? >fetched; } | tee sum | { unpack 2>unpack.error; echo $? >unpacked; } |
		/usr/bin/dd of="/dev/$name" bs=1M iflag=fullblock conv=$conversion status=none 2>write.error &
	writer=$!
	while kill -0 "$writer" 2>/dev/null; do
		position=$(written)
		if [ "${position:-0}" = "$last" ]; then still=$((still + 1)); else still=0; fi
		last=${position:-0}
		[ "$last" -gt 0 ] && [ "$IMAGE_SIZE" -gt 0 ] && progress $((last * 100 / IMAGE_SIZE)) "$last of $IMAGE_SIZE bytes written"
		# busybox wget never gives up on a connection that went silent.
		[ "$still" -ge 120 ] && killall wget
		sleep 1
	done
	wait "$writer" || problem="writing to $name failed: $(cat write.error)"
	wait "$digest"
	read -r code <unpacked
	[ "$code" = 0 ] || problem="unpacking failed: $(head -c 300 unpack.error)"
	read -r code <fetched
	[ "$code" = 0 ] || problem="fetching $IMAGE_URL failed: $(head -c 300 fetch.error)"
	[ "$code" = 0 ]
}

try=1
until stream; do
	[ "$try" -lt 6 ] || fail "Gave up after $try tries: $problem"
	echo "$problem; beginning again"
	sleep $((try * 5))
	try=$((try + 1))
done
read -r sum _ <digest
if [ "$sum" != "$IMAGE_SHA256" ]; then
	# Nothing that was not checked may boot.
	/usr/bin/dd if=/dev/zero of="/dev/$name" bs=1M count=2 conv=fsync status=none
	fail "The image does not have the expected content: SHA-256 is $sum, not $IMAGE_SHA256."
fi
[ -z "$problem" ] || fail "$problem"
progress 100 'image written and verified'
