import type { StoredFile } from '../../../store/library/storedFiles.ts';
import type { Parts } from '../../parts.ts';
import { MaasRefusal, unfit } from '../failures.ts';
import { mandatory, type SentFile, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';

/** A file lies in the database, and is in memory while it is read or written. */
const MAX_FILE = 64 << 20;

const filename = text('The file’s name; slashes are part of it.', { max: 4096 });

export const filesResource = resource({
	name: 'FilesHandler',
	path: 'files/',
	anonymous: 'AnonFilesHandler',
	doc: 'Files that clients keep here, each user’s own: Juju’s storage.',
	actions: {
		read: { doc: 'List your files.', who: 'user', parameters: { prefix: text('Only those whose names begin so.') } },
		create: {
			doc: 'Keep a file: one file part, of 64 MiB at most. One of the same name is replaced.',
			who: 'user',
			parameters: { filename },
			rest: 'The file part; its name does not matter.',
		},
		delete: { doc: 'Delete a file.', who: 'user', parameters: { filename: mandatory(filename) } },
		get: { doc: 'A file’s bytes.', who: 'user', get: true, parameters: { filename: mandatory(filename) } },
		get_by_key: {
			doc: 'The bytes of the file with this key, for everybody who has the key.',
			who: 'anyone',
			get: true,
			parameters: { key: mandatory(text('The key, as anon_resource_uri has it.', { max: 100 })) },
		},
	},
});

export const fileResource = resource({
	name: 'FileHandler',
	path: 'files/{filename}/',
	doc: 'One file; slashes in its name are percent-encoded.',
	actions: {
		read: { doc: 'A file with its content in base64.', who: 'user' },
		delete: { doc: 'Delete a file.', who: 'user' },
	},
});

const fileObject = ({ filename, key }: StoredFile) => ({
	filename,
	anon_resource_uri: `${uriOf(filesResource.path)}?op=get_by_key&key=${key}`,
	resource_uri: uriOf(fileResource.path, { filename }),
});

export function fileHandlers({ store }: Parts): Implemented[] {
	const files = store.storedFiles;
	return [
		on(filesResource, {
			read: ({ prefix = '' }, { user }) => files.list(user.id, prefix).map(fileObject),
			create({ filename = '' }, { user, files: sent }) {
				if (filename === '') throw new MaasRefusal(400, 'Filename not supplied');
				const [file, ...more] = sent.values() as Iterable<SentFile>;
				if (!file || more.length > 0) throw new MaasRefusal(400, 'Exactly one file must be supplied');
				if (file.bytes.length > MAX_FILE)
					throw new MaasRefusal(413, `The file has ${file.bytes.length} bytes; ${MAX_FILE} are kept at most.`);
				// the name is a part of the file's own address
				if (filename === '.' || filename === '..') throw unfit('filename', 'This is no name for a file.');
				files.save(user.id, filename, file.bytes);
				return Reply.text('', 201);
			},
			delete({ filename }, { user }) {
				if (!files.delete(user.id, filename)) throw missing();
				return Reply.nothing();
			},
			get({ filename }, { user }) {
				const file = files.byName(user.id, filename);
				if (!file) throw missing();
				return Reply.bytes(Buffer.from(file.content));
			},
			get_by_key({ key }) {
				const content = files.byKey(key);
				if (!content) throw missing();
				return Reply.bytes(Buffer.from(content));
			},
		}),
		on(fileResource, {
			read(_, { uri, user }) {
				const file = files.byName(user.id, uri.filename);
				if (!file) throw missing();
				return { ...fileObject(file), content: Buffer.from(file.content).toString('base64') };
			},
			delete(_, { uri, user }) {
				if (!files.delete(user.id, uri.filename)) throw missing();
				return Reply.nothing();
			},
		}),
	];
}

/** Old Juju looks for this header (Launchpad bug 1123986): with it a missing file is told from a missing MAAS. */
const missing = () => new MaasRefusal(404, 'Not Found', { workaround: 'bug1123986' });
