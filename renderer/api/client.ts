import type { CommandName, Input, Output, QueryName } from '../../controller/api/contract.ts';
import { CallFailed, failureOf, noAnswer } from './errors.ts';
import type { ImageView } from './views.ts';

export type { CommandName, Input, Output, QueryName };

// The page is /MAAS/r/ at the controller, or below whatever prefix a reverse proxy puts before it.
const addressOf = (name: string): URL => new URL(`../app/${name}`, document.baseURI);

/** A page on another site can send neither this header nor, by SameSite, the session's cookie. */
const guard = { 'X-Metaldesk': '1' };

const refused = new Set<() => void>();

/** `listener` hears whenever a call was refused for want of a session: it has ended, or a login was wrong. */
export function onNotSignedIn(listener: () => void): void {
	refused.add(listener);
}

/** Asks; changes nothing. Throws `CallFailed`. */
export async function query<N extends QueryName>(name: N, input: Input<N>, signal?: AbortSignal): Promise<Output<N>> {
	const address = addressOf(name);
	for (const [field, value] of Object.entries(input as Record<string, unknown>)) {
		if (value !== undefined) address.searchParams.set(field, String(value));
	}
	return send<N>(address, { headers: guard, ...(signal && { signal }) });
}

/** Has something done. Throws `CallFailed`. */
export async function command<N extends CommandName>(name: N, input: Input<N>): Promise<Output<N>> {
	const headers = { ...guard, 'Content-Type': 'application/json' };
	return send<N>(addressOf(name), { method: 'POST', headers, body: JSON.stringify(input) });
}

async function send<N extends QueryName | CommandName>(address: URL, init: RequestInit): Promise<Output<N>> {
	let answer: Response;
	let body: string;
	try {
		answer = await fetch(address, { ...init, credentials: 'same-origin', cache: 'no-store' });
		body = await answer.text();
	} catch (thrown) {
		if (init.signal?.aborted) throw thrown;
		throw noAnswer(thrown);
	}
	if (answer.status === 401) for (const listener of refused) listener();
	if (!answer.ok) throw failureOf(answer.status, body);
	return (body === '' ? null : JSON.parse(body)) as Output<N>;
}

export function liveAddress(): URL {
	const address = addressOf('live');
	address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
	return address;
}

export interface Upload {
	done: Promise<ImageView>;
	cancel(): void;
}

/** Sends an image file as it is. XMLHttpRequest, because fetch tells nothing about how much has been sent. */
export function uploadImage(file: File, name: string, onProgress: (sent: number) => void): Upload {
	const request = new XMLHttpRequest();
	const address = addressOf('images.upload');
	address.searchParams.set('name', name);
	address.searchParams.set('filename', file.name);
	const done = new Promise<ImageView>((resolve, reject) => {
		request.upload.onprogress = (event) => onProgress(event.loaded);
		request.onload = () => {
			if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as ImageView);
			else reject(failureOf(request.status, request.responseText));
		};
		request.onerror = () => reject(noAnswer('upload'));
		request.onabort = () => reject(new CallFailed(0, { code: 'cancelled', text: 'The upload was cancelled.' }));
	});
	request.open('PUT', address);
	for (const [header, value] of Object.entries(guard)) request.setRequestHeader(header, value);
	request.setRequestHeader('Content-Type', 'application/octet-stream');
	request.send(file);
	return { done, cancel: () => request.abort() };
}
