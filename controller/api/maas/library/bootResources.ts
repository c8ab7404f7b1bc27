import { createHash } from 'node:crypto';
import { bootFileWords, resourceName } from '../../../domain/bootFile.ts';
import type { BootResource } from '../../../store/library/bootResourceRows.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, MaasRefusal, notFound, unfit } from '../failures.ts';
import { choice, file, integer, type Parameter, required, text, Unfit } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { idIn } from '../rights.ts';
import { bootResourceObject, bootResourceWithSets, RESOURCE_PATH, UPLOAD_PATH } from './bootResourceObject.ts';

/** A text that `read` checks further; `undefined` when it was not sent or sent empty. */
const checked = (parameter: Parameter<string | undefined>, read: (sent: string) => string): Parameter<string | undefined> => ({
	...parameter,
	read(sent, given) {
		const word = parameter.read(sent, given)?.trim();
		return word === undefined || word === '' ? undefined : read(word);
	},
});

const name = checked(text('The image’s name: `custom/x`, bare `x`, or a system and its series, `ubuntu/jammy`.'), (sent) => {
	const kept = resourceName(sent);
	if (kept === null)
		throw new Unfit('Enter custom/NAME, NAME, or a known operating system and its series with one slash: ubuntu/jammy.');
	return kept;
});
const architecture = checked(text('What it runs on: `amd64/generic`.'), (sent) => {
	const [, base, subarch = 'generic'] = /^(amd64|arm64|armhf|i386|ppc64el|s390x)(?:\/([\w.-]{1,60}))?$/.exec(sent) ?? [];
	if (base === undefined)
		throw new Unfit(`'${sent.slice(0, 60)}' is not a valid architecture.  Write amd64/generic, arm64/generic and the like.`);
	return `${base}/${subarch}`;
});
const sha256 = checked(text('The whole file’s SHA-256, in hexadecimal digits.'), (sent) => {
	if (!/^[0-9a-f]{64}$/i.test(sent)) throw new Unfit('A SHA-256 has 64 hexadecimal digits.');
	return sent.toLowerCase();
});

export const bootResourcesResource = resource({
	name: 'BootResourcesHandler',
	path: 'boot-resources/',
	doc: 'What machines can be deployed with: uploaded images, and those of boot sources.',
	actions: {
		read: {
			doc: 'List all boot resources.',
			who: 'user',
			parameters: { type: choice('Only those that were synced, or uploaded.', ['all', 'synced', 'uploaded']) },
		},
		create: {
			doc: 'Begin an upload: the answer names the address that takes the file’s bytes, in chunks (PUT). A file of up to 250 MB may come along as `content`.',
			who: 'admin',
			parameters: {
				name: required(name),
				architecture: required(architecture),
				sha256,
				size: integer('The whole file’s size in bytes.', { min: 1 }),
				title: text('A name for people.', { max: 255 }),
				filetype: choice('What the file is; tgz when it is not said.', bootFileWords),
				base_image: text('For custom images: the Ubuntu that they were made of, ubuntu/jammy.', { max: 100 }),
				content: file('The whole file, instead of chunks.'),
			},
		},
		is_importing: { doc: 'Whether images of boot sources are being fetched.', who: 'user', get: true },
		import: {
			doc: 'Fetch the selected images of boot sources.',
			who: 'admin',
			later:
				'Images are not fetched from boot sources yet: this comes with a later version of Metaldesk. Upload them as boot resources meanwhile, for instance as ubuntu/noble with filetype ddgz.',
		},
		stop_import: { doc: 'End the fetching.', who: 'admin' },
	},
});

export const bootResourceResource = resource({
	name: 'BootResourceHandler',
	path: RESOURCE_PATH,
	doc: 'One boot resource with its versions.',
	actions: {
		read: { doc: 'Show a boot resource.', who: 'user' },
		delete: { doc: 'Delete a boot resource; not while a machine is deployed with it.', who: 'admin' },
	},
});

export const bootResourceUploadResource = resource({
	name: 'BootResourceFileUploadHandler',
	path: UPLOAD_PATH,
	doc: 'The bytes of an upload, in order.',
	actions: {
		update: { doc: 'Append a chunk of bytes; with the last one the hash is checked.', who: 'admin', rawBody: true },
	},
});

export function bootResourceHandlers({ store, bootUploads, imagesChanged }: Parts): Implemented[] {
	const find = (id: string): BootResource => {
		const found = store.bootResources.byId(idIn(id, 'BootResource'));
		if (!found) throw notFound('BootResource');
		return found;
	};
	const object = (found: BootResource) => bootResourceWithSets(found, (imageId) => store.images.byId(imageId)?.file);
	return [
		on(bootResourcesResource, {
			read: ({ type = 'all' }) =>
				store.bootResources.list(type === 'all' ? undefined : type === 'synced' ? 'Synced' : 'Uploaded').map(bootResourceObject),
			async create({ content, filetype = 'tgz', base_image, ...upload }) {
				const bytes = content?.bytes;
				const ofBytes = bytes && createHash('sha256').update(bytes).digest('hex');
				const hash = upload.sha256 ?? ofBytes;
				if (ofBytes !== undefined && ofBytes !== hash)
					throw new MaasRefusal(400, 'Saved content does not match given SHA256 value.');
				const size = bytes?.length ?? upload.size;
				if (hash === undefined) throw unfit('sha256', 'This field is required.');
				if (size === undefined) throw unfit('size', 'This field is required.');
				if (size === 0) throw unfit('content', 'The submitted file is empty.');
				const { name, architecture, title = null } = upload;
				const begun = store.bootResources.begin({
					...{ name, architecture, filetype, sha256: hash, size, title, baseImage: base_image ?? null },
				});
				const newest = begun.sets.find((set) => set.sha256 === hash);
				if (bytes && newest && !newest.complete) await bootUploads.append(newest.id, bytes);
				return Reply.created(object(find(String(begun.id))));
			},
			is_importing: () => false,
			stop_import: () => Reply.text('Import of boot resources stopped'),
		}),
		on(bootResourceResource, {
			read: (_, { uri }) => object(find(uri.id)),
			delete(_, { uri }) {
				store.bootResources.delete(find(uri.id).id);
				imagesChanged();
				return Reply.nothing();
			},
		}),
		on(bootResourceUploadResource, {
			async update(_, { uri, body, contentLength }) {
				const found = find(uri.id);
				if (found.type === 'Synced') throw forbidden('Cannot upload to a synced resource.');
				const set = found.sets.find(({ id }) => id === idIn(uri.file_id, 'BootResourceFile'));
				if (!set) throw notFound('BootResourceFile');
				if (contentLength === 0 || body.length === 0) throw new MaasRefusal(400, 'Missing data.');
				if (contentLength !== body.length) throw new MaasRefusal(400, "Content-Length doesn't equal size of received data.");
				await bootUploads.append(set.id, body);
				return Reply.ok();
			},
		}),
	];
}
