/**
 * The one reader of file names that come from machines: `/boot//grubx64.efi` gives `boot/grubx64.efi`. Null for a name that points
 * out of the served files or could on another system: `..`, back-slashes, drive letters, NUL and control characters. Slashes in
 * front and doubled ones are what EDK2 and GRUB make of a prefix that ends with one. Case is kept.
 */
export function resolveName(name: string): string | null {
	if (name.length > 1024 || /[\\\x00-\x1f\x7f]/.test(name) || /^\/*[a-z]:/i.test(name)) return null;
	const parts = name.split('/').filter((part) => part !== '' && part !== '.');
	if (parts.length === 0 || parts.includes('..')) return null;
	return parts.join('/');
}
