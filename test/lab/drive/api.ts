/** The controller's app API as a script calls it: signed in by cookie, every call typed by the contract. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { type CallName, contract, type Input, type Output } from '../../../controller/api/contract.ts';
import type { ApiFailure, ImageView } from '../../../controller/api/views.ts';

export interface Api {
	/** Throws with the controller's sentence, and its next step when it has one. */
	call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>>;
	/** The file's name is the image's. */
	uploadImage(file: string): Promise<ImageView>;
}

/** Makes the first administrator of a fresh controller. `base` ends in `/MAAS`. */
export async function signUp(base: string, username: string, password: string): Promise<Api> {
	let cookie = '';
	const api: Api = { call, uploadImage };
	await call('setup.createAdmin', { username, password });
	return api;

	async function call<N extends CallName>(name: N, input: Input<N>): Promise<Output<N>> {
		const url = new URL(`${base}/app/${name}`);
		const query = contract[name].kind === 'query';
		if (query) for (const [field, value] of Object.entries(input)) url.searchParams.set(field, String(value));
		return (await answer(
			name,
			url,
			query ? {} : { method: 'POST', body: JSON.stringify(input), headers: { 'content-type': 'application/json' } },
		)) as Output<N>;
	}

	async function uploadImage(file: string): Promise<ImageView> {
		const url = new URL(`${base}/app/images.upload`);
		url.searchParams.set('name', 'Lab Debian 12');
		url.searchParams.set('filename', basename(file));
		const body = Readable.toWeb(createReadStream(file)) as ReadableStream;
		const headers = { 'content-type': 'application/octet-stream', 'content-length': String((await stat(file)).size) };
		return (await answer('images.upload', url, { method: 'PUT', body, headers, duplex: 'half' })) as ImageView;
	}

	async function answer(what: string, url: URL, init: RequestInit & { duplex?: 'half' }): Promise<unknown> {
		const headers = { ...(init.headers as Record<string, string>), cookie, 'x-metaldesk': '1' };
		const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(120_000) });
		const set = response.headers.getSetCookie()[0]?.split(';')[0];
		if (set) cookie = set;
		const body: unknown = await response.json();
		if (response.ok) return body;
		const { text, nextStep } = body as ApiFailure;
		throw new Error(`${what}: ${text}${nextStep ? ` ${nextStep}` : ''}`);
	}
}
