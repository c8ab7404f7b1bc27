import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { plainText } from '../../../renderer/components/plainText.ts';

const cases: [name: string, raw: string, shown: string][] = [
	['colours go', '\u001b[1;31mFAILED\u001b[0m ok', 'FAILED ok'],
	['a window title goes, ended by BEL', '\u001b]0;owned\u0007text', 'text'],
	['a window title goes, ended by ST', '\u001b]0;owned\u001b\\text', 'text'],
	['a clipboard write goes', '\u001b]52;c;cm0gLXJm\u0007text', 'text'],
	['an 8-bit CSI goes', '\u009b2Jtext', 'text'],
	['a sequence cut at the end goes', 'text\u001b[', 'text'],
	['cursor movement goes', 'a\u001b[10A\u001b[2Kb', 'ab'],
	['a progress line leaves its last state', '10%\r20%\r100%\ndone', '100%\ndone'],
	['a shorter overwrite keeps the rest, as a terminal does', 'abcdef\rXY', 'XYcdef'],
	['a backspace takes one back', 'ab\bc', 'ac'],
	['Windows line ends are line ends', 'a\r\nb', 'a\nb'],
	['tabs and line feeds stay', 'a\tb\nc', 'a\tb\nc'],
	['other controls become visible', 'a\u0000b\u0007c\u007fd', 'a\u2400b\u2407c\u2421d'],
	['reversed writing becomes visible', 'a\u202ecod.exe', 'a<U+202E>cod.exe'],
	['markup is text', '<script>alert(1)</script>', '<script>alert(1)</script>'],
];

describe('plainText', () => {
	for (const [name, raw, shown] of cases) it(name, () => assert.equal(plainText(raw), shown));

	it('lets no control character but tab and line feed through, whatever comes', () => {
		const piece = fc.oneof(fc.string(), fc.constantFrom('\u001b[', '\u001b]', '\u0007', '\r', '\b', '\u009b', '\n', '\u001b'));
		fc.assert(
			fc.property(fc.array(piece), (pieces) => {
				assert.doesNotMatch(plainText(pieces.join('')), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
			}),
		);
	});
});
