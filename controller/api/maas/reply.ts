/** An answer that is not simply `200` with JSON. */
export class Reply {
	readonly status: number;
	readonly type: string | null;
	readonly body: Buffer | string;
	readonly headers: Readonly<Record<string, string>>;
	private constructor(
		status: number,
		type: string | null,
		body: Buffer | string,
		headers: Readonly<Record<string, string>> = {},
	) {
		this.status = status;
		this.type = type;
		this.body = body;
		this.headers = headers;
	}

	static json = (value: unknown, status = 200) => new Reply(status, JSON_TYPE, JSON.stringify(value));
	/** 201 with the new object: only where MAAS has it (boot sources, selections, resources, keys, files). */
	static created = (value: unknown) => Reply.json(value, 201);
	static text = (text: string, status = 200, headers: Readonly<Record<string, string>> = {}) =>
		new Reply(status, 'text/plain; charset=utf-8', text, headers);
	/** What MAAS answers to an order that has no result. */
	static ok = () => Reply.text('OK');
	/** 204, after a deletion. */
	static nothing = () => new Reply(204, null, '');
	static bytes = (bytes: Buffer, type = 'application/octet-stream', headers: Readonly<Record<string, string>> = {}) =>
		new Reply(200, type, bytes, headers);
}

export const JSON_TYPE = 'application/json; charset=utf-8';
