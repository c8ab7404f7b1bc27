#!/bin/sh
# The machine's parts as JSON in the shape of LXD's resources API, which MAAS and its clients read.
. /usr/lib/metaldesk/functions.sh
for part in pci cpu network storage system; do . "/usr/lib/metaldesk/inventory/$part.sh"; done

printf '{"api_version":"1.0","api_extensions":["resources","resources_v2","api_os","resources_system","resources_usb_pci"]'
printf ',"environment":%s' "$(environment_json)"
printf ',"resources":{"cpu":%s' "$(cpu_json)"
printf ',"memory":%s' "$(memory_json)"
printf ',"gpu":{"cards":[],"total":0}'
printf ',"network":%s' "$(network_json)"
printf ',"storage":%s' "$(storage_json)"
printf ',"usb":%s' "$(usb_json)"
printf ',"pci":%s' "$(pci_json)"
printf ',"system":%s}' "$(system_json)"
printf ',"networks":%s' "$(addresses_json)"
# A layout that a script of the operator's has described; as text, so that broken JSON in it breaks no inventory.
if [ -s "$MAAS_STORAGE_CONFIG_FILE" ]; then
	printf ',"storage-extra":%s' "$(json_string "$(head -c 1048576 "$MAAS_STORAGE_CONFIG_FILE")")"
fi
printf '}\n'
