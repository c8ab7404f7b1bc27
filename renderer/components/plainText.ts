/**
 * What a machine printed, as text that can't act on the page or the clipboard: escape sequences (ECMA-48) go, a carriage return
 * starts its line over as on a terminal, a backspace takes a character back, other control characters become visible pictures.
 */
export function plainText(raw: string): string {
	const text = raw.replace(escapes, '').replace(/\r\n/g, '\n');
	return text
		.replace(/[^\n]*[\r\b][^\n]*/g, overwritten)
		.replace(unseen, picture)
		.replace(directions, visible);
}

// CSI … final byte, OSC … BEL or ST, other two-character escapes, and 8-bit CSI.
const escapes = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?/g;
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// Overrides of writing direction let a file name read as another one (CVE-2021-42574).
const directions = /[\u202a-\u202e\u2066-\u2069]/g;

function picture(character: string): string {
	const code = character.charCodeAt(0);
	if (code < 0x20) return String.fromCharCode(0x2400 + code);
	return code === 0x7f ? '\u2421' : '\ufffd';
}

const visible = (character: string): string => `<U+${character.charCodeAt(0).toString(16).toUpperCase()}>`;

/** One line with carriage returns and backspaces carried out: a progress bar leaves only its last state. */
function overwritten(line: string): string {
	const cells: string[] = [];
	let at = 0;
	for (const character of line) {
		if (character === '\r') at = 0;
		else if (character === '\b') at = Math.max(0, at - 1);
		else cells[at++] = character;
	}
	return cells.join('');
}
