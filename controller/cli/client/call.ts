import { readFileSync } from 'node:fs';
import type { DescribedAction, Handler } from '../../api/maas/describe.ts';
import type { Profile } from './profiles.ts';
import { type Answer, ask } from './request.ts';
import { Stop } from './stop.ts';
import type { Words } from './words.ts';

/** Sends one action: GET and DELETE with a query, POST and PUT with a form, multipart when a file goes along. */
export function call(profile: Profile, handler: Handler, action: DescribedAction, words: Words): Promise<Answer> {
	const path = handler.path.replace(/\{(\w+)\}/g, (_, name: string) =>
		encodeURIComponent(words.uri[handler.params.indexOf(name)] ?? ''),
	);
	const url = new URL(profile.url.replace(/\/MAAS$/, '') + path);
	if (action.op !== null) url.searchParams.set('op', action.op);
	if (action.method === 'GET' || action.method === 'DELETE') {
		for (const [name, value] of words.form) url.searchParams.append(name, value);
		return ask({ method: action.method, url: url.href, key: profile.key });
	}
	const files = words.files.map(([name, file]) => [name, file, readGiven(file)] as const);
	if (files.length === 0)
		return ask({
			method: action.method,
			url: url.href,
			key: profile.key,
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams(words.form.map(([name, value]) => [name, value])).toString(),
		});
	const { boundary, body } = multipart(words.form, files);
	return ask({
		method: action.method,
		url: url.href,
		key: profile.key,
		headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
		body,
	});
}

export function readGiven(file: string): Buffer {
	try {
		return readFileSync(file);
	} catch (error) {
		throw new Stop(2, `${file} can’t be read: ${error instanceof Error ? error.message : String(error)}`);
	}
}

/** Texts go as files too when they were given as `key@=file`: the server takes a file part for a text parameter, and the other way round. */
function multipart(
	form: readonly (readonly [string, string])[],
	files: readonly (readonly [name: string, path: string, bytes: Buffer])[],
): { boundary: string; body: Buffer } {
	const boundary = `metaldesk-${process.pid}-${Date.now().toString(36)}`;
	const part = (name: string, more: string, bytes: Buffer) =>
		Buffer.concat([
			Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`),
			bytes,
			Buffer.from('\r\n'),
		]);
	const parts = [
		...form.map(([name, value]) => part(name, '', Buffer.from(value))),
		...files.map(([name, file, bytes]) =>
			part(name, `; filename="${file.split(/[\\/]/).at(-1)?.replaceAll('"', '') ?? 'file'}"`, bytes),
		),
	];
	return { boundary, body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]) };
}
