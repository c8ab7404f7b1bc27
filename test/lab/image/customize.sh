#!/bin/sh
# mmdebstrap's last hook: customize.sh ROOT OUT makes the fresh Debian in ROOT the lab's image and fills the file system OUT/root.ext4.
# It stays an honest cloud image: cloud-init finds its data source by what the deploying side writes, sshd has no key until then.
# What is left out is what a machine under software emulation pays for in seconds and a lab never looks at.
set -e
root=$1 out=$2
in_root() { chroot "$root" "$@"; }

: >"$root/etc/machine-id"
echo localhost >"$root/etc/hostname"
rm -f "$root"/etc/ssh/ssh_host_*
cat >"$root/etc/fstab" <<F
LABEL=lab-root / ext4 rw,errors=remount-ro 0 1
F

# Addresses come from systemd-networkd, for whatever cloud-init (or its fallback, DHCP on the first card) says.
in_root systemctl --quiet enable systemd-networkd
in_root systemctl --quiet set-default multi-user.target
in_root systemctl --quiet mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer getty@tty1.service getty-static.service \
	systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-pstore.service systemd-binfmt.service systemd-firstboot.service \
	systemd-journal-flush.service e2scrub_reap.service systemd-repart.service systemd-network-generator.service systemd-sysusers.service \
	modprobe@.service cloud-init-hotplugd.socket dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount \
	sys-fs-fuse-connections.mount sys-kernel-config.mount proc-sys-fs-binfmt_misc.automount

cat >"$root/etc/cloud/cloud.cfg.d/10_lab.cfg" <<F
# Of the distribution's list: what a machine needs to be reached. An RSA host key alone takes a minute under emulation.
ssh_genkeytypes: [ed25519]
manage_etc_hosts: true
cloud_init_modules: [bootcmd, write-files, set_hostname, update_etc_hosts, users-groups, ssh]
cloud_config_modules: [set-passwords, runcmd]
cloud_final_modules: [scripts-vendor, scripts-per-once, scripts-per-boot, scripts-per-instance, scripts-user, phone-home, final-message]
F

kernel=$(ls "$root/boot" | sed -n 's/^vmlinuz-//p' | tail -n 1)
mkdir -p "$root/boot/grub"
# Mitigations only cost time on an emulated processor.
cat >"$root/boot/grub/grub.cfg" <<F
serial --unit=0 --speed=115200
terminal_output serial
set timeout=0
linux /boot/vmlinuz-$kernel root=LABEL=lab-root ro console=ttyS0,115200 quiet mitigations=off
initrd /boot/initrd.img-$kernel
boot
F

# The signed boot loaders are unpacked beside the image, not installed: nothing in it ever updates its EFI partition.
in_root sh -c 'cd /tmp && apt-get -qq -o APT::Sandbox::User=root download shim-signed grub-efi-amd64-signed'
for package in "$root"/tmp/*.deb; do dpkg-deb -x "$package" "$out/signed"; done

in_root apt-get clean
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/debconf/*-old "$root"/var/log/*.log "$root"/var/log/apt "$root/tmp"/* "$root"/boot/System.map*

# mmdebstrap has /proc, /sys and /dev mounted in there; a second view of the file system shows it without them.
view=$out/view
mkdir -p "$view"
mount --bind "$root" "$view"
used=$(du -sm "$view" | cut -f 1)
mke2fs -q -t ext4 -L lab-root -m 1 -d "$view" "$out/root.ext4" $((used * 115 / 100 + 48))M
umount "$view"
