/** The computer that the controller runs on, as it tells of itself on Linux, macOS and Windows. */
export interface Host {
	readonly hostname: string;
	/** Debian's names: amd64, arm64 */
	readonly architecture: string;
	readonly cpuCount: number;
	readonly cpuModel: string | null;
	/** MHz; `null` where the system doesn't tell */
	readonly cpuSpeed: number | null;
	/** bytes */
	readonly memory: number;
	/** `debian`, `bookworm`; `macos`, `24.1.0`; `windows`, `10.0.26100` */
	readonly osystem: string;
	readonly series: string;
	readonly cards: readonly HostInterface[];
}

export interface HostInterface {
	readonly name: string;
	/** lower case, with colons */
	readonly mac: string;
	/** `192.168.77.1/24`, `2001:db8::1/64` */
	readonly addresses: readonly string[];
}
