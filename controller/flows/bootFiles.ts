import path from 'node:path';
import type { Ipv4 } from '../domain/address.ts';
import type { ImageStore } from '../store/images.ts';
import type { BootAssets } from './bootAssets.ts';
import type { PxeBoot } from './pxeBoot.ts';

/** A file that a booting machine may fetch: made for it, or checked to lie in a folder of ours. */
export type FetchedFile =
	| { readonly bytes: Uint8Array; readonly etag: string }
	| { readonly path: string; readonly size: number; readonly etag: string };

/** Which name is which file. Names have been through `resolveName`: no slash in front, no way out of the folder. */
export interface BootFiles {
	/** loaders, GRUB's configuration, kernel and initramfs at the top */
	overTftp(name: string, server: Ipv4): FetchedFile | null;
	/** the same under `boot/`, and images under `images/ID/SHA256` */
	overHttp(name: string): FetchedFile | null;
}

export function createBootFiles(pxe: PxeBoot, assets: BootAssets, images: ImageStore): BootFiles {
	return {
		overTftp(name, server) {
			if (name.startsWith('grub/')) {
				const text = pxe.grubConfig(name, server);
				return text === null ? null : { bytes: Buffer.from(text), etag: '""' };
			}
			return assets.file(name);
		},
		overHttp(name) {
			const [folder, first, second, ...rest] = name.split('/');
			if (rest.length > 0) return null;
			if (folder === 'boot' && first && !second) return assets.file(first);
			if (folder !== 'images' || !first || !second) return null;
			const image = /^\d+$/.test(first) ? images.byId(Number(first)) : undefined;
			return image?.sha256 === second
				? { path: path.resolve(images.path(image)), size: image.size, etag: `"${image.sha256}"` }
				: null;
		},
	};
}
