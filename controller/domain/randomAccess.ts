/** A file that can be read anywhere; reading beyond its end gives fewer bytes. What pure readers of file formats are given. */
export interface RandomAccess {
	readonly size: number;
	read(offset: number, length: number): Promise<Uint8Array>;
}
