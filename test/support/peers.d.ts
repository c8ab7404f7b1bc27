declare module 'dhcp/lib/protocol.js' {
	/** The npm package's own names and formats of the fields. */
	const protocol: { parse(bytes: Buffer): Record<string, unknown> };
	export default protocol;
}
