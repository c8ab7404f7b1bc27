import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** An answer that is not simply `200` with JSON. */
export class Reply {
	readonly status: number;
	readonly type: string;
	readonly body: Buffer | string | Readable;
	readonly headers: Readonly<Record<string, string>>;
	private constructor(
		status: number,
		type: string,
		body: Buffer | string | Readable,
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
	/** 204, after a deletion. It says a type as MAAS does: MAAS's command line dies of an answer that has none. */
	static nothing = () => Reply.text('', 204);
	/**
	 * A JSON list, made and sent piece by piece: between two pieces the controller answers its machines, and only one piece is in memory.
	 * `textsOf` makes the objects' JSON, and asks the database the same number of times for every piece.
	 */
	static list<Item>(items: readonly Item[], textsOf: (some: readonly Item[]) => readonly string[]): Reply {
		return new Reply(
			200,
			JSON_TYPE,
			items.length <= PIECE ? `[${textsOf(items).join(',')}]` : Readable.from(pieces(items, textsOf)),
		);
	}
	static bytes = (bytes: Buffer, type = 'application/octet-stream', headers: Readonly<Record<string, string>> = {}) =>
		new Reply(200, type, bytes, headers);
}

const PIECE = 500;

async function* pieces<Item>(items: readonly Item[], textsOf: (some: readonly Item[]) => readonly string[]) {
	let before = '[';
	for (let at = 0; at < items.length; at += PIECE) {
		if (at > 0) await nextTurn();
		const inner = textsOf(items.slice(at, at + PIECE)).join(',');
		// all of a piece may have been deleted meanwhile
		if (inner === '') continue;
		yield before + inner;
		before = ',';
	}
	yield before === '[' ? '[]' : ']';
}

export const JSON_TYPE = 'application/json; charset=utf-8';
