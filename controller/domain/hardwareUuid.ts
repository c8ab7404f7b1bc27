/**
 * A machine's SMBIOS UUID in lower case, or `null` when it names no single machine: boards leave the factory with zeros, ones or
 * their firmware vendor's example, and two such machines must not be taken for one.
 */
export function readHardwareUuid(value: unknown): string | null {
	if (typeof value !== 'string') return null;
	const uuid = value.trim().toLowerCase();
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return null;
	const digits = uuid.replaceAll('-', '');
	return new Set(digits).size <= 2 || examples.has(uuid) ? null : uuid;
}

const examples = new Set([
	// AMI's default, found on ASRock, Gigabyte and many small boards
	'03000200-0400-0500-0006-000700080009',
	'12345678-1234-5678-90ab-cddeefaabbcc',
	'00020003-0004-0005-0006-000700080009',
	'01234567-89ab-cdef-0123-456789abcdef',
	'fefefefe-fefe-fefe-fefe-fefefefefefe',
]);
