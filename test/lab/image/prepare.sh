#!/bin/sh
# mmdebstrap's essential hook: prepare.sh ROOT, before kernel and cloud-init are installed.
# A list instead of "most": the initramfs has what a QEMU machine's disks need (ext4 and NVMe are built into the cloud kernel).
set -e
mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/usr/share/initramfs-tools/modules.d"
printf 'MODULES=list\nCOMPRESS=zstd\nBUSYBOX=n\nFSTYPE=ext4\n' >"$1/etc/initramfs-tools/conf.d/lab"
printf 'virtio_pci\nvirtio_blk\nvirtio_scsi\nvirtio_net\n' >"$1/usr/share/initramfs-tools/modules.d/lab"
